"""CRT001: a Certificate that cert-manager refuses."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import cert_manager
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.kubernetes import mapping, text
from hmco_charts.yamlio import Path

_NAMES = ("commonName", "literalSubject", "dnsNames", "ipAddresses", "uris", "emailAddresses", "otherNames")
_SIZES = {"RSA": (2048, 8192), "ECDSA": (256, 521)}
_CURVES = (256, 384, 521)
_LONGEST_NAME = 64
_SHORTEST_LIFE = 3600
_SHORTEST_RENEWAL = 300
_Fault = tuple[Path, str]


class CertificateRefused(Rule):
    """Reports Certificates that the API server takes and cert-manager's webhook does not."""

    id = "CRT001"
    name = "certificate-refused"
    profile = "min"
    title = "A Certificate that cert-manager refuses"
    why = (
        "The definition of Certificates admits what cert-manager's webhook then refuses, and the release with it:"
        " a certificate for no name, a life of minutes, a renewal before the beginning, a key too small."
    )
    remedy = "Give it a name under dnsNames, and a duration longer than renewBefore."
    source = "https://cert-manager.io/docs/usage/certificate/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The faults of every Certificate."""
        for each in cert_manager.of_kind(release, "Certificate"):
            for path, message in (*_names(each), *_life(each), *_key(each)):
                yield self.finding(
                    message,
                    on=each,
                    span=each.span(path),
                    locator="/".join(map(str, path)),
                )


def _names(each: KubernetesObject) -> Iterator[_Fault]:
    spec = mapping(each.at(("spec",)))
    if not any(spec.get(field) for field in _NAMES):
        yield ("spec",), "The certificate is for no name: cert-manager refuses it."
    if len(text(spec.get("commonName"))) > _LONGEST_NAME:
        yield ("spec", "commonName"), f"A common name has {_LONGEST_NAME} characters at most."


def _life(each: KubernetesObject) -> Iterator[_Fault]:
    told = mapping(each.at(("spec",)))
    life = cert_manager.seconds(told.get("duration")) if "duration" in told else cert_manager.DEFAULT_DURATION
    early = cert_manager.seconds(told.get("renewBefore"))
    if life is not None and life < _SHORTEST_LIFE:
        yield ("spec", "duration"), "A certificate lives an hour at least."
    if early is not None and early < _SHORTEST_RENEWAL:
        yield ("spec", "renewBefore"), "A renewal begins five minutes before the end at least."
    elif early is not None and life is not None and early >= life:
        yield ("spec", "renewBefore"), "The renewal begins before the certificate does: renewBefore is its whole life."
    if early is not None and "renewBeforePercentage" in told:
        yield ("spec", "renewBeforePercentage"), "renewBefore and renewBeforePercentage exclude each other."


def _key(each: KubernetesObject) -> Iterator[_Fault]:
    path: Path = ("spec", "privateKey", "size")
    algorithm = text(each.at(("spec", "privateKey", "algorithm"))) or "RSA"
    size = each.at(path)
    if not isinstance(size, int) or size == 0 or algorithm not in _SIZES:
        return
    least, most = _SIZES[algorithm]
    if algorithm == "ECDSA" and size not in _CURVES:
        yield path, "A key by ECDSA has 256, 384 or 521 bits."
    elif not least <= size <= most:
        yield path, f"A key by {algorithm} has {least} to {most} bits."
