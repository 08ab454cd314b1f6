"""What is told of scenarios with which a chart does not render, and where."""

from collections.abc import Iterable, Iterator, Sequence

from hmco_charts.errors import ChartError, Location
from hmco_charts.helm import RefusedValuesError, Rendered, SchemaViolationError
from hmco_charts.objects.chart import Failure
from hmco_charts.objects.manifests import Unread
from hmco_charts.objects.scenarios import Scenario
from hmco_charts.yamlio import Document

Outcome = tuple[Scenario, Rendered | ChartError]


def failures(outcomes: Sequence[Outcome], unreadable: Iterable[Failure]) -> Iterator[Failure]:
    """The scenarios with which a chart does not render, or gives what is no manifest."""
    yield from unreadable
    for scenario, outcome in outcomes:
        if isinstance(outcome, ChartError):
            yield Failure(scenario.label, outcome, isinstance(outcome, RefusedValuesError))


def told(outcomes: Sequence[Outcome], chart: str) -> Iterator[Unread]:
    """What a user must know of them.

    A chart may refuse its own defaults and ask for values, if it says by a scenario of its own which; and it may
    refuse a switch that nobody asked for. What is wrong in the chart as a whole is told once.
    """
    is_shown = any(isinstance(outcome, Rendered) and not scenario.is_switch for scenario, outcome in outcomes)
    general = ""
    for scenario, outcome in outcomes:
        if scenario.is_switch or not isinstance(outcome, ChartError) or str(outcome) == general:
            continue
        if scenario.document and scenario.label:
            yield _of_values(scenario.document, outcome)
        elif not (is_shown and isinstance(outcome, RefusedValuesError)):
            general = str(outcome)
            yield Unread.of(outcome, chart)


def _of_values(document: Document, error: ChartError) -> Unread:
    place = f" ({error.at})" if error.at and error.at.line else ""
    what = f"the chart does not render with these values: {error.what}{place}"
    return Unread(_place(document, error), what, error.remedy)


def _place(document: Document, error: ChartError) -> Location:
    """Where in the values the fault stands; their file where that is not known."""
    if not isinstance(error, SchemaViolationError):
        return Location(document.file)
    violation = max(error.violations, key=lambda each: len(each.path))
    span = document.span((*violation.steps, *violation.unknown[:1]), key=True)
    return Location(span.file, span.line, span.column)
