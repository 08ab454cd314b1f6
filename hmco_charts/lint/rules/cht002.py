"""CHT002: templates and values that do not fit each other."""

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.object_name import ObjectName
from hmco_charts.lint.programs.chart import Asked, asked, unread
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.chart import Chart
from hmco_charts.objects.kubernetes import mapping
from hmco_charts.yamlio import Span

_VALUES = "values.yaml"


class ValuesContract(Rule):
    """Reports values that templates misspell, values that nobody reads, and switches that break the chart."""

    id = "CHT002"
    name = "values-contract"
    severity = Severity.WARNING
    title = "Templates and values that do not fit"
    why = (
        "A key that does not exist renders as nothing: a typo in a template or in the values changes nothing and says"
        " nothing. A switch that the chart offers and cannot render stops whoever turns it."
    )
    remedy = "Spell the key as in values.yaml, remove what no template reads, and render the chart with each switch."
    source = "https://helm.sh/docs/chart_best_practices/values/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The contradictions between a chart's templates, its values and its scenarios."""
        chart = release.chart
        if chart is None or _VALUES not in chart.documents:
            return
        values, schema = chart.files.value(_VALUES), chart.files.value("values.schema.json")
        for wanted in asked(chart.files):
            yield from self._unknown(chart, wanted, values, schema)
        yield from self._unread(chart)
        for failure in chart.failures:
            if not failure.is_deliberate and failure.scenario and failure.error.at:
                line, column = failure.error.at.line or 1, failure.error.at.column or 1
                span = Span(failure.error.at.file, line, column, line, column)
                message = f"The chart does not render with {failure.scenario}: {failure.error.what}"
                yield self._at(chart, span, message, failure.scenario, Severity.ERROR)

    def _unknown(
        self, chart: Chart, wanted: Asked, values: Mapping[str, Any], schema: Mapping[str, Any]
    ) -> Iterator[Finding]:
        holder: Any = values
        keys: list[str] = []
        for key in wanted.path:
            if not isinstance(holder, dict) or (keys and not holder):
                return
            if key not in holder:
                break
            holder, keys = holder[key], [*keys, key]
        else:
            return
        if wanted.path[0] in _of_others(chart) or _is_in_schema(schema, wanted.path):
            return
        close = difflib.get_close_matches(key, [str(each) for each in holder], n=1, cutoff=0.8)
        name = ".".join((*keys, key))
        told = f" Did you mean `{close[0]}`?" if close else ""
        is_slip = bool(close) and not wanted.is_optional and (*keys, key) not in wanted.guards
        message = f"`.Values.{name}` is not in values.yaml.{told}"
        yield self._at(chart, wanted.span, message, name, Severity.WARNING if is_slip else Severity.INFO)

    def _unread(self, chart: Chart) -> Iterator[Finding]:
        known = _of_others(chart)
        for key in unread(chart.files):
            if key not in known:
                span = chart.stand_in(_VALUES).span((key,), key=True)
                yield self._at(chart, span, f"No template reads `{key}`.", key, Severity.WARNING)

    def _at(self, chart: Chart, span: Span, message: str, subject: str, severity: Severity) -> Finding:
        return Finding(
            rule=self.id,
            name=self.name,
            severity=severity,
            confidence=Confidence.MEDIUM,
            message=message,
            place=span,
            object=ObjectName("Chart", chart.name),
            locator=subject,
            subject=subject,
            help=self.remedy,
        )


def _of_others(chart: Chart) -> set[str]:
    """The keys that belong to subcharts, those that all charts share, and what a chart above imports."""
    aliases = {each.alias for each in chart.dependencies} | {each.name for each in chart.dependencies}
    return aliases | {each.name for each in chart.files.subcharts} | {"global", "tags", "enabled", "exports"}


def _is_in_schema(schema: Mapping[str, Any], path: tuple[str, ...]) -> bool:
    """Whether the schema declares a value; with what it does not show at once, it may."""
    node: Any = schema
    for key in path:
        if "$ref" in mapping(node) or not mapping(mapping(node).get("properties")):
            return bool(node) and node is not schema
        node = mapping(mapping(node)["properties"]).get(key)
        if node is None:
            return False
    return True
