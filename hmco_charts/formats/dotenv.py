"""Files of environment variables (`.env`, `env_file`), with or without `export` and quotes."""

import re

from hmco_charts.formats import literal
from hmco_charts.formats.entry import Entry, Fault, Reading

_NAME = re.compile(r"(?m)^[ \t]*(?:export[ \t]+)?(?P<key>[\w.-]+)[ \t]*=[ \t]*(?P<rest>[^\n]*)")
_COMMENT = re.compile(r"(?:^|[ \t])#")
_STOPS = {'"': re.compile(r'"|\\.', re.DOTALL), "'": re.compile(r"'")}


def read(text: str) -> Reading:
    """The variables; a quoted value may hold line ends, and only double quotes know escapes."""
    entries: list[Entry] = []
    faults: list[Fault] = []
    offset = 0
    while name := _NAME.search(text, offset):
        entries.append(_variable(name, faults))
        offset = entries[-1].end
    return Reading(tuple(entries), tuple(faults))


def _variable(name: re.Match[str], faults: list[Fault]) -> Entry:
    quote, start = name["rest"][:1], name.start("rest")
    if quote in _STOPS:
        return _quoted(name, quote, faults)
    comment = _COMMENT.search(name["rest"])
    value = name["rest"][: comment.start() if comment else None].rstrip()
    return Entry((), name["key"], value, start, start + len(value), *name.span("key"))


def _quoted(name: re.Match[str], quote: str, faults: list[Fault]) -> Entry:
    text, start = name.string, name.start("rest") + 1
    end = literal.close(text, start, _STOPS[quote], quote)
    if end == len(text):
        faults.append(Fault(start, "a string is never closed"))
        end = name.end()
    value = literal.unescape(text[start:end]) if quote == '"' else text[start:end]
    return Entry((), name["key"], value, start, end, *name.span("key"))
