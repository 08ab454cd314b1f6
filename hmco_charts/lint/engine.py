"""What the run itself finds, beside the rules: input that it could not analyse, and suppressions gone stale."""

from dataclasses import dataclass

from hmco_charts.errors import Location
from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.object_name import ObjectName
from hmco_charts.yamlio import Span


@dataclass(frozen=True, slots=True)
class EngineRule:
    """A finding that the run makes by itself; always on, in every profile. Attributes as those of `Rule`."""

    id: str
    name: str
    severity: Severity
    title: str
    why: str
    remedy: str
    confidence: Confidence = Confidence.HIGH
    profile: str = "min"
    source: str = ""

    def finding(self, message: str, span: Span, remedy: str = "", on: ObjectName | None = None) -> Finding:
        """A finding of this rule at a place."""
        return Finding(
            rule=self.id,
            name=self.name,
            severity=self.severity,
            confidence=self.confidence,
            message=message,
            place=span,
            object=on or ObjectName(),
            locator="",
            subject=f"{span.file}:{message}",
            help=remedy or self.remedy,
        )


NOT_ANALYSED = EngineRule(
    id="HMC001",
    name="input-not-analysed",
    severity=Severity.ERROR,
    title="Some input could not be analysed.",
    why="What is skipped in silence looks like what is right: the run ends with exit code 3, and all other input is "
    "still analysed.",
    remedy="Mend the input, or leave it out of what is linted.",
)

UNUSED = EngineRule(
    id="HMC002",
    name="unused-suppression",
    severity=Severity.WARNING,
    title="A suppression suppresses nothing.",
    why="The fault was mended or has moved. The suppression that stays behind would hide the next one unseen.",
    remedy="Remove it.",
)

REFUSED = EngineRule(
    id="HMC003",
    name="refused-suppression",
    severity=Severity.WARNING,
    title="A suppression is expired, gives no reason or cannot be understood.",
    why="A finding is accepted for a reason and, where one is told, until a day. Without them the suppression has no "
    "effect: the finding is reported again.",
    remedy='Write `hmco: ignore RULE reason="why"`, with `until=YYYY-MM-DD` if it is for a time.',
)

CAP_REACHED = EngineRule(
    id="HMC004",
    name="scenario-cap-reached",
    severity=Severity.INFO,
    title="A chart was not rendered as often as would be needed.",
    why="Each switch of a chart makes a scenario of its own, and the values that findings come from are found by "
    "rendering with others; the number of both is capped, and the rest was not looked at.",
    remedy="Raise --max-switches, or declare the scenarios that matter in the chart's ci/*-values.yaml.",
)

ENGINE_RULES = (NOT_ANALYSED, UNUSED, REFUSED, CAP_REACHED)
"""All of them, by id."""


def spot(at: Location) -> Span:
    """The place of which only the start is known, or only the file."""
    line, column = at.line or 1, at.column or 1
    return Span(at.file, line, column, line, column)
