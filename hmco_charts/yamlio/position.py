"""Places in a text: spans of nodes, and of characters inside a scalar's value."""

import re
from array import array
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache

from hmco_charts.yamlio.node import Node

_LAYOUT = " \t\r\n"
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")
_ESCAPE = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_ESCAPED_BREAK = re.compile(r"\\\r?\n[ \t]*")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A part of a file; lines and columns count from 1, the end is exclusive.

    Attributes:
        file: The file's name.
        line: Line of the first character.
        column: Its column.
        end_line: Line of the character behind the last.
        end_column: Its column.
        is_proven: Whether the part is known to stand here; of a rendered chart it may be the likeliest place.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    is_proven: bool = field(default=True, compare=False)


class Lines:
    """Turns character offsets of a text into lines and columns."""

    def __init__(self, text: str, file: str, first_line: int = 1) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._file = file
        self._first_line = first_line

    def span(self, start: int, end: int) -> Span:
        """The span of the characters from `start` up to, not including, `end`."""
        return Span(self._file, *self._place(start), *self._place(max(start, end)))

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset) - 1
        return self._first_line + line, offset - self._starts[line] + 1


def scalar_range(node: Node, source: str, start: int, end: int) -> tuple[int, int]:
    """Offsets in `source` of the characters `start` to `end` of the node's value."""
    origins = _origins(node, source)
    if not origins:
        return node.start, node.end
    first = origins[min(start, len(origins) - 1)]
    last = origins[min(max(end - 1, start), len(origins) - 1)]
    return first, last + 1


@lru_cache(maxsize=16)
def _origins(node: Node, source: str) -> "array[int]":
    """For each character of the node's value, where it stands in `source`."""
    at = _content_start(node, source)
    origins = array("L")
    for character in node.text:
        at = _skip_layout(source, at, character, node.style)
        origins.append(at)
        at += _width(source, at, node.style)
    return origins


def _content_start(node: Node, source: str) -> int:
    start = _PROPERTIES.match(source, node.start).end()  # type: ignore[union-attr]
    if node.style in ("|", ">"):
        return source.find("\n", start) + 1
    return start + (node.style in ('"', "'"))


def _skip_layout(source: str, at: int, character: str, style: str | None) -> int:
    """Passes over indentation, folded line breaks and escaped line breaks before `character`."""
    while at < len(source):
        if style == '"' and (escaped_break := _ESCAPED_BREAK.match(source, at)):
            at = escaped_break.end()
        elif character == "\n" and source.startswith("\r\n", at):
            return at + 1
        elif source[at] in _LAYOUT and character not in _LAYOUT:
            at += 1
        else:
            break
    return at


def _width(source: str, at: int, style: str | None) -> int:
    if style == '"' and (escape := _ESCAPE.match(source, at)):
        return escape.end() - at
    return 2 if style == "'" and source.startswith("''", at) else 1
