"""SEC005: a credential among a chart's defaults, or shown by its notes."""

from collections.abc import Iterator

from hmco_charts import credentials
from hmco_charts.credentials import Hit, decoding, lexicon
from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.programs.chart import Asked, printed
from hmco_charts.lint.programs.connections import literal_variables
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.chart import Chart
from hmco_charts.objects.leaves import strings
from hmco_charts.yamlio import Path

_VALUES = "values.yaml"


class SecretInChartDefaults(Rule):
    """Reports usable credentials in a chart's values.yaml, and values of credentials that its NOTES.txt prints."""

    id = "SEC005"
    name = "secret-in-chart-defaults"
    severity = Severity.WARNING
    title = "A credential that a chart brings along"
    why = (
        "Everybody who installs the chart and changes nothing has the same credential, and it is as public as the"
        " chart. What NOTES.txt prints stands in the terminal, in the logs of pipelines and in the release's Secret."
    )
    remedy = "Leave the default empty and take the name of a Secret; let the notes tell the command that reads it."
    source = "https://helm.sh/docs/chart_best_practices/values/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The credentials in values.yaml that no other rule finds where they are rendered, and those in the notes."""
        chart = release.chart
        if chart is None:
            return
        shown = _in_the_open(release)
        for path, value in strings(chart.files.value(_VALUES)):
            for hit in _hits(path, value):
                if value[hit.start : hit.end] not in shown:
                    yield self._default(chart, path, hit, value)
        for value_shown in printed(chart.files):
            if lexicon.strength(value_shown.path[-1]) in ("password", "secret"):
                yield self._printed(chart, value_shown)

    def _default(self, chart: Chart, path: Path, hit: Hit, value: str) -> Finding:
        name = ".".join(map(str, path))
        is_strong = decoding.looks_random(value[hit.start : hit.end])
        holder = chart.stand_in(_VALUES)
        return self.finding(
            f"The default of `{name}` is a usable credential.",
            on=holder,
            span=holder.text_span(path, hit.start, hit.end),
            locator=name,
            subject=f"{name}#{hit.kind}",
            severity=Severity.ERROR if is_strong else None,
            confidence=Confidence(hit.confidence),
        )

    def _printed(self, chart: Chart, value: Asked) -> Finding:
        name = ".".join(value.path)
        return self.finding(
            f"NOTES.txt prints the credential `{name}`.",
            on=chart.stand_in(_VALUES),
            span=value.span,
            locator=name,
            subject=f"NOTES.txt#{name}",
            confidence=Confidence.MEDIUM,
        )


def _hits(path: Path, value: str) -> list[Hit]:
    keys = [str(step) for step in path]
    if "\n" in value:
        return [hit for hit in credentials.find(value, keys[-1]) if not hit.is_private_key]  # SEC004's
    hit = credentials.judge(keys[-1], value, tuple(keys[:-1]))
    return [hit] if hit and not hit.is_private_key else []


def _in_the_open(release: Release) -> str:
    """What ConfigMaps, variables and command lines show, where SEC001 to SEC003 look."""
    texts = [text.value for text in release.texts if text.object.kind == "ConfigMap"]
    for container in release.containers:
        texts += [text.value for text in literal_variables(container)]
        texts += [*container.command, *container.args]
    return "\0".join(texts)
