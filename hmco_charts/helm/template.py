"""The text of a Go template: its actions, and the lines that it writes literally."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

ACTION = re.compile(
    r"\{\{(?:-\s)?/\*.*?\*/(?:\s-)?\}\}"
    r"|\{\{(?:\"(?:[^\"\\\n]|\\.)*\"|`[^`]*`|'(?:[^'\\\n]|\\.)*'|[^}\"`']|\}(?!\}))*\}\}",
    re.DOTALL,
)
WORD = re.compile(r"\{\{-?\s*(/\*|\$\w*\s*(?:,\s*\$\w+\s*)?:?=|[a-z]*)")
LINE = re.compile(r"^[\ufeff \t]*(?=[^\s{]|\{(?!\{))(?!---)", re.MULTILINE)
OPENING = frozenset({"if", "range", "with", "define", "block"})
SILENT = OPENING - {"block"} | {"else", "end", "break", "continue", "/*"}


@dataclass(frozen=True, slots=True)
class Action:
    """One `{{ … }}` of a template.

    Attributes:
        start: Offset of its first brace.
        end: Offset behind its last brace.
        line: Line of its first brace, from 1.
        column: Column of its first brace, from 1.
        depth: How many blocks enclose it; an `end` counts as enclosed.
        writes: Whether it can write something.
        definition: Offset of the `define` in whose body it stands.
    """

    start: int
    end: int
    line: int
    column: int
    depth: int
    writes: bool
    definition: int | None


class Template:
    """A template's source.

    Args:
        text: The source, as in the file.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")

    @cached_property
    def actions(self) -> list[Action]:
        """The actions, in the order of the text."""
        return list(self._read_actions())

    def _read_actions(self) -> Iterator[Action]:
        line, seen = 1, 0
        blocks: list[tuple[str, int]] = []
        for match in ACTION.finditer(self.text):
            line += self.text.count("\n", seen, match.start())
            seen = match.start()
            word = _word(match[0])
            column = seen - self.text.rfind("\n", 0, seen)
            writes = word not in SILENT and not word.endswith("=")
            definition = next((start for opened, start in blocks if opened == "define"), None)
            yield Action(seen, match.end(), line, column, len(blocks), writes, definition)
            if word in OPENING:
                blocks.append((word, seen))
            elif word == "end" and blocks:
                blocks.pop()

    def literal(self, line: int) -> str:
        """What a line writes literally before its first action, without the spaces around it."""
        column = self.action_column(line)
        return self.lines[line - 1][: column - 1 if column else None].strip("\ufeff \t\r")

    def tail(self, line: int) -> str:
        """What a line that starts with an action writes literally behind its last."""
        if self.literal(line) or not self.action_column(line):
            return ""
        return self.lines[line - 1].rpartition("}}")[2].strip()

    def action_column(self, line: int) -> int | None:
        """Column of a line's first action, from 1."""
        found = bisect_left(self.actions, line, key=lambda action: action.line)
        action = self.actions[found] if found < len(self.actions) else None
        return action.column if action and action.line == line else None

    def literal_starts(self) -> Iterator[tuple[int, int, int | None]]:
        """Where lines start that the template writes itself.

        A line that starts with an action is none, nor is a separator of documents.

        Yields:
            The line, the offset of its first character after the indentation, and the offset of the
            `define` in whose body it stands.
        """
        actions = iter(self.actions)
        action = next(actions, None)
        line, seen = 1, 0
        for match in LINE.finditer(self.text):
            start = match.end()
            line += self.text.count("\n", seen, start)
            seen = start
            while action and action.end <= start:
                action = next(actions, None)
            if not action or start <= action.start:
                # The end of a `define` follows each line of its body, and stands in it.
                yield line, start, action.definition if action else None


def _word(action: str) -> str:
    match = WORD.match(action)
    return match[1] if match else ""
