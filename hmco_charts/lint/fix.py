"""What would mend a finding: edits of the user's files that keep everything else in them."""

from dataclasses import dataclass

from hmco_charts.yamlio import Span


@dataclass(frozen=True, slots=True)
class Edit:
    """A part of a file and what comes in its place.

    Attributes:
        span: What is replaced; nothing where it is empty, so that the parts are put in before it.
        parts: The new text: literal pieces, and spans whose present text is carried over. A secret is only ever
            carried over, so that no finding holds one.
    """

    span: Span
    parts: tuple[str | Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that together mend a finding.

    Attributes:
        title: What they do, in the imperative, such as "Rename the key to connection_url".
        edits: The edits; they do not overlap.
        is_safe: Whether the program does what it did before, apart from the fault; other fixes need a decision.
    """

    title: str
    edits: tuple[Edit, ...]
    is_safe: bool
