"""Texts that stand inside an object: configuration files, environment values, scripts."""

import base64
import binascii
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from hmco_charts.objects.kubernetes import KubernetesObject, mapping
from hmco_charts.yamlio import Path, Span

_PLAIN_FIELDS = {"ConfigMap": "data", "Secret": "stringData"}
_TEMPLATES: dict[str, Path] = {
    "ExternalSecret": ("spec", "target", "template", "data"),
    "SealedSecret": ("spec", "template", "data"),
}
_ENCODED_FIELDS = {"ConfigMap": "binaryData", "Secret": "data"}


@dataclass(frozen=True)
class Text:
    """A text inside an object.

    Attributes:
        object: The object that holds it.
        path: Where in the object it stands.
        name: Its file name: the key of a ConfigMap or Secret, the name of an environment variable.
        value: The text, decoded.
        binary: The bytes, where they are not text; `value` is then empty.
        encoded: Whether the object holds it in base64, so that places inside it are not known.
        offset: Where in the string at `path` the text begins (a here-document in a script).
    """

    object: KubernetesObject
    path: Path
    name: str
    value: str = field(repr=False)
    binary: bytes = field(default=b"", repr=False)
    encoded: bool = False
    offset: int = 0

    def span(self, start: int, end: int) -> Span:
        """The place of the characters from `start` up to `end`."""
        if self.encoded:
            return self.object.span(self.path)
        return self.object.text_span(self.path, self.offset + start, self.offset + end)

    def locator(self, start: int) -> str:
        """The place inside the object, such as `data/vault.hcl:3`."""
        line = self.value.count("\n", 0, start) + 1
        return "/".join(map(str, self.path)) + f":{line}"


@dataclass(frozen=True)
class Piece:
    """A part of a composed text, and where in the object it comes from.

    Attributes:
        start: Offset of its first character in the composed text.
        path: The string in the object.
        origin: Offset of its first character in that string.
        length: How many characters of that string it takes.
        is_key: Whether it comes from the last key of the path, of which it takes all.
        is_verbatim: Whether it reads there as it does in the composed text.
    """

    start: int
    path: Path
    origin: int = 0
    length: int = 0
    is_key: bool = False
    is_verbatim: bool = True


@dataclass(frozen=True)
class Composed(Text):
    """A text that stands nowhere in one piece, such as a file that a script writes line by line.

    Attributes:
        pieces: Its parts, in order.
    """

    pieces: tuple[Piece, ...] = ()

    def span(self, start: int, end: int) -> Span:
        """The place of the characters from `start` up to `end`; of a part that is spelled otherwise, the whole."""
        piece = max((each for each in self.pieces if each.start <= start), key=lambda each: each.start)
        if not piece.length:
            return self.object.span(piece.path, key=piece.is_key)
        first, last = (start - piece.start, end - piece.start) if piece.is_verbatim else (0, piece.length)
        return self.object.text_span(piece.path, piece.origin + first, piece.origin + min(last, piece.length))


def composed_json(holder: KubernetesObject, path: Path, name: str) -> Composed:
    """The JSON of what stands at `path`, each key and value with its place."""
    writer = _Json()
    writer.write(holder.at(path), path)
    return Composed(holder, path, name, "".join(writer.parts), encoded=True, pieces=tuple(writer.pieces))


@dataclass
class _Json:
    parts: list[str] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    size: int = 0

    def write(self, value: Any, path: Path) -> None:
        if isinstance(value, dict):
            self.members(value.items(), path, "{}")
        elif isinstance(value, list):
            self.members(enumerate(value), path, "[]")
        else:
            self.note(value, path)

    def members(self, members: Iterable[tuple[Any, Any]], path: Path, brackets: str) -> None:
        self.add(brackets[0])
        for at, (name, value) in enumerate(members):
            self.add(", " if at else "")
            if brackets == "{}":
                self.note(str(name), (*path, name), is_key=True)
                self.add(": ")
            self.write(value, (*path, name))
        self.add(brackets[1])

    def note(self, value: Any, path: Path, *, is_key: bool = False) -> None:
        self.pieces.append(Piece(self.size, path, is_key=is_key))
        self.add(json.dumps(value, ensure_ascii=False, default=str))

    def add(self, part: str) -> None:
        self.parts.append(part)
        self.size += len(part)


def texts(holder: KubernetesObject) -> Iterator[Text]:
    """The files that a ConfigMap or a Secret holds."""
    if holder.kind not in _PLAIN_FIELDS:
        return
    plain, encoded = _PLAIN_FIELDS[holder.kind], _ENCODED_FIELDS[holder.kind]
    for key, value in mapping(holder.manifest.get(plain)).items():
        yield Text(holder, (plain, key), key, _plain(value))
    for key, value in mapping(holder.manifest.get(encoded)).items():
        yield _decoded(holder, (encoded, key), key, value)


def templates(holder: KubernetesObject) -> Iterator[Text]:
    """The files that an operator writes into the Secret that it makes from an object, before it fills them in."""
    path = _TEMPLATES.get(holder.kind, ())
    for key, value in mapping(holder.at(path)).items() if path else ():
        if isinstance(value, str):
            yield Text(holder, (*path, key), key, value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _decoded(holder: KubernetesObject, path: Path, key: str, value: Any) -> Text:
    try:
        data = base64.b64decode("".join(_plain(value).split()), validate=True)
    except (binascii.Error, ValueError):
        return Text(holder, path, key, "", encoded=True)
    try:
        return Text(holder, path, key, data.decode(), encoded=True)
    except UnicodeDecodeError:
        return Text(holder, path, key, "", binary=data, encoded=True)
