"""Shell scripts: variables that are set, commands with their words, here-documents, here-strings, files written.

Expansions are not performed: `$X`, `${X}`, `$(…)` and back quotes stay in a word as written.
Source: POSIX.1-2017, Shell Command Language, 2.2 to 2.10.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from hmco_charts.formats import literal
from hmco_charts.formats.entry import KEPT, Entry, Fault, Reading


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command.

    Attributes:
        text: The word with quotes and escapes resolved.
        start: Offset of its first character, inside the quotes if one pair of quotes holds the whole word.
        end: Offset behind its last character, likewise.
        quote: The quote that holds the whole word, else empty.
    """

    text: str
    start: int
    end: int
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Heredoc:
    """A text that a command is given: a here-document, or the word of a here-string (`<<<`).

    Attributes:
        text: What the command reads; `<<-` strips leading tabs.
        start: Offset of the first character, inside the quotes of a here-string.
        end: Offset behind the last one, the body's last line end included.
        target: The file that the command (or what it is piped to) writes, as written; empty if none.
    """

    text: str
    start: int
    end: int
    target: str


@dataclass(frozen=True, slots=True)
class Command:
    """A simple command.

    Attributes:
        words: Its words, assignments in front included, without redirections.
        heredocs: The texts that it is given.
        target: The file that it (or what it is piped to) writes, as written; empty if none.
        appends: Whether it adds to that file.
        is_piped: Whether the next command reads what it prints.
    """

    words: tuple[Word, ...]
    heredocs: tuple[Heredoc, ...] = ()
    target: str = ""
    appends: bool = False
    is_piped: bool = False


def read(text: str) -> Reading:
    """The variables that the script sets, by themselves, before a command, or through `export` and its kin."""
    scanner = _Scanner(text)
    found = [entry for command in scanner.commands() for entry in _assignments(text, command)]
    return Reading(tuple(found), tuple(scanner.faults))


@lru_cache(maxsize=KEPT)
def commands(text: str) -> tuple[Command, ...]:
    """All commands of the script in its order; reserved words such as `if` and `{` are left out."""
    return tuple(_Scanner(text).commands())


_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)\+?=")
_DECLARING = frozenset({"export", "declare", "typeset", "local", "readonly", "env"})


def _assignments(text: str, command: Command) -> Iterator[Entry]:
    declaring = False
    for word in command.words:
        assignment = _ASSIGNMENT.match(text, word.start, word.end)
        if assignment:
            value = _word(text, assignment.end(), word.end)
            yield Entry((), assignment[1], value.text, value.start, value.end, *assignment.span(1))
        elif word.text in _DECLARING:
            declaring = True
        elif not declaring:
            return


_PIECE = re.compile(
    r"""(?x) (?P<bare>[^\s;&|<>()"'\\$`]+)
    | \\(?:\r?\n | (?P<escaped>[^\n]))
    | '(?P<single>[^']*)'?
    | (?P<double>")
    | (?P<expansion>\$\{[^}\n]*\}? | \$(?=\() | \$ | `[^`]*`? | \\)"""
)
_DOUBLE_STOPS = re.compile(r'"|\\.', re.DOTALL)
_DOUBLE_ESCAPE = re.compile(r'\\(?:([$`"\\])|\n)')
_PARENTHESES = re.compile(r"[()]|'[^']*'|\\.", re.DOTALL)


def _word(text: str, start: int, limit: int) -> Word:
    """The word that begins at `start`; empty where none does."""
    parts: list[str] = []
    offset, quotes = start, []
    while offset < limit and (piece := _PIECE.match(text, offset)):
        part, offset = _part(text, piece)
        parts.append(part)
        quotes.append(piece[0][0])
    offset = min(offset, limit)
    if quotes in (["'"], ['"']):
        closed = offset > start + 1 and text[offset - 1] == quotes[0]
        return Word(parts[0], start + 1, offset - closed, quotes[0])
    return Word("".join(parts), start, offset)


def _part(text: str, piece: re.Match[str]) -> tuple[str, int]:
    """What a piece of a word stands for, and the offset behind it."""
    if piece["double"]:
        end = literal.close(text, piece.end(), _DOUBLE_STOPS, '"')
        return _DOUBLE_ESCAPE.sub(r"\1", text[piece.end() : end]), min(end + 1, len(text))
    if piece["expansion"] == "$" and text[piece.end() : piece.end() + 1] == "(":
        end = _closing_parenthesis(text, piece.end())
        return text[piece.start() : end], end
    part = piece["bare"] or piece["escaped"] or piece["single"] or piece["expansion"] or ""
    return part, piece.end()


def _closing_parenthesis(text: str, start: int) -> int:
    depth = 0
    for mark in _PARENTHESES.finditer(text, start):
        depth += {"(": 1, ")": -1}.get(mark[0], 0)
        if depth == 0:
            return mark.end()
    return len(text)


@dataclass(slots=True)
class _Open:
    """A command whose line is still being read."""

    words: list[Word] = field(default_factory=list)
    labels: list[re.Match[str]] = field(default_factory=list)
    strings: list[Word] = field(default_factory=list)
    target: str = ""
    appends: bool = False
    piped: bool = False
    bracket: str = ""

    def brackets(self) -> Iterator[str]:
        """The parenthesis before it, and the reserved words at its beginning."""
        yield self.bracket
        for word in self.words:
            if word.quote or word.text not in _RESERVED:
                return
            yield word.text

    def file(self) -> str:
        operands = [word.text for word in self.words[1:] if not word.text.startswith("-")]
        return self.target or (operands[0] if self.is_tee() and operands else "")

    def adds(self) -> bool:
        return self.appends or (self.is_tee() and any(word.text in ("-a", "--append") for word in self.words[1:]))

    def is_tee(self) -> bool:
        return bool(self.words) and self.words[0].text.rpartition("/")[2] == "tee"


_SPACE = re.compile(r"(?:[ \t\r\f\v]+|\\\r?\n)+")
_HEREDOC = re.compile(r"\d*<<(?P<tabs>-?)[ \t]*(?P<quote>[\"']?)(?P<label>[\w.-]+)(?P=quote)")
_REDIRECTION = re.compile(r"(?P<from>\d*|&)(?P<operator><<<|>>|>\||<>|<<|[<>]&?)")
_OPERATOR = re.compile(r"\|\|?|&&?|;;?|[()\n]")
_RESERVED = frozenset(
    ["!", "{", "}", "if", "then", "elif", "else", "fi", "do", "done", "while", "until", "case", "esac", "time"]
)
_CLOSED_BY = {"{": "}", "do": "done", "(": ")"}
_TABS = re.compile(r"(?m)^\t+")


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.offset = 0
        self.faults: list[Fault] = []
        self.line = [_Open()]
        self.finished: list[Command] = []
        self.groups: list[tuple[str, int]] = []

    def commands(self) -> list[Command]:
        while self.offset < len(self.text):
            self.step()
        self.end_line()
        return self.finished

    def step(self) -> None:
        if space := _SPACE.match(self.text, self.offset):
            self.offset = space.end()
        elif self.text[self.offset] == "#":
            line_end = self.text.find("\n", self.offset)
            self.offset = line_end if line_end >= 0 else len(self.text)
        elif heredoc := _HEREDOC.match(self.text, self.offset):
            self.line[-1].labels.append(heredoc)
            self.offset = heredoc.end()
        elif redirection := _REDIRECTION.match(self.text, self.offset):
            self.redirect(redirection)
        elif operator := _OPERATOR.match(self.text, self.offset):
            self.operate(operator)
        else:
            self.line[-1].words.append(self.word())

    def word(self) -> Word:
        word = _word(self.text, self.offset, len(self.text))
        closed = self.text[word.end : word.end + 1] == word.quote
        if word.quote and not closed:
            self.faults.append(Fault(self.offset, "a string is never closed"))
        self.offset = max(word.end + bool(word.quote and closed), self.offset + 1)
        return word

    def redirect(self, redirection: re.Match[str]) -> None:
        self.offset = redirection.end()
        space = _SPACE.match(self.text, self.offset)
        self.offset = space.end() if space else self.offset
        if self.offset < len(self.text) and not _OPERATOR.match(self.text, self.offset):
            word = self.word()
            if redirection["operator"] == "<<<":
                self.line[-1].strings.append(word)
            elif ">" in redirection["operator"] and redirection["from"] in ("", "1", "&"):
                self.line[-1].target = word.text
                self.line[-1].appends = redirection["operator"] == ">>"

    def operate(self, operator: re.Match[str]) -> None:
        self.offset = operator.end()
        if operator[0] == "\n":
            self.end_line()
        else:
            self.line[-1].piped = operator[0] == "|"
            self.line.append(_Open(bracket=operator[0]))

    def end_line(self) -> None:
        """Read the bodies of the line's heredocs and keep its commands."""
        for place, command in enumerate(self.line):
            writer = _writer(self.line, place)
            self.group(command, writer)
            strings = (Heredoc(word.text, word.start, word.end, writer.file()) for word in command.strings)
            heredocs = (*strings, *(self.heredoc(label, writer.file()) for label in command.labels))
            words = tuple(_without_reserved(command.words))
            if words or heredocs:
                self.finished.append(Command(words, heredocs, writer.file(), writer.adds(), command.piped))
        self.line = [_Open()]

    def group(self, command: _Open, writer: _Open) -> None:
        """Open and close groups of commands; what a closed one is redirected to is written by the commands in it."""
        for bracket in command.brackets():
            if bracket in _CLOSED_BY:
                self.groups.append((_CLOSED_BY[bracket], len(self.finished)))
            elif self.groups and self.groups[-1][0] == bracket:
                _, first = self.groups.pop()
                if writer.file() and len(self.groups) < literal.MAX_DEPTH:
                    self.finished[first:] = _redirected(self.finished[first:], writer)

    def heredoc(self, opening: re.Match[str], target: str) -> Heredoc:
        start = self.offset
        end, self.offset = literal.heredoc(self.text, start, opening["label"])
        if end == len(self.text):
            self.faults.append(Fault(opening.start(), "a heredoc is never closed"))
        self.offset = min(self.offset + 1, len(self.text))
        body = self.text[start:end]
        return Heredoc(_TABS.sub("", body) if opening["tabs"] else body, start, end, target)


def _writer(line: Sequence[_Open], place: int) -> _Open:
    """The command of a pipeline that writes a file; the pipeline's last one if none does."""
    end = next(at for at in range(place, len(line)) if line[at].file() or not line[at].piped or at == len(line) - 1)
    return line[end]


def _redirected(commands: Sequence[Command], writer: _Open) -> Iterator[Command]:
    """The commands of a group as they write to its file, one after the other."""
    appends = writer.adds()
    for command in commands:
        if command.target or command.is_piped:
            yield command
            continue
        heredocs = tuple(replace(each, target=writer.file()) for each in command.heredocs)
        yield replace(command, heredocs=heredocs, target=writer.file(), appends=appends)
        appends = True


def _without_reserved(words: list[Word]) -> Iterator[Word]:
    leading = True
    for word in words:
        leading = leading and not word.quote and word.text in _RESERVED
        if not leading:
            yield word
