"""ING003: several default classes of Ingresses."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Related, Severity
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.yamlio import Path

_ANNOTATION = "ingressclass.kubernetes.io/is-default-class"
_DEFAULT: Path = ("metadata", "annotations", _ANNOTATION)


class DefaultIngressClasses(Rule):
    """Reports IngressClasses beyond the first that are the cluster's default."""

    id = "ING003"
    name = "default-ingress-classes"
    severity = Severity.WARNING
    title = "Several default classes of Ingresses"
    why = (
        "Where more than one class is the default, the API server gives a new Ingress that names none the class made"
        " last: which controller serves it depends on what was installed when. Before Kubernetes 1.25, it refused it."
    )
    remedy = "Let one class be the default, or none, and name the class in each Ingress."
    source = "https://github.com/kubernetes/kubernetes/pull/110974"

    def check(self, release: Release) -> Iterator[Finding]:
        """Each default class after the first."""
        defaults = [each for each in release.of_kind("IngressClass") if _is_default(each)]
        for each in defaults[1:]:
            if each.name != defaults[0].name:
                yield self._second(each, defaults[0])

    def _second(self, each: KubernetesObject, first: KubernetesObject) -> Finding:
        return self.finding(
            f"IngressClass {first.name} is the default too: an Ingress without a class gets the one made last.",
            on=each,
            span=each.span(_DEFAULT),
            locator="/".join(map(str, _DEFAULT)),
            related=(Related("duplicate", first.span(_DEFAULT), f"IngressClass {first.name}"),),
        )


def _is_default(each: KubernetesObject) -> bool:
    return each.annotations.get(_ANNOTATION) == "true"
