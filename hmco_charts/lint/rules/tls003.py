"""TLS003: a certificate that clients refuse, or soon will."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import certificates
from hmco_charts.lint.programs.certificates import Pair
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.kubernetes import items, mapping

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_SOON = timedelta(days=30)
_LONG = timedelta(days=825)
_FEWEST_BITS = 2048
_Fault = tuple[str, Severity]


class CertificateValidity(Rule):
    """Reports certificates that are out of date, weak, or an authority's where a server's is needed."""

    id = "TLS003"
    name = "certificate-validity"
    title = "A certificate that clients refuse"
    why = (
        "A server starts with an expired certificate without any message; it is the clients that refuse it. Certificate"
        " authorities' own certificates, SHA-1 signatures and short RSA keys are refused as well."
    )
    remedy = "Issue a new certificate, best by cert-manager, which renews it in time."
    source = "https://pkg.go.dev/crypto/x509#Certificate.Verify"

    def check(self, release: Release) -> Iterator[Finding]:
        """The certificates that are refused at the release's time, or within thirty days."""
        now = release.now or datetime.now(UTC)
        for pair in certificates.pairs(release):
            for message, severity in _faults(release, pair, now):
                yield self.finding(
                    f"The certificate `{pair.chain.name}` {message}.",
                    on=pair.holder,
                    span=pair.holder.span(pair.chain.path, key=True),
                    locator="/".join(map(str, pair.chain.path)),
                    subject=f"{pair.chain.name}#{message.split()[0]}",
                    severity=severity,
                )


def _faults(release: Release, pair: Pair, now: datetime) -> Iterator[_Fault]:
    if not pair.certificates:
        return
    leaf = pair.certificates[0]
    if pair.key is None and len(pair.certificates) > 1:  # a bundle of authorities is somebody else's choice
        return
    yield from _dates(leaf, now)
    if pair.key is None:
        return
    yield from _strength(leaf)
    if certificates.is_authority(leaf) and _is_mounted(release, pair):
        yield "is an authority's (CA:TRUE), but a server uses it as its own", Severity.WARNING


def _dates(leaf: "Certificate", now: datetime) -> Iterator[_Fault]:
    begin, end = leaf.not_valid_before_utc, leaf.not_valid_after_utc
    if end < now:
        yield f"expired on {end:%Y-%m-%d}", Severity.ERROR
    elif begin > now:
        yield f"begins to be valid on {begin:%Y-%m-%d} only", Severity.ERROR
    elif end - now < _SOON and end - begin > _SOON:
        yield f"expires on {end:%Y-%m-%d}, within thirty days", Severity.WARNING
    elif end - begin > _LONG:
        yield f"lives for {(end - begin).days} days; some clients refuse more than 825", Severity.INFO


def _strength(leaf: "Certificate") -> Iterator[_Fault]:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    algorithm = leaf.signature_hash_algorithm
    if algorithm and algorithm.name in ("sha1", "md5") and leaf.issuer != leaf.subject:
        yield f"is signed with {algorithm.name.upper()}, which clients refuse", Severity.ERROR
    key = certificates.public_key(leaf)
    if isinstance(key, RSAPublicKey) and key.key_size < _FEWEST_BITS:
        yield f"has an RSA key of {key.key_size} bits, fewer than {_FEWEST_BITS}", Severity.WARNING


def _is_mounted(release: Release, pair: Pair) -> bool:
    """Whether a container of the release, or an Ingress, uses the pair; an issuer's Secret is used by neither."""
    mounted = (file.text for container in release.containers for file in release.files(container))
    if any(text.object is pair.holder for text in mounted):
        return True
    return any(
        mapping(entry).get("secretName") == pair.holder.name
        for ingress in release.of_kind("Ingress")
        for entry in items(ingress.at(("spec", "tls")))
    )
