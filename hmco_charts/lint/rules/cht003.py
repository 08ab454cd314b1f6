"""CHT003: a chart that renders otherwise each time."""

import re
from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Group, Severity
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.chart import ChartFiles, Unstable

_SOURCES = re.compile(
    r"\{\{[^}]*\b(?:rand\w*|uuidv4|now|gen(?:CA|SelfSigned|Signed|PrivateKey)\w*|htpasswd|bcrypt|shuffle)\b"
)


class NondeterministicRender(Rule):
    """Reports objects that differ between two renderings of the same values."""

    id = "CHT003"
    name = "nondeterministic-render"
    severity = Severity.WARNING
    title = "A chart that renders otherwise each time"
    why = (
        "Every `helm upgrade`, and every look of a GitOps controller, gives a new password, certificate or annotation:"
        " programs lose their passwords, pods restart for nothing. `lookup` finds nothing in `helm template`."
    )
    remedy = "Take the Secret by name from the values, or make it once on the cluster in a Job or an operator."
    source = "https://helm.sh/docs/howto/charts_tips_and_tricks/#using-the-lookup-function"

    def check(self, release: Release) -> Iterator[Finding]:
        """The parts that another rendering of the same values changes, those of an object as one finding."""
        if release.chart is None or not any(_is_random(each) for each in _all(release.chart.files)):
            return
        for each in release.chart.unstable:
            if not any("checksum" in str(step) for step in each.path):
                yield self._finding(release.chart.files, each)

    def _finding(self, files: ChartFiles, unstable: Unstable) -> Finding:
        holder, span, path = unstable.object, unstable.span, "/".join(map(str, unstable.path))
        is_guarded = "lookup" in (files.text(span.file) or "")
        severity = Severity.ERROR if holder.kind == "Secret" and not is_guarded else Severity.WARNING
        return self.finding(
            f"{_named(holder)} differs each time the chart is rendered: {path}.",
            on=holder,
            span=span,
            locator=path,
            severity=Severity.INFO if is_guarded else severity,
            group=Group.within(holder, "this differs too"),
        )


def _named(holder: KubernetesObject) -> str:
    return f"{holder.kind} {holder.name}"


def _is_random(files: ChartFiles) -> bool:
    templates = (source for name, source in files.sources.items() if name.startswith("templates/"))
    return any(_SOURCES.search(source) for source in templates)


def _all(files: ChartFiles) -> Iterator[ChartFiles]:
    yield files
    for each in files.subcharts:
        yield from _all(each)
