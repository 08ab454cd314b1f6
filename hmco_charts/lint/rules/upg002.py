"""UPG002: a selector that the next version of the chart changes."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.kubernetes import mapping, text
from hmco_charts.yamlio import Path

_KINDS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")
_VERSIONS = ("helm.sh/chart", "app.kubernetes.io/version", "chart", "version", "appVersion")
_SELECTOR: Path = ("spec", "selector", "matchLabels")


class UnstableSelector(Rule):
    """Reports selectors with the chart's or the program's version in them."""

    id = "UPG002"
    name = "unstable-selector"
    profile = "min"
    title = "A version in a selector"
    why = "A workload's selector cannot change; with a version in it, the very next upgrade is refused."
    remedy = "Select by app.kubernetes.io/name and app.kubernetes.io/instance; keep versions in other labels."
    source = "https://helm.sh/docs/chart_best_practices/labels/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The labels of selectors that name a version; where the object's name has it too, the next one is new."""
        for each in release.of_kind(*_KINDS):
            for label, value in mapping(each.at(_SELECTOR)).items():
                if _is_version(release, label, text(value)) and text(value) not in each.name:
                    yield self._finding(each, label)

    def _finding(self, each: KubernetesObject, label: str) -> Finding:
        return self.finding(
            f"The selector of {each.kind} {each.name} holds `{label}`, which changes with the version.",
            on=each,
            span=each.span((*_SELECTOR, label), key=True),
            locator="/".join((*map(str, _SELECTOR), label)),
            subject=label,
        )


def _is_version(release: Release, label: str, value: str) -> bool:
    has_digits = any(character.isdigit() for character in value)
    if label in _VERSIONS:
        return has_digits
    if release.chart is None or not has_digits:
        return False
    metadata = release.chart.files.metadata
    versions = {text(metadata.get("version")), text(metadata.get("appVersion"))} - {""}
    return value in versions or value in {f"{release.chart.name}-{version}" for version in versions}
