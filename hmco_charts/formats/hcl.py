"""HCL1 and its JSON twin, as Vault and OpenBao read their configuration.

A tolerant scanner: it gives what Vault would read with the place of every key and value, and goes on behind
an error. Leftovers of Helm (`{{ … }}`) are values where a value stands and nothing elsewhere.
Source of the grammar: hashicorp/hcl, branch `hcl1`, `hcl/scanner` and `json/parser`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from hmco_charts.formats import literal
from hmco_charts.formats.entry import KEPT, Entry, Fault, Reading, Scalar


@dataclass(frozen=True, slots=True)
class Body:
    """What stands between two braces, or the whole text.

    Attributes:
        attributes: The settings in the text's order, duplicates kept; a list gives one entry an item.
        blocks: The blocks and objects, in the text's order; a list of objects gives one block an object.
        faults: What could not be read; kept at the outermost body only.
    """

    attributes: tuple[Entry, ...]
    blocks: tuple["Block", ...]
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A block such as `storage "postgresql" { … }`.

    Attributes:
        type: The block's first word.
        labels: The words behind it, and in JSON the key that stands for them.
        body: What the block holds.
        start: Offset of the type's first character (of its quote, where quoted); in a list, of the object's brace.
        end: Offset behind the closing brace.
        type_start: Offset of the type's first letter.
        type_end: Offset behind the type's last letter.
    """

    type: str
    labels: tuple[str, ...]
    body: Body
    start: int
    end: int
    type_start: int
    type_end: int


@lru_cache(maxsize=KEPT)
def parse(text: str) -> Body:
    """The configuration's attributes and blocks, whether it is written in HCL or in JSON.

    At the top level `storage { postgresql { … } }` and `{"storage": {"postgresql": { … }}}` become
    the block `storage` with the label `postgresql`, as in `storage "postgresql" { … }`.
    """
    return _Scanner(text).body()


def read(text: str) -> Reading:
    """The configuration's settings; a path is made of block types and labels."""
    body = parse(text)
    return Reading(tuple(_entries(body)), body.faults)


def _entries(body: Body) -> Iterator[Entry]:
    parts: list[Entry | Block] = [*body.attributes, *body.blocks]
    for part in sorted(parts, key=_place):
        if isinstance(part, Entry):
            yield part
        else:
            yield from _entries(part.body)


def _place(part: Entry | Block) -> int:
    return part.start


class _Name(NamedTuple):
    text: str
    start: int
    end: int
    outer: int


@dataclass(slots=True)
class _Frame:
    """A brace or bracket that is still open."""

    closer: str
    path: tuple[str, ...]
    names: tuple[_Name, ...]
    start: int
    attributes: list[Entry] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


_SKIP = re.compile(r"[\s,;\ufeff]+|#[^\n]*|//[^\n]*|/\*(?s:.*?)(?:\*/|\Z)")
_TEMPLATE = re.compile(r"(?s)\{\{-?\s*/\*.*?(?:\*/\s*-?\}\}|\Z)|\{\{[^{}]*\}\}")
_NAME = re.compile(r"[^\s,;\[\]{}\"'=:#]+")
_PIECE = r"\{\{[^{}]*\}\}|\$\{[^{}\n]*\}"
_WORD = re.compile(rf"[\w.-]+\([^()\n]*\)|(?:{_PIECE}|[^\s,\[\]{{}}\"'=#])(?:{_PIECE}|[^\s,\[\]{{}}\"'#]+)*")
_NEXT_NAME = re.compile(r"[^\S\n]*\n\s*[A-Za-z_][\w.-]*[ \t]*[={\"]|\s*(?:[}\]]|\Z)")
_HEREDOC = re.compile(r"<<(-?)[ \t]*([\w.-]+)[ \t]*\r?\n")
_STOPS = re.compile(r'["\n]|\\.|\{\{[^{}\n]*\}\}|\$\{[^{}\n]*\}')
_QUOTES = "\"'"
_MAX_LABELS = 10


class _Scanner:
    """Reads a text from left to right with an explicit stack, so that depth costs no recursion."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.offset = 0
        self.faults: list[Fault] = []
        self.stack = [_Frame("", (), (), 0)]
        self.names: list[_Name] = []
        self.assigned = False

    def body(self) -> Body:
        while self.skip() < len(self.text) and len(self.faults) < literal.MAX_FAULTS:
            self.step(self.text[self.offset])
        self.drop_names()
        if self.offset < len(self.text):
            self.fault("too many faults: the rest is not read")
            self.offset = len(self.text)
        while len(self.stack) > 1:
            self.fault("a brace or bracket is never closed")
            self.close()
        root = self.stack[0]
        return Body(tuple(root.attributes), tuple(_labelled(root.blocks)), tuple(self.faults))

    def fault(self, message: str) -> None:
        self.faults.append(Fault(min(self.offset, len(self.text)), message))

    def skip(self) -> int:
        while space := _SKIP.match(self.text, self.offset):
            self.offset = space.end()
        return self.offset

    def step(self, character: str) -> None:
        template = _TEMPLATE.match(self.text, self.offset) if character == "{" else None
        if template and not self.expects_value():
            self.offset = template.end()
        elif character in "{[" and not template:
            self.open(character)
        elif character in "}]":
            self.close()
        elif character in "=:":
            self.assign()
        elif self.expects_value():
            self.value(character)
        else:
            self.name(character)

    def expects_value(self) -> bool:
        return self.assigned or self.stack[-1].closer == "]"

    def name(self, character: str) -> None:
        outer = self.offset
        if len(self.names) > _MAX_LABELS or (self.names and "\n" in self.text[self.names[-1].end : outer]):
            self.drop_names()
        if character in _QUOTES:
            start, end = self.quoted()
            self.names.append(_Name(literal.unescape(self.text[start:end]), start, end, outer))
        elif name := _NAME.match(self.text, outer):
            self.offset = name.end()
            self.names.append(_Name(name[0], outer, name.end(), outer))

    def quoted(self) -> tuple[int, int]:
        start = self.offset + 1
        if self.text[self.offset] == '"':
            end = literal.close(self.text, start, _STOPS, '"\n')
        else:
            end = literal.close_quote(self.text, self.offset)
        closed = end < len(self.text) and self.text[end] != "\n"
        if not closed:
            self.fault("a string is never closed")
        self.offset = end + closed
        return start, end

    def assign(self) -> None:
        self.assigned = bool(self.names)
        if not self.names:
            self.fault("a value without a name")
        self.offset += 1
        if self.assigned and _NEXT_NAME.match(self.text, self.offset):
            self.fault("a name without a value")
            self.add("", self.offset, self.offset)

    def value(self, character: str) -> None:
        if character in _QUOTES:
            start, end = self.quoted()
            self.add(literal.unescape(self.text[start:end]), start, end)
        elif heredoc := _HEREDOC.match(self.text, self.offset):
            self.heredoc(heredoc)
        elif word := _WORD.match(self.text, self.offset):
            self.offset = word.end()
            self.add(literal.typed(word[0]), *word.span())
        else:
            self.fault("an unexpected character")
            self.offset += 1

    def heredoc(self, opening: re.Match[str]) -> None:
        start = opening.end()
        end, self.offset = literal.heredoc(self.text, start, opening[2])
        if end == len(self.text):
            self.fault("a heredoc is never closed")
        body = self.text[start:end]
        self.add(literal.dedent(body) if opening[1] else body, start, end)

    def add(self, value: Scalar, start: int, end: int) -> None:
        frame = self.stack[-1]
        in_list = frame.closer == "]"
        key = frame.names[-1] if in_list else self.key()
        frame.attributes.append(Entry(frame.path, key.text, value, start, end, key.start, key.end))
        if not in_list:
            self.assigned = False

    def key(self) -> _Name:
        key = self.names.pop()
        self.drop_names()
        return key

    def drop_names(self) -> None:
        for name in self.names:
            self.faults.append(Fault(name.start, "a name without a value"))
        self.names.clear()

    def open(self, character: str) -> None:
        frame = self.stack[-1]
        names = frame.names if frame.closer == "]" else tuple(self.names)
        path = frame.path
        if character == "{":
            path += tuple(name.text for name in names)
        if len(self.stack) >= literal.MAX_DEPTH:
            self.fault("nested too deeply")
            path = frame.path
        anonymous = _Name("", self.offset, self.offset, self.offset)
        self.stack.append(_Frame("}" if character == "{" else "]", path, names or (anonymous,), self.offset))
        self.names, self.assigned = [], False
        self.offset += 1

    def close(self) -> None:
        closer = self.text[self.offset : self.offset + 1]
        self.drop_names()
        self.assigned = False
        self.offset += len(closer)
        if len(self.stack) == 1:
            self.fault("a closing brace or bracket without its opening")
            return
        frame = self.stack.pop()
        if closer not in ("", frame.closer):
            self.fault("a closing brace or bracket that does not match")
        self.keep(frame)

    def keep(self, frame: _Frame) -> None:
        parent = self.stack[-1]
        if frame.closer == "]" or not frame.names[0].text or len(self.stack) >= literal.MAX_DEPTH:
            parent.attributes += frame.attributes
            parent.blocks += frame.blocks
            return
        kind, labels = frame.names[0], tuple(name.text for name in frame.names[1:])
        body = Body(tuple(frame.attributes), tuple(frame.blocks))
        start = frame.start if parent.closer == "]" else kind.outer
        parent.blocks.append(Block(kind.text, labels, body, start, self.offset, kind.start, kind.end))


def _labelled(blocks: list[Block]) -> Iterator[Block]:
    """`blocks`, where one without labels that holds nothing but blocks becomes one block for each of them."""
    for block in blocks:
        if block.labels or block.body.attributes or not block.body.blocks:
            yield block
        else:
            for inner in block.body.blocks:
                yield replace(block, labels=(inner.type, *inner.labels), body=inner.body)
