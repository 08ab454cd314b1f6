"""A marked manifest: its text, and what wrote each of its characters."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate

from hmco_charts.helm.marking import ANY, Mark

_SPACES = "\ufeff \t\r\n"


@dataclass(frozen=True, slots=True)
class Origin:
    """The place in a template that a part of a manifest came from.

    Attributes:
        file: Path in the chart: `templates/x.yaml`, `charts/sub/templates/x.yaml`; in an archive with the
            chart's folder in front (`vault/templates/x.yaml`), in a packed subchart behind the archive's
            name (`charts/sub-1.0.0.tgz/sub/templates/x.yaml`).
        line: From 1.
        column: From 1.
        end_line: Line of the character behind the part.
        end_column: Its column.
        actions: The sources of the actions that wrote it, the outermost first; none for text of the template itself.
        is_proven: Whether it was seen to come from here; otherwise this is the likeliest place.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    actions: tuple[str, ...] = ()
    is_proven: bool = True

    @property
    def end(self) -> tuple[int, int]:
        """Line and column behind the part."""
        return self.end_line, self.end_column


@dataclass(frozen=True, slots=True)
class _State:
    """What is known of the characters from an offset on: the actions that wrote them, and the mark of the text."""

    start: int
    actions: tuple[str, ...] = ()
    text: str | None = None


class Layout:
    """A marked manifest.

    Args:
        marked: The manifest.
        marks: What the characters stand for that open.
        closing: The opening character by the one that closes.

    Attributes:
        lines: The manifest's lines without the marks.
    """

    def __init__(self, marked: str, marks: Mapping[str, Mark], closing: Mapping[str, str]) -> None:
        self._marks = marks
        self._closing = closing
        self._states = [_State(0)]
        pieces: list[str] = []
        seen = length = 0
        for match in ANY.finditer(marked):
            if match[0] in marks or match[0] in closing:
                pieces.append(marked[seen : match.start()])
                length += len(pieces[-1])
                seen = match.end()
                self._states.append(self._behind(match[0], length))
        self._text = "".join((*pieces, marked[seen:]))
        self.lines = self._text.split("\n")
        self._starts = [state.start for state in self._states]
        self._line_starts = list(accumulate((len(line) + 1 for line in self.lines), initial=0))

    def _behind(self, mark: str, at: int) -> _State:
        actions = self._states[-1].actions
        if mark in self._marks:
            return _State(at, (*actions, mark)) if self._marks[mark].action else _State(at, actions, mark)
        opening = self._closing[mark]
        return _State(at, actions[: actions.index(opening)] if opening in actions else actions)

    def origin(self, line: int, column: int, end_line: int, end_column: int) -> Origin | None:
        """What wrote a part, lines and columns from 0; `None` for what no mark tells of."""
        start = self._visible(line, column)
        depth = len(self._state(self._visible(line, 0)).actions)
        first = self._place(start, depth)
        if first is None or end_line >= len(self.lines):
            return first
        if (end_line, end_column) <= (line, column):
            return replace(first, end_line=first.line, end_column=first.column)
        last = self._place(max(self._line_starts[end_line] + end_column - 1, start), depth)
        if last is None or last.file != first.file or last.end < first.end:
            return first
        return replace(first, end_line=last.end_line, end_column=last.end_column)

    def fits(self, index: int, line: str) -> bool:
        """Whether a line that is not equal, for a digest or chance, has the same text of templates around that."""
        pieces = list(self._pieces(self._line_starts[index], self._line_starts[index + 1] - 1))
        pattern = "".join(re.escape(text) if is_literal else ".*" for text, is_literal in pieces)
        has_text = any(text.strip() for text, is_literal in pieces if is_literal)
        return has_text and re.fullmatch(pattern, line) is not None

    def writers(self, index: int) -> list[tuple[str, ...]]:
        """For each part of a line, the sources of the actions that wrote it, the outermost first; none for text."""
        start, end = self._visible(index, 0), self._line_starts[index + 1] - 1
        states = [self._state(start), *self._states[bisect_right(self._starts, start) : bisect_left(self._starts, end)]]
        return [tuple(self._marks[each].action for each in state.actions if not state.text) for state in states]

    def _pieces(self, start: int, end: int) -> Iterator[tuple[str, bool]]:
        """The texts between marks, and whether a template spells them out."""
        while start < end:
            state = self._state(start)
            following = bisect_right(self._starts, start)
            stop = min(end, self._starts[following] if following < len(self._starts) else end)
            yield self._text[start:stop], state.text is not None or not state.actions
            start = stop

    def _visible(self, line: int, column: int) -> int:
        """The character at a place; at a space or the line's end the last one before that can be seen, or the first."""
        begin, text = self._line_starts[line], self.lines[line]
        if text[column : column + 1].strip(_SPACES):
            return begin + column
        before = text[:column].rstrip(_SPACES)
        return begin + (len(before) - 1 if before else len(text) - len(text.lstrip(_SPACES)))

    def _place(self, offset: int, depth: int) -> Origin | None:
        """The place of a character; the text of a line is told in terms of what the line begins with."""
        state = self._state(offset)
        if len(state.actions) > depth:
            return self._of_action(state.actions[: depth + 1])
        if state.text and "\n" not in self._text[state.start : offset]:
            mark = self._marks[state.text]
            column = min(mark.column + offset - state.start, mark.end_column)
            actions = ("",) if column == mark.end_column else ()
            return Origin(mark.file, mark.line, column, mark.line, column + 1, actions)
        return self._of_action(state.actions) if state.actions else None

    def _of_action(self, actions: tuple[str, ...]) -> Origin:
        marks = [self._marks[action] for action in actions]
        last = marks[-1]
        sources = tuple(mark.action for mark in marks)
        return Origin(last.file, last.line, last.column, last.end_line, last.end_column, sources)

    def _state(self, offset: int) -> _State:
        return self._states[bisect_right(self._starts, offset) - 1]
