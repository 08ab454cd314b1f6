"""CHT006: a chart that can be installed only once, or only in one place."""

import re
from collections.abc import Iterator

from hmco_charts.lint.finding import Confidence, Finding, Group, Severity
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.chart import ChartFiles
from hmco_charts.yamlio import Path, Span

_RELEASE = "release-name"  # under which charts are rendered
_NAMES = ("extension-apiserver-authentication-reader",)
_NAMED_BY_CONTENT = ("APIService", "CSIDriver", "CustomResourceDefinition")
_NAMESPACES = ("kube-system", "kube-public", "kube-node-lease", "default")


class Portability(Rule):
    """Reports namespaces and names that a template writes out."""

    id = "CHT006"
    name = "portability"
    severity = Severity.WARNING
    title = "A name or namespace that is written out"
    why = (
        "Helm installs into the namespace that the user chooses, under the name that he chooses. What a template writes"
        " out lands elsewhere, or collides with a second release of the chart."
    )
    remedy = "Leave the namespace out or use `.Release.Namespace`; make names of `.Release.Name`."
    source = "https://helm.sh/docs/chart_best_practices/conventions/"

    def check(self, release: Release) -> Iterator[Finding]:
        """One finding for the namespaces and one for the names that the chart's templates write out."""
        if release.chart is None or release.chart.files.is_library:
            return
        own = [each for each in release.objects if "/crds/" not in each.file and not _is_exempt(each)]
        for field, known in (("namespace", _NAMESPACES), ("name", _NAMES)):
            path: Path = ("metadata", field)
            told = [each for each in own if each.at(path) not in (None, *known)]
            for each in told:
                if span := _written(release.chart.files, each, path):
                    yield self._finding(path, each, span)

    def _finding(self, path: Path, each: KubernetesObject, span: Span) -> Finding:
        return self.finding(
            f"The template writes the {path[-1]} `{each.at(path)}` out.",
            on=each,
            span=span,
            locator="/".join(map(str, path)),
            subject=str(path[-1]),
            confidence=Confidence.MEDIUM,
            group=Group(path, f"`{each.at(path)}`"),
        )


def _written(files: ChartFiles, each: KubernetesObject, path: Path) -> Span | None:
    """Where the template of an object holds a value of its metadata in full, without any action."""
    value = str(each.at(path))
    source = files.text(each.file) if _RELEASE not in value else None
    before = r"^metadata:[ \t]*\n(?:[ \t]+[^\n]*\n)*?[ \t]+"
    pattern = rf"{before}{path[-1]}:[ \t]*[\"']?(?P<value>{re.escape(value)})[\"']?[ \t]*$"
    match = re.search(pattern, source, re.MULTILINE) if source else None
    if source is None or match is None:
        return None
    line = source.count("\n", 0, match.start("value")) + 1
    column = match.start("value") - source.rfind("\n", 0, match.start("value"))
    return Span(each.file, line, column, line, column + len(value))


def _is_exempt(each: KubernetesObject) -> bool:
    is_test = each.annotations.get("helm.sh/hook", "").startswith("test")
    return is_test or each.kind in ("Namespace", *_NAMED_BY_CONTENT)
