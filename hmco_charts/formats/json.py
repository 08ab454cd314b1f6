"""JSON with places; comments, missing and trailing commas are read over, duplicate keys kept."""

import re
from typing import NamedTuple

from hmco_charts.formats import literal
from hmco_charts.formats.entry import Entry, Fault, Reading, Scalar


def read(text: str) -> Reading:
    """The text's scalars; the path is made of the objects' keys, list items go by the list's own key."""
    return _Scanner(text).reading()


class _Key(NamedTuple):
    text: str
    start: int
    end: int


class _Frame(NamedTuple):
    """An object or list that is still open; `key` is the list's own, for its items."""

    closer: str
    path: tuple[str, ...]
    key: _Key


_TOKEN = re.compile(
    r"""(?x) (?P<punctuation>[{}\[\],:])
    | (?P<string>["'])
    | (?P<comment>//[^\n]*|\#[^\n]*|/\*(?s:.*?)(?:\*/|\Z))
    | (?P<word>[^\s{}\[\],:"'/#]+|.)"""
)
_SPACE = re.compile(r"[\s\ufeff]*")
_COLON = re.compile(r"\s*:")
_STOPS = {'"': re.compile(r'"|\\.', re.DOTALL), "'": re.compile(r"'|\\.", re.DOTALL)}
_NAMELESS = _Key("", 0, 0)


class _Scanner:
    """Reads tokens from left to right with an explicit stack, so that depth costs no recursion."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.offset = 0
        self.entries: list[Entry] = []
        self.faults: list[Fault] = []
        self.stack = [_Frame("", (), _NAMELESS)]
        self.key: _Key | None = None

    def reading(self) -> Reading:
        while self.skip() < len(self.text):
            if len(self.faults) >= literal.MAX_FAULTS:
                self.fault("too many faults: the rest is not read")
                break
            self.step()
        if len(self.stack) > 1:
            self.fault("a brace or bracket is never closed")
        return Reading(tuple(self.entries), tuple(self.faults))

    def skip(self) -> int:
        space = _SPACE.match(self.text, self.offset)
        self.offset = space.end() if space else self.offset
        return self.offset

    def fault(self, message: str) -> None:
        self.faults.append(Fault(self.offset, message))

    def step(self) -> None:
        token = _TOKEN.match(self.text, self.offset)
        assert token
        if token["punctuation"]:
            self.punctuation(token[0])
        elif token["string"]:
            self.string(token[0])
        elif token["comment"]:
            self.fault("JSON has no comments")
            self.offset = token.end()
        else:
            self.word(token[0])

    def punctuation(self, character: str) -> None:
        if character in "{[":
            self.open(character)
        elif character in "}]":
            self.close(character)
        elif character == ",":
            self.key = None
        self.offset += 1

    def open(self, character: str) -> None:
        parent = self.stack[-1]
        key = self.key or parent.key
        path = parent.path
        if len(self.stack) >= literal.MAX_DEPTH:
            self.fault("nested too deeply")
        elif character == "{" and key.text:
            path = (*path, key.text)
        self.stack.append(_Frame("}", path, _NAMELESS) if character == "{" else _Frame("]", path, key))
        self.key = None

    def close(self, character: str) -> None:
        self.key = None
        if self.stack[-1].closer == character:
            self.stack.pop()
        else:
            self.fault("a closing brace or bracket that does not match")

    def string(self, quote: str) -> None:
        start = self.offset + 1
        end = literal.close(self.text, start, _STOPS[quote], quote)
        if end == len(self.text):
            self.fault("a string is never closed")
        self.offset = min(end + 1, len(self.text))
        self.scalar(literal.unescape(self.text[start:end]), start, end)

    def word(self, word: str) -> None:
        start = self.offset
        value = literal.typed(word)
        if isinstance(value, str):
            self.fault("a word without quotes")
        self.offset += len(word)
        self.scalar(value, start, self.offset)

    def scalar(self, value: Scalar, start: int, end: int) -> None:
        frame = self.stack[-1]
        if frame.closer == "}" and self.key is None and _COLON.match(self.text, self.offset):
            self.key = _Key(str(value), start, end)
            return
        key = self.key or frame.key
        place = (key.start, key.end) if key.text or self.key else (start, start)
        self.entries.append(Entry(frame.path, key.text, value, start, end, *place))
        self.key = None
