"""CHT005: custom resource definitions where Helm does not handle them."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Confidence, Finding, Related, Severity
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.kubernetes import text

_HOOK = "helm.sh/hook"


class CrdHandling(Rule):
    """Reports definitions in templates beside resources of their kind, and the hook that Helm has ignored since v3."""

    id = "CHT005"
    name = "crd-handling"
    severity = Severity.WARNING
    title = "A definition and its resources in one release"
    why = (
        "Helm checks all objects against the cluster before it creates the first: one whose definition comes with it"
        " fails with 'no matches for kind'. Since Helm 3 the hook crd-install does nothing."
    )
    remedy = "Put the definition into crds/, or into a chart of its own that is installed before."
    source = "https://helm.sh/docs/chart_best_practices/custom_resource_definitions/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The definitions among a chart's templates that are used in the same release, and old hooks."""
        for each in release.of_kind("CustomResourceDefinition") if release.chart else ():
            if each.annotations.get(_HOOK) == "crd-install":
                yield self._at(each, "The hook crd-install is ignored: the definition is installed like any object.")
            user = _user(release, each)
            if user and "/crds/" not in each.file:
                yield self._used(each, user)

    def _used(self, each: KubernetesObject, user: KubernetesObject) -> Finding:
        related = (Related("object", user.span(("kind",)), f"{user.kind} {user.name}"),)
        return self._at(each, f"{user.kind} {user.name} needs this definition before it exists.", related)

    def _at(self, each: KubernetesObject, message: str, related: tuple[Related, ...] = ()) -> Finding:
        return self.finding(
            message,
            on=each,
            span=each.span(("metadata", "name")),
            locator="metadata/name",
            subject=message,
            confidence=Confidence.HIGH,
            related=related,
        )


def _user(release: Release, definition: KubernetesObject) -> KubernetesObject | None:
    kind, group = text(definition.at(("spec", "names", "kind"))), text(definition.at(("spec", "group")))
    return next((each for each in release.of_kind(kind) if each.api_version.partition("/")[0] == group), None)
