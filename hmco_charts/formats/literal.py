"""Quoted words, escapes, numbers and heredocs: the pieces that the formats share.

Everything here takes linear time and never fails, also on text that was made to make it slow.
"""

import re
from collections.abc import Iterable

from hmco_charts.formats.entry import Scalar

MAX_DEPTH = 100
"""Nesting from which on a reader no longer lengthens the path; bounds its time and memory."""

MAX_FAULTS = 1000
"""Faults after which a reader gives a text up: it is no text of that format, or a hostile one."""

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "a": "\a"}
_NUMBER = re.compile(r"[-+]?(?:\d+|\d*\.\d+|\d+\.)(?:[eE][-+]?\d+)?")
_WORDS: dict[str, Scalar] = {"true": True, "false": False, "null": None}
_DIGITS = 300
_STRING_STOPS = re.compile(r'["\n]|\\.')
_SINGLE_STOPS = re.compile(r"['\n]|\\.")
_LINE = re.compile(r"[^\n]*\n?")


def close(text: str, start: int, stops: re.Pattern[str], closers: str) -> int:
    """The offset of the first stop from `start` on that begins with one of `closers`, else the text's end.

    Stops that begin otherwise (an escape, an interpolation) are passed over as a whole.
    """
    for stop in stops.finditer(text, start):
        if stop[0][0] in closers:
            return stop.start()
    return len(text)


def close_quote(text: str, start: int) -> int:
    """The offset of the quote that ends the one-line string opened at `start`, or of the line's end."""
    quote = text[start]
    return close(text, start + 1, _STRING_STOPS if quote == '"' else _SINGLE_STOPS, quote + "\n")


def unescape(raw: str) -> str:
    r"""`raw` with its backslash escapes resolved; `\q` of no meaning is `q`."""
    if "\\" not in raw:
        return raw
    resolved = _ESCAPE.sub(_character, raw)
    if _SURROGATE.search(resolved):
        return resolved.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return resolved


def _character(escape: re.Match[str]) -> str:
    if escape[4] is not None:
        return _CONTROLS.get(escape[4], escape[4])
    code = int(escape[1] or escape[2] or escape[3], 16)
    return chr(code) if code <= 0x10FFFF else "\ufffd"  # noqa: PLR2004 - Unicode's last code point


def typed(word: str) -> Scalar:
    """The boolean, null or decimal number that `word` spells, else the word itself."""
    if word in _WORDS:
        return _WORDS[word]
    if len(word) > _DIGITS or not _NUMBER.fullmatch(word):
        return word
    return int(word) if word.lstrip("+-").isdecimal() else float(word)


def heredoc(text: str, start: int, label: str) -> tuple[int, int]:
    """Where a heredoc's body that begins at `start` ends, and the offset behind its closing line.

    Both are the text's length when no line holds the label alone.
    """
    for line in _LINE.finditer(text, start):
        if line[0].strip() == label:
            return line.start(), line.end() - line[0].endswith("\n")
    return len(text), len(text)


def dedent(body: str) -> str:
    """`body` without the white space that all its lines begin with (`<<-` in HCL)."""
    lines = body.split("\n")
    margin = min(_margins(lines), default=0)
    return "\n".join(line[margin:] for line in lines)


def _margins(lines: Iterable[str]) -> Iterable[int]:
    return (len(line) - len(line.lstrip()) for line in lines if line.strip())
