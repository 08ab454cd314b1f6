"""CRT007: two Certificates for one Secret."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Related
from hmco_charts.lint.programs import cert_manager
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.kubernetes import text
from hmco_charts.yamlio import Path

_SECRET: Path = ("spec", "secretName")


class CertificatesShareSecret(Rule):
    """Reports Certificates of a namespace that want the same Secret."""

    id = "CRT007"
    name = "certificates-share-secret"
    title = "Two Certificates for one Secret"
    why = (
        "cert-manager issues one of them, the older or the one that the Secret came from, and skips the other for ever."
    )
    remedy = "Give each Certificate a Secret of its own, or one of them the names of both."
    source = "https://cert-manager.io/docs/usage/certificate/"

    def check(self, release: Release) -> Iterator[Finding]:
        """Each Certificate whose Secret another one before it has."""
        first: dict[tuple[str, str], KubernetesObject] = {}
        for each in cert_manager.of_kind(release, "Certificate"):
            secret = text(each.at(_SECRET))
            other = first.setdefault((each.namespace, secret), each)
            if secret and other.name != each.name:
                yield self.finding(
                    f"Certificate {other.name} has Secret {secret} too; one of both is never issued.",
                    on=each,
                    span=each.span(_SECRET),
                    locator="/".join(map(str, _SECRET)),
                    subject=f"secret#{secret}",
                    related=(Related("duplicate", other.span(_SECRET), f"Certificate {other.name}"),),
                )
