"""What would mend a finding: edits of the user's files that keep everything else in them."""

from dataclasses import dataclass

from hmco_charts.lint.object_name import ObjectName
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
class Move:
    """That a fix takes text from one object to another, and with it the faults of the text.

    Attributes:
        to: The object that then holds it; two fixes with the same one are made one after the other.
        reveals: The ids of rules that look at such text only there: what they find was in it before.
    """

    to: ObjectName
    reveals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that together mend a finding.

    Attributes:
        title: What they do, in the imperative, such as "Rename the key to connection_url".
        edits: The edits; they do not overlap.
        is_safe: Whether the program does what it did before, apart from the fault; other fixes need a decision.
        move: Where text goes to, if the fix moves any.
    """

    title: str
    edits: tuple[Edit, ...]
    is_safe: bool
    move: Move | None = None
