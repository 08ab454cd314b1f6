"""The text of a Go template: its actions, and what it writes itself between them."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

ACTION = re.compile(
    r"\{\{(?:-\s)?/\*.*?\*/(?:\s-)?\}\}"
    r"|\{\{(?:\"(?:[^\"\\\n]|\\.)*\"|`[^`]*`|'(?:[^'\\\n]|\\.)*'|[^}\"`']|\}(?!\}))*\}\}",
    re.DOTALL,
)
WORD = re.compile(r"\{\{-?\s*(/\*|\$\w*\s*(?:,\s*\$\w+\s*)?:?=|[a-z]*)")
DEFINED = re.compile(r"\{\{-?\s*define\s+[\"`]([^\"`]+)")
TRIMS_BEFORE = re.compile(r"\{\{-\s")
TRIMS_AFTER = re.compile(r"\s-\}\}$")
SPACES = " \t\r\n"
OPENING = frozenset({"if", "range", "with", "define", "block"})
SILENT = OPENING - {"block"} | {"else", "end", "break", "continue", "/*"}


@dataclass(frozen=True, slots=True)
class Action:
    """One `{{ … }}` of a template.

    Attributes:
        start: Offset of its first brace.
        end: Offset behind its last brace.
        text: Its source.
        writes: Whether it can write something.
        definition: Name of the `define` in whose body it stands.
    """

    start: int
    end: int
    text: str
    writes: bool
    definition: str | None


@dataclass(frozen=True, slots=True)
class Text:
    """What stands between two actions, without the spaces that they trim.

    Attributes:
        start: Offset of its first character.
        end: Offset behind its last character.
        definition: Name of the `define` in whose body it stands.
        begins: Whether it is the first in that body.
    """

    start: int
    end: int
    definition: str | None
    begins: bool


class Template:
    """A template's source.

    Args:
        text: The source, as in the file.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def parts(self) -> tuple[Action | Text, ...]:
        """The actions and the texts between them, in their order."""
        return tuple(self._read_parts())

    def _read_parts(self) -> Iterator[Action | Text]:
        blocks: list[str | None] = []
        seen, is_trimmed, begins = 0, False, False
        for match in ACTION.finditer(self.text):
            definition = next((name for name in blocks if name), None)
            start, end = match.span()
            yield self._between(seen, start, definition, begins, is_trimmed, TRIMS_BEFORE.match(match[0]) is not None)
            word = _word(match[0])
            yield Action(start, end, match[0], word not in SILENT and not word.endswith("="), definition)
            if word in OPENING:
                defined = DEFINED.match(match[0])
                blocks.append(defined[1] if defined else None)
            elif word == "end" and blocks:
                blocks.pop()
            seen, is_trimmed, begins = end, TRIMS_AFTER.search(match[0]) is not None, word == "define"
        yield self._between(seen, len(self.text), None, begins, is_trimmed, trims_end=False)

    def _between(
        self, start: int, end: int, definition: str | None, begins: bool, trims_start: bool, trims_end: bool
    ) -> Text:
        text = self.text[start:end]
        if trims_start:
            start = end - len(text.lstrip(SPACES))
        if trims_end:
            end = max(start, start + len(self.text[start:end].rstrip(SPACES)))
        return Text(start, end, definition, begins)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a character, from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]


def _word(action: str) -> str:
    match = WORD.match(action)
    return match[1] if match else ""
