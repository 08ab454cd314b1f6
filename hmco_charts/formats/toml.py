"""TOML with places: tables, dotted keys, all kinds of strings, arrays and inline tables."""

import re

from hmco_charts.formats import literal
from hmco_charts.formats.entry import Reading, Scalar
from hmco_charts.formats.nested import Frame, Scanner, dotted


def read(text: str) -> Reading:
    """The text's scalars; the path is made of table names and dotted keys, array items go by the array's key."""
    return _Scanner(text).reading()


_SKIP = re.compile(r"(?:[\s,\ufeff]+|#[^\n]*)*")
_KEY = r"(?:\"[^\"\n]*\"|'[^'\n]*'|[\w-]+)"
_DOTTED = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*"
_TABLE = re.compile(rf"\[\[?[ \t]*(?P<name>{_DOTTED})[ \t]*\]\]?")
_ASSIGNMENT = re.compile(rf"(?P<name>{_DOTTED})[ \t]*=[ \t]*")
_REST = re.compile(r"[^\n]*")
_WORD = re.compile(r"\d{4}-\d\d-\d\d \d\d:[\d:.Z+-]+|[^\s,\[\]{}#]+|.")
_QUOTE = re.compile(r'"""\n?|\'\'\'\n?|"|\'')
_STOPS = {
    '"': re.compile(r'["\n]|\\.'),
    "'": re.compile(r"['\n]"),
    '"""': re.compile(r'"""(?!")|\\.', re.DOTALL),
    "'''": re.compile(r"'''(?!')"),
}
_LINE_END = re.compile(r"\\[ \t]*\r?\n\s*")


class _Scanner(Scanner):
    def skip(self) -> int:
        space = _SKIP.match(self.text, self.offset)
        assert space
        self.offset = space.end()
        return self.offset

    def step(self) -> None:
        character = self.text[self.offset]
        if character in "}]":
            self.close(character)
        elif self.key or self.stack[-1].closer == "]":
            self.value(character)
        elif len(self.stack) == 1 and (table := _TABLE.match(self.text, self.offset)):
            name = dotted(self.text, *table.span("name"))
            self.stack = [Frame("", (*name.parents, name.text)[: literal.MAX_DEPTH], None)]
            self.offset = table.end()
        elif assignment := _ASSIGNMENT.match(self.text, self.offset):
            self.key = dotted(self.text, *assignment.span("name"))
            self.offset = assignment.end()
        else:
            self.fault("no table and no setting")
            rest = _REST.match(self.text, self.offset)
            self.offset = rest.end() if rest else len(self.text)

    def value(self, character: str) -> None:
        if character in "{[":
            self.open(character)
        elif quote := _QUOTE.match(self.text, self.offset):
            self.string(quote)
        elif word := _WORD.match(self.text, self.offset):
            self.offset = word.end()
            self.scalar(_typed(word[0]), *word.span())

    def string(self, quote: re.Match[str]) -> None:
        kind, start = quote[0].strip(), quote.end()
        end = literal.close(self.text, start, _STOPS[kind], kind[0] + "\n")
        raw = self.text[start:end]
        self.quoted(start, end, len(kind) if self.text.startswith(kind, end) else 0)
        self.scalar(literal.unescape(_LINE_END.sub("", raw)) if kind[0] == '"' else raw, start, end)


def _typed(word: str) -> Scalar:
    value = literal.typed(word.replace("_", ""))
    return word if isinstance(value, str) else value
