"""CHT001: a Chart.yaml that Helm or a registry stumbles over."""

import difflib
import re
from collections.abc import Iterator

import semver

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs.chart import METADATA_KEYS
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.chart import Chart
from hmco_charts.objects.kubernetes import items, mapping, text
from hmco_charts.yamlio import Path

_FILE, _LOCK = "Chart.yaml", "Chart.lock"
_NAME = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")
_LOWER_BOUND = re.compile(r"(?:>=?|\^|~)\s*v?\d+(?:\.\d+){0,2}(?![\w.-]*-)")
_RANGES = re.compile(r"[\^~*xX<>|, ]|^$")


class ChartMetadata(Rule):
    """Reports faults of Chart.yaml and Chart.lock."""

    id = "CHT001"
    name = "chart-metadata"
    title = "A Chart.yaml with a fault"
    why = (
        "Helm reads Chart.yaml loosely and fails late: an unknown key is ignored, a version that is no SemVer cannot be"
        " published, and a kubeVersion of `>=1.25.0` excludes the versions of managed clusters (v1.31.2-gke.1)."
    )
    remedy = "Write SemVer 2 versions, lower bounds with `-0` (`>=1.25.0-0`), and run `helm dependency update`."
    source = "https://helm.sh/docs/topics/charts/#the-chartyaml-file"

    def check(self, release: Release) -> Iterator[Finding]:
        """The faults of the chart's own metadata."""
        if release.chart is None or _FILE not in release.chart.documents:
            return
        chart, metadata = release.chart, release.chart.files.metadata
        for key in metadata.keys() - set(METADATA_KEYS):
            close = difflib.get_close_matches(key, METADATA_KEYS, n=1)
            told = f" Did you mean `{close[0]}`?" if close else ""
            yield self._at(chart, (key,), f"`{key}` is no key of Chart.yaml: Helm ignores it.{told}", Severity.WARNING)
        yield from self._names(chart)
        yield from self._versions(chart)
        yield from self._dependencies(chart)
        for key in ("maintainers", "icon", "description"):
            if not metadata.get(key):
                yield self._at(chart, (), f"Chart.yaml has no {key}.", Severity.INFO)

    def _names(self, chart: Chart) -> Iterator[Finding]:
        name = text(chart.files.metadata.get("name"))
        if name and not _NAME.fullmatch(name):
            yield self._at(chart, ("name",), f"`{name}` is no name of a chart: lower-case letters, digits and dashes.")
        if chart.files.metadata.get("type", "application") not in ("application", "library"):
            yield self._at(chart, ("type",), "The type is `application` or `library`.")

    def _versions(self, chart: Chart) -> Iterator[Finding]:
        version = text(chart.files.metadata.get("version"))
        if not semver.Version.is_valid(version):
            yield self._at(chart, ("version",), f"`{version}` is no SemVer 2 version: major.minor.patch.")
        constraint = text(chart.files.metadata.get("kubeVersion"))
        if _LOWER_BOUND.search(constraint) and "-" not in constraint.replace(" - ", ""):
            message = f"kubeVersion `{constraint}` excludes versions such as v1.31.2-gke.1: write -0 behind the bound."
            yield self._at(chart, ("kubeVersion",), message, Severity.WARNING)

    def _dependencies(self, chart: Chart) -> Iterator[Finding]:
        declared = items(chart.files.metadata.get("dependencies"))
        if declared and text(chart.files.metadata.get("apiVersion")) == "v1":
            yield self._at(chart, ("dependencies",), "With apiVersion v1 Helm ignores dependencies here: write v2.")
        published = [
            mapping(each) for each in declared if not text(mapping(each).get("repository")).startswith("file:")
        ]
        if any(_RANGES.search(text(each.get("version"))) for each in published) and _LOCK not in chart.documents:
            message = "Ranges of dependencies without Chart.lock: each build may take other versions."
            yield self._at(chart, ("dependencies",), message, Severity.WARNING)
        locked = {text(mapping(each).get("name")) for each in items(chart.files.value(_LOCK).get("dependencies"))}
        for index, each in enumerate(declared):
            name = text(mapping(each).get("name"))
            if _LOCK in chart.documents and name not in locked:
                message = f"Chart.lock does not know the dependency {name}: it is out of date."
                yield self._at(chart, ("dependencies", index, "name"), message, Severity.WARNING)

    def _at(self, chart: Chart, path: Path, message: str, severity: Severity = Severity.ERROR) -> Finding:
        holder = chart.stand_in(_FILE)
        return self.finding(
            message,
            on=holder,
            span=holder.span(path, key=True),
            locator="/".join(map(str, path)) or _FILE,
            subject=message,
            severity=severity,
        )
