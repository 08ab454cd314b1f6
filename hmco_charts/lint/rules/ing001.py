"""ING001: configuration of nginx in an Ingress."""

from collections.abc import Iterator

from hmco_charts.lint.edits import remove_key
from hmco_charts.lint.finding import Finding
from hmco_charts.lint.fix import Fix
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.yamlio import Path

_PREFIX = "nginx.ingress.kubernetes.io/"
_SUFFIX = "-snippet"


class IngressSnippet(Rule):
    """Reports annotations that put text into the configuration of ingress-nginx."""

    id = "ING001"
    name = "ingress-snippet"
    title = "Configuration of nginx in an Ingress"
    why = (
        "A snippet runs in nginx, which may read every Secret of the cluster (CVE-2021-25742). So ingress-nginx refuses"
        " the Ingress unless both `allow-snippet-annotations` and, since 1.12, `annotations-risk-level: Critical` are"
        " set, and no other controller knows the annotation."
    )
    remedy = "Use the annotation that was made for it, the controller's own configuration, or a filter of an HTTPRoute."
    source = "https://github.com/kubernetes/ingress-nginx/issues/7837"

    def check(self, release: Release) -> Iterator[Finding]:
        """Every snippet of every Ingress."""
        for ingress in release.of_kind("Ingress"):
            for name in ingress.annotations:
                if name.startswith(_PREFIX) and name.endswith(_SUFFIX):
                    path: Path = ("metadata", "annotations", name)
                    yield self.finding(
                        f"The annotation {name} runs configuration in nginx, and is refused where that is not allowed.",
                        on=ingress,
                        span=ingress.span(path, key=True),
                        locator="/".join(map(str, path)),
                        fixes=_fix(ingress, path),
                    )


def _fix(ingress: KubernetesObject, path: Path) -> tuple[Fix, ...]:
    edits = remove_key(ingress, path)
    return (Fix("Take the snippet out", edits, is_safe=False),) if edits else ()
