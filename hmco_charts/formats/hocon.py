"""HOCON with places, as in Flink's, SeaTunnel's and Akka's `.conf` files.

Substitutions (`${X}`, `${?X}`) and concatenations stay as written; an `include` is passed over.
Source: lightbend/config, HOCON.md.
"""

import re

from hmco_charts.formats import literal
from hmco_charts.formats.entry import Reading
from hmco_charts.formats.nested import Scanner, dotted


def read(text: str) -> Reading:
    """The text's scalars; the path is made of dotted keys and objects, list items go by the list's own key."""
    return _Scanner(text).reading()


_SKIP = re.compile(r"(?:[\s,\ufeff]+|\#[^\n]*|//[^\n]*)*")
_INCLUDE = re.compile(r"include\s[^\n]*")
_NAME = re.compile(r"(?P<name>(?:\"[^\"\n]*\"|[^\s\"{}\[\]=:,+#$])+)\s*(?:\+?=|:|(?=\{))[ \t]*")
_QUOTE = re.compile(r'"""|"')
_PIECES = re.compile(r"(?:\$\{[^}\n]*\}|\"[^\"\n]*\"|[^\n,{}\[\]#\"/$]+|\$|/(?!/)|(?<=:)//)+")
_STOPS = {'"': re.compile(r'["\n]|\\.'), '"""': re.compile(r'"""(?!")')}
_VALUE_END = re.compile(r"[ \t]*(?:[\n,}\]#]|//|\r|\Z)")
_REST = re.compile(r"[^\n]*\n?")


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
        elif character in "{[":
            self.open(character)
        elif self.key or self.stack[-1].closer == "]":
            self.value()
        else:
            self.name()

    def name(self) -> None:
        include = _INCLUDE.match(self.text, self.offset)
        name = None if include else _NAME.match(self.text, self.offset)
        if name:
            self.key = dotted(self.text, *name.span("name"))
            self.offset = name.end()
        else:
            self.pass_line(known=bool(include))

    def pass_line(self, *, known: bool) -> None:
        if not known:
            self.fault("no setting")
        rest = _REST.match(self.text, self.offset)
        self.offset = rest.end() if rest else len(self.text)

    def value(self) -> None:
        quote = _QUOTE.match(self.text, self.offset)
        if quote and self.string(quote[0]):
            return
        start = self.offset
        pieces = _PIECES.match(self.text, start)
        content = pieces[0].rstrip() if pieces else ""
        self.offset = pieces.end() if pieces else start + 1
        self.scalar(literal.typed(content), start, start + len(content))

    def string(self, quote: str) -> bool:
        """Read a string that is the whole value; otherwise stay in front of it."""
        start = self.offset + len(quote)
        end = literal.close(self.text, start, _STOPS[quote], '"\n')
        closed = self.text.startswith(quote, end)
        if closed and not _VALUE_END.match(self.text, end + len(quote)):
            return False
        self.quoted(start, end, len(quote) if closed else 0)
        raw = self.text[start:end]
        self.scalar(raw if quote == '"""' else literal.unescape(raw), start, end)
        return True
