"""ING002: an ingress-nginx that lets every Ingress change its configuration."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.fix import Edit, Fix
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.kubernetes import text
from hmco_charts.yamlio import Path

_ALLOWS: Path = ("data", "allow-snippet-annotations")
_TRUE = ("1", "t", "T", "true", "TRUE", "True")  # what Go's strconv.ParseBool takes


class SnippetsAllowed(Rule):
    """Reports configurations of ingress-nginx with `allow-snippet-annotations`."""

    id = "ING002"
    name = "snippets-allowed"
    severity = Severity.WARNING
    title = "An ingress-nginx that lets every Ingress change its configuration"
    why = (
        "Whoever may write an Ingress in any namespace can then read every Secret that the controller may read"
        " (CVE-2021-25742), which are all of the cluster."
    )
    remedy = "Set allow-snippet-annotations to false, and put what snippets did into the controller's configuration."
    source = "https://github.com/kubernetes/ingress-nginx/issues/7837"

    def check(self, release: Release) -> Iterator[Finding]:
        """The ConfigMaps that allow snippets."""
        for each in release.of_kind("ConfigMap"):
            told = each.at(_ALLOWS)
            if text(told) in _TRUE:
                yield self.finding(
                    "Every Ingress may put text into nginx' configuration, and read Secrets by it.",
                    on=each,
                    span=each.span(_ALLOWS),
                    locator="/".join(map(str, _ALLOWS)),
                    fixes=_fix(each, text(told)),
                )


def _fix(each: KubernetesObject, told: str) -> tuple[Fix, ...]:
    edit = Edit(each.text_span(_ALLOWS, 0, len(told)), ("false",))
    return (Fix("Allow no snippets", (edit,), is_safe=False),)
