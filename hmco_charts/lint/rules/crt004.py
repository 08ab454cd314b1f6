"""CRT004: a ClusterIssuer's Secret in a namespace where it is not looked for."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Confidence, Finding, Related
from hmco_charts.lint.programs import cert_manager
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.kubernetes import text
from hmco_charts.yamlio import Path


class ClusterIssuerSecret(Rule):
    """Reports ClusterIssuers whose Secret stands, or is made, in another namespace than cert-manager's."""

    id = "CRT004"
    name = "cluster-issuer-secret"
    title = "A ClusterIssuer's Secret where nobody looks for it"
    why = (
        "A ClusterIssuer has no namespace: cert-manager looks for its Secrets in its own, or in that of the argument"
        " `--cluster-resource-namespace`. In any other one they do not count, and the issuer never gets ready."
    )
    remedy = "Put the Secret, or the Certificate that makes it, into cert-manager's namespace; or use an Issuer."
    source = "https://cert-manager.io/docs/configuration/#cluster-resource-namespace"

    def check(self, release: Release) -> Iterator[Finding]:
        """The Secrets that ClusterIssuers name, and that are in other namespaces only."""
        namespace = cert_manager.secrets_namespace(release)
        for issuer in cert_manager.of_kind(release, "ClusterIssuer"):
            for path, name in cert_manager.secret_names(issuer):
                holders = _holders(release, name)
                if namespace and holders and all(each.namespace not in ("", namespace) for each in holders):
                    yield self._elsewhere(issuer, path, name, holders[0], namespace)

    def _elsewhere(
        self, issuer: KubernetesObject, path: Path, name: str, holder: KubernetesObject, namespace: str
    ) -> Finding:
        return self.finding(
            f"Secret {name} is looked for in {namespace}, and is in {holder.namespace}.",
            on=issuer,
            span=issuer.span(path),
            locator="/".join(map(str, path)),
            subject=f"secret#{name}",
            confidence=Confidence.MEDIUM,
            related=(Related("object", holder.span(("metadata",)), f"{holder.kind} {holder.name}"),),
        )


def _holders(release: Release, name: str) -> list[KubernetesObject]:
    """The Secrets of a name, and the Certificates that make them."""
    made = [
        each for each in cert_manager.of_kind(release, "Certificate") if text(each.at(("spec", "secretName"))) == name
    ]
    return [*release.named("Secret", name), *made]
