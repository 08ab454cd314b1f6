"""Text that is safe on a terminal, and its colours."""

import re
import unicodedata
from dataclasses import dataclass

from hmco_charts.lint import Severity

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}
_OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufff9-\ufffb]")
_TURNING = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


def safe(text: str) -> str:
    """The text on one line, without characters that a terminal obeys or that turn around what a person reads."""
    if text.isascii() and text.isprintable():
        return text
    return _TURNING.sub("\N{REPLACEMENT CHARACTER}", _OBEYED.sub(" ", text))


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text
    )


@dataclass(frozen=True, slots=True)
class Paint:
    """Colours for texts; without colours it gives them as they are."""

    colour: bool = False

    def severity(self, text: str, severity: Severity) -> str:
        """A text in the colour of a severity."""
        return self._painted(text, f"1;{_COLOURS[severity]}")

    def edge(self, text: str) -> str:
        """What frames a source: numbers of lines, arrows."""
        return self._painted(text, "1;34")

    def strong(self, text: str) -> str:
        """What is read first."""
        return self._painted(text, "1")

    def _painted(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text
