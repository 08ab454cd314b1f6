"""Splits a text into documents and gives each its value, as Kubernetes does."""

import itertools
import json
import math
import re
from collections.abc import Iterator
from typing import Any

from hmco_charts.errors import DocumentError, Location
from hmco_charts.yamlio import fast
from hmco_charts.yamlio.document import Document
from hmco_charts.yamlio.node import (
    MAX_DEPTH,
    MAX_NODES,
    TOO_DEEP,
    TOO_MANY,
    Node,
    is_merge,
    key_text,
    merged,
    scalar_value,
)

MAX_DOCUMENTS = 100_000
_MAX_PADDING = 2**26
_SEPARATOR = re.compile(r"^---(?=\s|$)", re.MULTILINE)
_BREAKS = "\n\r\x85\u2028\u2029"
_CONTENT = re.compile(  # a line that is no comment, no mark of a document's end, and no directive that go-yaml knows
    rf"(?:\A|(?<=[{_BREAKS}]))(?!(?:---|\.\.\.)?[ \t]*(?:[#{_BREAKS}]|\Z)|%(?:YAML 1\.1|TAG )[^{_BREAKS}]*)"
)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
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
    """Like `read`, but an unreadable document is given as its error and the rest is still read.

    Of more than `MAX_DOCUMENTS` those behind are not read, which is an error too.
    """
    found = _found(text.removeprefix("\ufeff"), file)
    yield from itertools.islice(found, MAX_DOCUMENTS)
    for each in itertools.islice(found, 1):
        at = Location(file, each.line) if isinstance(each, Document) else each.at
        what = f"more than {MAX_DOCUMENTS:,} documents: those from here on were not read"
        yield DocumentError(what, at=at, remedy="Split the file.")


def _found(text: str, file: str) -> Iterator[Document | DocumentError]:
    parts = fast.parts(text)
    line = 1
    for part, value in parts:
        if value is not None or _CONTENT.search(part):
            yield Document(value, part, file, line, may_repeat=False)
        line += part.count("\n")
    if not parts:
        for chunk, line in chunks(text):
            yield from _of_chunk(chunk, file, line)


def chunks(text: str) -> Iterator[tuple[str, int]]:
    """The documents of a text, as written, that have content; each with its first line."""
    line = 1
    starts = [match.start() for match in _SEPARATOR.finditer(text)]
    for start, end in itertools.pairwise([0, *(start for start in starts if start), len(text)]):
        chunk = text[start:end]
        if _CONTENT.search(chunk):
            yield chunk, line
        line += chunk.count("\n")


def _of_chunk(chunk: str, file: str, line: int) -> Iterator[Document | DocumentError]:
    try:
        yield from _json_objects(chunk, file, line) or (_document(chunk, file, line),)
    except DocumentError as error:
        yield error


def _json_objects(chunk: str, file: str, line: int) -> list[Document]:
    """The documents of JSON objects in a row, as kubectl reads them; none of anything else."""
    found: list[Document] = []
    at = padding = 0
    while match := _JSON_OBJECT.match(chunk, at):
        start = match.end() - 1
        line += chunk.count("\n", at, start)
        before = start - chunk.rfind("\n", 0, start) - 1
        padding += before
        if padding > _MAX_PADDING:
            what, remedy = "too many objects in one line", "Write each on a line of its own."
            raise DocumentError(what, at=Location(file, line, before + 1), remedy=remedy)
        try:
            value, end = _json(chunk, Location(file, line, before + 1), start)
        except (ValueError, RecursionError):
            return []
        found.append(Document(value, " " * before + chunk[start:end], file, line))
        line += chunk.count("\n", start, end)
        at = end
    return [] if chunk[at:].strip() else found


def _document(chunk: str, file: str, line: int) -> Document:
    if _JSON_START.match(chunk):
        try:
            value, end = _json(chunk, Location(file, line), len(chunk) - len(chunk.lstrip()))
            if not chunk[end:].strip():
                return Document(value, chunk, file, line)
        except (ValueError, RecursionError):
            pass  # a YAML flow mapping, or a fault that the YAML reader can place
    value = fast.value(chunk)
    if value is not fast.LEFT:
        return Document(value, chunk, file, line, may_repeat=False)
    value, repeats = _exact(chunk, Location(file, line))
    return Document(value, chunk, file, line, may_repeat=repeats)


def _json(text: str, at: Location, start: int) -> tuple[Any, int]:
    """The JSON value at an offset and where it ends.

    Raises:
        ValueError: It is no JSON.
        RecursionError: Likewise, of a depth that Python does not read.
        DocumentError: It is nested too deeply, or too large.
    """
    if len(text) - start > MAX_NODES and sum(text.count(sign, start) for sign in ",[{") > MAX_NODES:
        raise DocumentError(TOO_MANY, at=at, remedy="Split the file.")
    value, end = _DECODER.raw_decode(text, start)
    if _is_deep(value):
        raise DocumentError(TOO_DEEP, at=at)
    if _SURROGATE.search(text, start, end):  # Go takes a half of a pair for an unknown character
        spelt = json.dumps(value, ensure_ascii=False)
        value = json.loads(spelt.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    return value, end


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        children = (each for node in level for each in (node.values() if isinstance(node, dict) else node))
        level = [each for each in children if isinstance(each, (dict, list))]
        if not level:
            return False
    return True


def _finite(number: str) -> float:
    value = float(number)
    if math.isinf(value):
        raise ValueError(number)
    return value


def _no_number(word: str) -> float:
    raise ValueError(word)


_DECODER = json.JSONDecoder(parse_float=_finite, parse_constant=_no_number)


def exact(text: str, at: Location) -> Any:
    """The value of the one document of a text, whatever it holds.

    Raises:
        DocumentError: It cannot be read.
    """
    return _exact(text, at)[0]


def _exact(text: str, at: Location) -> tuple[Any, bool]:
    """The value of a text, and whether a key stands twice in a map of it."""
    from hmco_charts.yamlio.composer import Composer

    root = Composer(text, at).compose()
    constructor = _Constructor()
    return None if root is None else constructor.value(root), constructor.repeats


class _Constructor:
    """Makes plain values of nodes; aliased nodes share one value."""

    def __init__(self) -> None:
        self._made: dict[int, Any] = {}
        self.repeats = False

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
        own = {key_text(key): self.value(value) for key, value in node.pairs if not is_merge(key)}
        self.repeats |= len(own) < sum(not is_merge(key) for key, _ in node.pairs)
        made.update(own)
        return made
