"""What a text in the input tells a program, with its place."""

from dataclasses import dataclass, field

from hmco_charts.objects import Text
from hmco_charts.yamlio import Span


@dataclass(frozen=True)
class Assignment:
    """A name and its value, as a file or a command line writes them.

    Attributes:
        name: The name, as the program knows it.
        value: What it is set to; empty where it only is switched on.
        text: The text that sets it.
        start: Offset of the value in the text.
        end: Offset behind it.
    """

    name: str
    value: str = field(repr=False)
    text: Text
    start: int
    end: int

    @property
    def span(self) -> Span:
        """The place of the value."""
        return self.text.span(self.start, self.end)
