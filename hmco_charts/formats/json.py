"""JSON with places; comments, missing and trailing commas are read over, duplicate keys kept."""

import re

from hmco_charts.formats import literal
from hmco_charts.formats.entry import Reading, Scalar
from hmco_charts.formats.nested import Key, Scanner


def read(text: str) -> Reading:
    """The text's scalars; the path is made of the objects' keys, list items go by the list's own key."""
    return _Scanner(text).reading()


_TOKEN = re.compile(
    r"""(?x) "(?P<simple>[^"\\]*)" (?P<colon>\s*:)?
    | (?P<opening>[{\[])
    | (?P<closing>[}\]])
    | (?P<quote>["'])
    | (?P<comment>//[^\n]*|\#[^\n]*|/\*(?s:.*?)(?:\*/|\Z))
    | (?P<word>[^\s{}\[\],:"'/#]+|.)"""
)
_SKIP = re.compile(r"[\s,\ufeff]*")
_COLON = re.compile(r"\s*:")
_STOPS = {'"': re.compile(r'"|\\.', re.DOTALL), "'": re.compile(r"'|\\.", re.DOTALL)}


class _Scanner(Scanner):
    def skip(self) -> int:
        space = _SKIP.match(self.text, self.offset)
        assert space
        self.offset = space.end()
        return self.offset

    def step(self) -> None:
        token = _TOKEN.match(self.text, self.offset)
        assert token
        match token.lastgroup:
            case "simple" | "colon":
                self.simple(token)
            case "opening":
                self.open(token[0])
            case "closing":
                self.close(token[0])
            case "quote":
                self.string(token[0])
            case "comment":
                self.fault("JSON has no comments")
                self.offset = token.end()
            case _:
                self.word(token[0])

    def simple(self, token: re.Match[str]) -> None:
        self.offset = token.end()
        if token["colon"] and self.stack[-1].closer != "]":
            self.key = Key(token["simple"], *token.span("simple"))
        else:
            self.scalar(token["simple"], *token.span("simple"))

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
        if word != ":":
            self.key_or_scalar(value, start, self.offset)

    def key_or_scalar(self, value: Scalar, start: int, end: int) -> None:
        colon = _COLON.match(self.text, self.offset)
        if colon and self.stack[-1].closer != "]":
            self.key = Key(self.text[start:end] if value is None else str(value), start, end)
            self.offset = colon.end()
        else:
            self.scalar(value, start, end)
