"""Splits a text into documents and gives each its value, as Kubernetes does."""

import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

from hmco_charts.errors import DocumentError, Location
from hmco_charts.yamlio import fast
from hmco_charts.yamlio.document import Document
from hmco_charts.yamlio.node import Composer, Node, is_merge, key_text, merged, scalar_value

_SEPARATOR = re.compile(r"^---(?=\s|$)", re.MULTILINE)
_CONTENT = re.compile(r"^(?!---\s*(?:#.*)?$|\.\.\.\s*$|\s*(?:#|$)|%)", re.MULTILINE)
_JSON = json.JSONDecoder()
_JSON_OBJECT = re.compile(r"\s*\{")
_JSON_START = re.compile(r"\s*[{\[]")


def read(text: str, file: str = "<text>") -> list[Document]:
    """The documents of a YAML or JSON text; documents without content are left out.

    Args:
        text: One document or several, separated by `---`.
        file: The name used in places and errors.

    Raises:
        DocumentError: A document cannot be read; the first such fault.
    """
    found = list(documents(text, file))
    for document in found:
        if isinstance(document, DocumentError):
            raise document
    return [document for document in found if isinstance(document, Document)]


def documents(text: str, file: str = "<text>") -> Iterator[Document | DocumentError]:
    """Like `read`, but an unreadable document is given as its error and the rest is still read."""
    for chunk, line in chunks(text.removeprefix("\ufeff")):
        objects = _json_objects(chunk, file, line)
        yield from objects or (_read(chunk, file, line),)


def chunks(text: str) -> Iterator[tuple[str, int]]:
    """The documents of a text, as written, that have content; each with its first line."""
    line = 1
    starts = [match.start() for match in _SEPARATOR.finditer(text)]
    for start, end in itertools.pairwise([0, *(start for start in starts if start), len(text)]):
        chunk = text[start:end]
        if _CONTENT.search(chunk):
            yield chunk, line
        line += chunk.count("\n")


def _json_objects(chunk: str, file: str, line: int) -> list[Document]:
    """The documents of JSON objects in a row, as kubectl reads them; none of anything else."""
    found: list[Document] = []
    at = 0
    while match := _JSON_OBJECT.match(chunk, at):
        start = match.end() - 1
        try:
            value, at = _JSON.raw_decode(chunk, start)
        except (ValueError, RecursionError):
            return []
        before = start - chunk.rfind("\n", 0, start) - 1
        found.append(Document(value, " " * before + chunk[start:at], file, line + chunk.count("\n", 0, start)))
    return [] if chunk[at:].strip() else found


def _read(chunk: str, file: str, line: int) -> Document | DocumentError:
    try:
        return _document(chunk, file, line)
    except DocumentError as error:
        return error


def _document(chunk: str, file: str, line: int) -> Document:
    if _JSON_START.match(chunk):
        try:
            return Document(json.loads(chunk), chunk, file, line)
        except (ValueError, RecursionError):
            pass  # a YAML flow mapping, or a fault that the YAML reader can place
    value = fast.value(chunk)
    return Document(exact(chunk, Location(file, line)) if value is fast.LEFT else value, chunk, file, line)


def exact(text: str, at: Location) -> Any:
    """The value of the one document of a text, whatever it holds.

    Raises:
        DocumentError: It cannot be read.
    """
    root = Composer(text, at).compose()
    return None if root is None else construct(root)


def construct(node: Node) -> Any:
    """The plain value of a node; aliased nodes share one value."""
    return _Constructor().value(node)


class _Constructor:
    def __init__(self) -> None:
        self._made: dict[int, Any] = {}

    def value(self, node: Node) -> Any:
        if node.kind == "scalar":
            return scalar_value(node)
        if id(node) not in self._made:
            build = self._mapping if node.kind == "mapping" else self._sequence
            self._made[id(node)] = build(node)
        return self._made[id(node)]

    def _sequence(self, node: Node) -> list[Any]:
        return [self.value(item) for item in node.items]

    def _mapping(self, node: Node) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for source in merged(node):
            made.update(self.value(source))
        for key, value in node.pairs:
            if not is_merge(key):
                made[key_text(key)] = self.value(value)
        return made
