"""ING004: an Ingress that no controller serves."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Confidence, Finding, Related, Severity
from hmco_charts.lint.rule import Rule
from hmco_charts.nearest import nearest
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.kubernetes import text
from hmco_charts.yamlio import Path

_CLASS: Path = ("spec", "ingressClassName")


class IngressWithoutController(Rule):
    """Reports Ingresses of a class that is not there although others are."""

    id = "ING004"
    name = "ingress-without-controller"
    severity = Severity.WARNING
    confidence = Confidence.MEDIUM
    title = "An Ingress that no controller serves"
    why = "A controller serves the Ingresses of its classes; one of another class stays without an address, in silence."
    remedy = "Name a class that is there; tell the cluster profile of one that is made elsewhere."
    source = "https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class"

    def check(self, release: Release) -> Iterator[Finding]:
        """The Ingresses whose class neither the input nor the cluster profile has."""
        classes = {each.name: each for each in release.of_kind("IngressClass")}
        for ingress in release.of_kind("Ingress") if classes else ():
            name = text(ingress.at(_CLASS))
            if name and name not in classes and not release.exists("IngressClass", name, ingress):
                yield self._unserved(ingress, name, classes)

    def _unserved(self, ingress: KubernetesObject, name: str, classes: dict[str, KubernetesObject]) -> Finding:
        meant = nearest(name, classes)
        return self.finding(
            f"IngressClass {name} is not there; there is {', '.join(sorted(classes))}.",
            on=ingress,
            span=ingress.span(_CLASS),
            locator="/".join(map(str, _CLASS)),
            subject=f"class#{name}",
            severity=Severity.ERROR if meant else None,
            related=(Related("object", classes[meant].span(("metadata", "name")), "the one that is meant"),)
            if meant
            else (),
        )
