"""Templates that carry marks, to see in the manifests what wrote which text.

A mark is one private-use character. One stands in front of each piece of text that a template writes itself on a
line, and a pair encloses what an action writes. The spaces that `{{-` and `-}}` would have trimmed are gone before.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from itertools import chain

from hmco_charts.helm.template import Action, Template, Text
from hmco_charts.helm.tree import TEMPLATE, File, Tree

PLANES = ((0xF0000, 0xFFFFE), (0x100000, 0x10FFFE))
ANY = re.compile("[\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
TEXT_OF_LINE = re.compile(r"^[\ufeff \t\r]*([^\s\ufeff].*)", re.MULTILINE)
COMMANDS = re.compile(r"\b(?:include|template)\s+[\"`]([^\"`]+)")
PASSED_ON = re.compile(r"\{\{-?\s*(?:include|template)\s[^|]*(?:\|\s*(?:nindent|indent|trim)\b[^|]*)*\}\}")
DIGEST = re.compile(r"\{\{.*\|\s*sha\d+sum\s*-?\}\}", re.DOTALL)
BLOCK = re.compile(r"\b(?:nindent|indent|toYaml|toJson|toPrettyJson|tpl)\b")
MOST_OF_ACTION = 500


class Style(Enum):
    """What of the definitions that other templates include is marked; it may be compared, cut or sorted there."""

    BLOCKS = "blocks"
    """Whole lines that are only printed."""
    LINES = "lines"
    """The beginnings of those lines."""
    NONE = "none"
    """Nothing."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a mark stands for.

    Attributes:
        file: The template.
        line: Line of the first character, from 1.
        column: Its column, from 1.
        end_line: Line of the character behind the last.
        end_column: Its column.
        action: The action's source; empty for text of the template itself.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    action: str = ""


class Pen:
    """Gives each mark a character that does not occur in the chart.

    Args:
        used: Characters that do occur.

    Attributes:
        marks: What stands behind the characters that open.
        closing: The opening character by the one that closes.
    """

    def __init__(self, used: Collection[str]) -> None:
        self._free = (chr(code) for code in chain(*(range(*plane) for plane in PLANES)) if chr(code) not in used)
        self.marks: dict[str, Mark] = {}
        self.closing: dict[str, str] = {}

    def before(self, mark: Mark) -> str:
        """A character to put in front of a text; none where all are used."""
        character = next(self._free, "")
        if character:
            self.marks[character] = mark
        return character

    def around(self, mark: Mark) -> tuple[str, str]:
        """Characters to put in front of an action and behind it; none where all are used."""
        behind = next(self._free, "")
        before = self.before(mark) if behind else ""
        if before:
            self.closing[behind] = before
        return (before, behind) if before else ("", "")


def used(tree: Tree) -> set[str]:
    """The characters in a chart that could be marks."""
    # Encoded they all begin with one of two bytes; most charts have none.
    suspicious = (file.content for file in tree.values() if b"\xf3" in file.content or b"\xf4" in file.content)
    return {character for content in suspicious for character in ANY.findall(content.decode(errors="ignore"))}


def mark(tree: Tree, style: Style, pen: Pen) -> Tree:
    """The chart with marks in its templates."""
    templates = dict(_templates(tree))
    writing = _writing(templates.values()) if style is not Style.NONE else frozenset()
    marked = {
        path: _Marker(tree[path].name, template, style, writing, pen).text() for path, template in templates.items()
    }
    return {**tree, **{path: File(tree[path].name, text.encode()) for path, text in marked.items()}}


def _templates(tree: Tree) -> Iterator[tuple[str, Template]]:
    for path, file in tree.items():
        if TEMPLATE.match(path):
            with suppress(UnicodeDecodeError):
                yield path, Template(file.content.decode())


class _Marker:
    """Marks one template; `writing` are the definitions to mark."""

    def __init__(self, file: str, template: Template, style: Style, writing: frozenset[str], pen: Pen) -> None:
        self._file = file
        self._template = template
        self._style = style
        self._writing = writing
        self._pen = pen
        self._seen = 0

    def text(self) -> str:
        """The marked text. Actions keep the spaces that they trim beside them, with no mark between the two."""
        pieces: list[str] = []
        behind = ""
        for part in self._template.parts:
            is_own = part.definition is None
            is_marked = is_own or part.definition in self._writing
            is_whole = is_own or (is_marked and self._style is Style.BLOCKS)
            if isinstance(part, Text):
                pieces += self._up_to(part.start), behind
                pieces += self._lines(part, is_whole=is_whole) if is_marked else ()
                pieces.append(self._up_to(part.end))
            else:
                before, behind = self._around(part) if is_whole and part.writes else ("", "")
                pieces += before, self._up_to(part.start), self._up_to(part.end)
        return "".join(pieces)

    def _lines(self, part: Text, *, is_whole: bool) -> Iterator[str]:
        for start, end in _lines(self._template, part, is_whole=is_whole):
            yield self._up_to(start)
            yield self._pen.before(self._mark(start, end))

    def _around(self, action: Action) -> tuple[str, str]:
        return self._pen.around(self._mark(action.start, action.end, action.text[:MOST_OF_ACTION]))

    def _mark(self, start: int, end: int, action: str = "") -> Mark:
        return Mark(self._file, *self._template.place(start), *self._template.place(end), action)

    def _up_to(self, end: int) -> str:
        text = self._template.text[self._seen : end]
        self._seen = end
        return text


def _lines(template: Template, part: Text, *, is_whole: bool) -> Iterator[tuple[int, int]]:
    """Where a part has something on a line; where it is not taken whole, only from lines' beginnings on."""
    for match in TEXT_OF_LINE.finditer(template.text[part.start : part.end]):
        if is_whole or part.begins or match.start():
            yield part.start + match.start(1), part.start + match.end(1)


def _writing(templates: Iterable[Template]) -> frozenset[str]:
    """The definitions that write whole lines which every template that includes them prints as they are."""
    lines: set[str | None] = set()
    judged: set[str] = set()
    included: list[tuple[str | None, str]] = []
    for template in templates:
        for part in template.parts:
            if isinstance(part, Text):
                is_line = any(_lines(template, part, is_whole=False))
            else:
                names = COMMANDS.findall(part.text)
                included += ((part.definition, name) for name in names)
                judged.update(names if not _passes_on(part, names) else ())
                is_line = part.writes and BLOCK.search(part.text) is not None
            if is_line:
                lines.add(part.definition)
    while more := {name for definition, name in included if definition in judged} - judged:
        judged |= more
    return frozenset(name for name in lines if name and name not in judged)


def _passes_on(action: Action, names: Collection[str]) -> bool:
    """Whether an action prints what it includes, or tells no more of it than a digest."""
    printed = PASSED_ON if len(names) == 1 else DIGEST
    return not names or any(pattern.fullmatch(action.text) for pattern in (printed, DIGEST))
