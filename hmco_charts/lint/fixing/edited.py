"""A text with edits, found by line and column."""

from collections.abc import Iterable, Mapping

from hmco_charts.lint.fix import Edit
from hmco_charts.yamlio import Span

Range = tuple[int, int]


class Editable:
    """The text of a file that edits are made of."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0]
        for line in text.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._newline = "\r\n" if "\r\n" in text else "\n"

    def range(self, span: Span) -> Range:
        """The offsets of a span; behind the last line is the end."""
        return self._offset(span.line, span.column), self._offset(span.end_line, span.end_column)

    def _offset(self, line: int, column: int) -> int:
        return min(self._starts[min(line, len(self._starts)) - 1] + column - 1, len(self.text))

    def replacement(self, edit: Edit, others: Mapping[str, "Editable"]) -> str:
        """What an edit puts in; the parts that it carries over come from any of the files."""
        parts = (part if isinstance(part, str) else others[part.file].part(part) for part in edit.parts)
        return "".join(parts).replace("\r\n", "\n").replace("\n", self._newline)

    def part(self, span: Span) -> str:
        """The text of a span."""
        start, end = self.range(span)
        return self.text[start:end]

    def with_edits(self, edits: Iterable[Edit], others: Mapping[str, "Editable"]) -> str:
        """The text after edits that do not overlap."""
        text = self.text
        for edit in sorted(edits, key=lambda each: self.range(each.span), reverse=True):
            start, end = self.range(edit.span)
            text = text[:start] + self.replacement(edit, others) + text[end:]
        return text


def overlap(one: Span, other: Span) -> bool:
    """Whether two edits touch: a character of both, or the same place of two insertions."""
    if one.file != other.file:
        return False
    first, second = sorted([one, other])
    start, end = (second.line, second.column), (first.end_line, first.end_column)
    return start < end or (first.line, first.column) == start
