"""JSON with places; comments, missing and trailing commas are read over, duplicate keys kept."""

import re

from hmco_charts.formats import literal
from hmco_charts.formats.entry import Reading, Scalar
from hmco_charts.formats.nested import Key, Scanner


def read(text: str) -> Reading:
    """The text's scalars; the path is made of the objects' keys, list items go by the list's own key."""
    return _Scanner(text).reading()


_TOKEN = re.compile(
    r"""(?x) (?P<punctuation>[{}\[\],:])
    | (?P<string>["'])
    | (?P<comment>//[^\n]*|\#[^\n]*|/\*(?s:.*?)(?:\*/|\Z))
    | (?P<word>[^\s{}\[\],:"'/#]+|.)"""
)
_SPACE = re.compile(r"[\s\ufeff]*")
_COLON = re.compile(r"\s*:")
_STOPS = {'"': re.compile(r'"|\\.', re.DOTALL), "'": re.compile(r"'|\\.", re.DOTALL)}


class _Scanner(Scanner):
    def skip(self) -> int:
        space = _SPACE.match(self.text, self.offset)
        assert space
        self.offset = space.end()
        return self.offset

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
        else:
            self.key = None if character == "," else self.key
            self.offset += 1

    def string(self, quote: str) -> None:
        start = self.offset + 1
        end = literal.close(self.text, start, _STOPS[quote], quote)
        self.quoted(start, end, 1)
        self.key_or_scalar(literal.unescape(self.text[start:end]), start, end)

    def word(self, word: str) -> None:
        start = self.offset
        value = literal.typed(word)
        if isinstance(value, str):
            self.fault("a word without quotes")
        self.offset += len(word)
        self.key_or_scalar(value, start, self.offset)

    def key_or_scalar(self, value: Scalar, start: int, end: int) -> None:
        in_object = self.stack[-1].closer == "}"
        if in_object and self.key is None and _COLON.match(self.text, self.offset):
            self.key = Key(str(value), start, end)
        else:
            self.scalar(value, start, end)
