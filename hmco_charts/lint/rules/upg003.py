"""UPG003: a version that promises more than it keeps."""

from collections.abc import Iterator, Mapping
from typing import Any

import semver

from hmco_charts.lint.finding import Finding, Related, Severity
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.chart import Chart
from hmco_charts.objects.kubernetes import text
from hmco_charts.yamlio import Path

_VALUES, _METADATA = "values.yaml", "Chart.yaml"


class ValuesBreakWithoutMajor(Rule):
    """Reports values that are gone or of another type without a new major version, and changes without any."""

    id = "UPG003"
    name = "values-break-without-major"
    title = "A break in the values without a major version"
    why = (
        "Users give values by name: a key that is gone is ignored in silence, one of another type breaks the templates."
        " Under SemVer only a new major version may do that, and no two contents may share one version."
    )
    remedy = "Keep the old key beside the new one and mark it deprecated, or raise the major version."
    source = "https://helm.sh/docs/topics/charts/#charts-and-versioning"

    def check(self, release: Release) -> Iterator[Finding]:
        """The keys of values.yaml that a minor version or a patch takes away, and changes of one version."""
        chart, old = release.chart, release.previous.chart if release.previous else None
        if chart is None or old is None:
            return
        before, after = _version(old), _version(chart)
        if before is None or after is None:
            return
        if after == before and _content(chart) != _content(old):
            yield self._same_version(chart, old, str(after))
        if _is_compatible(before, after):
            for path, what in _breaks(old.files.value(_VALUES), chart.files.value(_VALUES), ()):
                yield self._break(chart, old, path, f"{what}, though {before} → {after} promises compatibility")

    def _same_version(self, chart: Chart, old: Chart, version: str) -> Finding:
        holder, before = chart.stand_in(_METADATA), old.stand_in(_METADATA)
        return self.finding(
            f"The chart changed, but its version is still {version}.",
            on=holder,
            span=holder.span(("version",)),
            locator="version",
            subject="version",
            severity=Severity.ERROR,
            related=(Related("object", before.span(("version",)), "before the upgrade"),),
        )

    def _break(self, chart: Chart, old: Chart, path: Path, what: str) -> Finding:
        holder, before = chart.stand_in(_VALUES), old.stand_in(_VALUES)
        name = ".".join(map(str, path))
        return self.finding(
            f"`{name}` {what}.",
            on=holder,
            span=holder.span(path, key=True),
            locator=name,
            subject=name,
            severity=Severity.ERROR,
            related=(Related("object", before.span(path, key=True), "before the upgrade"),),
        )


def _version(chart: Chart) -> semver.Version | None:
    told = text(chart.files.metadata.get("version"))
    return semver.Version.parse(told) if semver.Version.is_valid(told) else None


def _is_compatible(before: semver.Version, after: semver.Version) -> bool:
    """Whether the step promises that old values go on working; before 1.0.0 a minor version may break them."""
    if before.major == after.major == 0:
        return before.minor == after.minor
    return before.major == after.major


def _content(chart: Chart) -> dict[str, str]:
    return {name: source for name, source in chart.sources.items() if name.startswith("templates/") or name == _VALUES}


def _breaks(old: Mapping[str, Any], new: Mapping[str, Any], path: Path) -> Iterator[tuple[Path, str]]:
    for key, value in old.items():
        place = (*path, key)
        if key not in new:
            yield place, "is gone"
        elif isinstance(value, dict) and isinstance(new[key], dict):
            yield from _breaks(value, new[key], place) if new[key] else ()
        elif value not in (None, "", [], {}) and new[key] is not None and _type(value) != _type(new[key]):
            yield place, f"was {_type(value)} and is {_type(new[key])}"


def _type(value: Any) -> str:
    if isinstance(value, bool):
        return "a boolean"
    names = {dict: "a mapping", list: "a list", str: "a text", int: "a number", float: "a number"}
    return names.get(type(value), "empty")
