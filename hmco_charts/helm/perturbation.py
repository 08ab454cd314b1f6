"""Values of a chart, changed so that its manifests show where they go."""

import base64
import binascii
import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hmco_charts.helm.template import Template, Text
from hmco_charts.yamlio import Path, merge
from hmco_charts.yamlio.scalar import resolve

Scalar = str | int | float | bool | None

# Letters of a script that charts are not written in: unlike private-use characters no encoder escapes them.
MARKS = tuple(map(chr, range(0xA000, 0xA48D)))
_MARK = re.compile("[\ua000-\ua48c]")
_LINE = re.compile(r"\S.*")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{4,}={0,2}")


@dataclass(frozen=True, slots=True)
class Piece:
    """What a string among the values has on one of its lines.

    Attributes:
        path: Where the string stands.
        start: Offset of the piece's first character in it.
        end: Offset behind the last, where its mark is put.
        text: The piece.
    """

    path: Path
    start: int
    end: int
    text: str

    def part(self, text: str) -> "Piece":
        """The part of the piece that is a text."""
        start = self.start + self.text.index(text)
        return Piece(self.path, start, start + len(text), text)


def leaves(values: Any, path: Path = ()) -> Iterator[tuple[Path, Scalar]]:
    """The scalars among values."""
    pairs = values.items() if isinstance(values, dict) else enumerate(values) if isinstance(values, list) else ()
    for step, value in pairs:
        if isinstance(value, (dict, list)):
            yield from leaves(value, (*path, step))
        else:
            yield (*path, step), value


def bears_marks(value: Scalar) -> bool:
    """Whether a value with a mark is written as it is without: of a number, or what would be one, it changes more."""
    return isinstance(value, str) and isinstance(resolve(value), str)


def pieces(path: Path, value: str) -> Iterator[Piece]:
    """The lines of a string; of a template only what it writes itself."""
    texts = [(part.start, part.end) for part in Template(value).parts if isinstance(part, Text)]
    for start, end in texts if "{{" in value else [(0, len(value))]:
        for match in _LINE.finditer(value, start, end):
            text = match[0].rstrip()
            yield Piece(path, match.start(), match.start() + len(text), text)


def marked(value: str, marks: Mapping[Piece, str]) -> str:
    """The string with the mark of each of its pieces behind it."""
    for piece in sorted(marks, key=lambda piece: piece.end, reverse=True):
        value = value[: piece.end] + marks[piece] + value[piece.end :]
    return value


def plain(line: str, marks: Mapping[str, Any]) -> tuple[str, list[tuple[str, int | None]]]:
    """A line without marks, and each of them with its place; with none where it stands in base64."""
    found: list[tuple[str, int | None]] = []

    def decode(match: re.Match[str]) -> str:
        text = _decoded(match[0]) or ""
        inner = [character for character in text if character in marks]
        found.extend((mark, None) for mark in inner)
        return _encoded(text, inner) if inner else match[0]

    line = _BASE64.sub(decode, line)
    rest: list[str] = []
    for match in _MARK.finditer(line):
        if match[0] in marks:
            found.append((match[0], match.start() - len(rest)))
            rest.append(match[0])
    return "".join(character for character in line if character not in rest), found


def decoded(line: str) -> Iterator[str]:
    """The texts that stand in a line in base64."""
    return (text for match in _BASE64.finditer(line) if (text := _decoded(match[0])))


def _decoded(token: str) -> str | None:
    try:
        return base64.b64decode(token, validate=True).decode()
    except (binascii.Error, ValueError):
        return None


def _encoded(text: str, marks: list[str]) -> str:
    return base64.b64encode("".join(character for character in text if character not in marks).encode()).decode()


def changed(value: Scalar, piece: Piece | None = None) -> Scalar | None:
    """Another value of the same kind; of a string only the piece changes. `None` where there is none."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1
    if value in ("true", "false"):
        return "false" if value == "true" else "true"
    if not value:
        return "a"
    start, end = (piece.start, piece.end) if piece else (0, len(value))
    at = next((at for at in range(end - 1, start - 1, -1) if value[at].isalnum() and value[at].isascii()), None)
    return None if at is None else value[:at] + _other(value[at]) + value[at + 1 :]


def _other(character: str) -> str:
    if character.isdigit():
        return str((int(character) + 1) % 10)
    return chr(ord(character) - 1) if character in "zZ" else chr(ord(character) + 1)


def shown(value: Scalar) -> str:
    """A scalar as templates write it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def override(given: Mapping[str, Any], merged: Mapping[str, Any], changes: Mapping[Path, Any]) -> dict[str, Any]:
    """The given values with changes at some paths; Helm replaces a list as a whole, so all of it is given.

    Args:
        given: The values over the chart's own.
        merged: These and the chart's own.
        changes: The new values by path.
    """
    result: Any = given
    lists: dict[Path, Any] = {}
    for path, value in changes.items():
        depth = next((at for at, step in enumerate(path) if isinstance(step, int)), None)
        if depth is None:
            result = merge(result, _nested(path, value))
            continue
        root = path[:depth]
        whole = lists.setdefault(root, copy.deepcopy(_at(merged, root)))
        _at(whole, path[depth:-1])[path[-1]] = value
    for root, value in lists.items():
        result = merge(result, _nested(root, value))
    return dict(result)


def _nested(path: Path, value: Any) -> Any:
    for step in reversed(path):
        value = {step: value}
    return value


def _at(values: Any, path: Path) -> Any:
    for step in path:
        values = values[step]
    return values
