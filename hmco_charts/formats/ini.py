r"""Settings by the line: ini, `my.cnf`, `postgresql.conf`, `redis.conf`, `zoo.cfg`, and nginx-like blocks.

One reader for a family without a grammar: sections in brackets or braces, a key, then `=`, `:` or white space,
then a value with or without quotes, or Go's backquotes; `#` and `;` begin a comment at a line's start and behind
white space.
"""

import re

from hmco_charts.formats import literal
from hmco_charts.formats.entry import Entry, Reading

_SECTION = re.compile(r"[ \t]*\[+([^\[\]]*)\]")
_BLOCK = re.compile(r"[ \t]*(\w[^;{}]*)\{[ \t]*(?:#.*)?$")
_SETTING = re.compile(
    r"""(?x) [ \t]* (?P<key> (?:[^\s=:\#;\[\]{}"'<>]+ (?=[ \t]*[=:]) | [\w.$@/-]+ (?:[ \t]+[\w.-]+)* (?=[ \t]+=))
                   | [^\s=:\#;\[\]{}"'<>]+ )
    (?P<separator> [ \t]*(?:=>|[=:])[ \t]* | [ \t]+ ) (?P<value>.*)"""
)
_COMMENT = re.compile(r"(?:^|[ \t])[#;]")
_QUOTED = re.compile(r"[ \t]*(?:;[ \t]*)?(?:[#;].*)?$")
_BACKQUOTED = re.compile(r"`([^`\s]+|[^`/$|]+)`[ \t]*(?:[#;].*)?$")
_LINE = re.compile(r"[^\r\n]+")


def read(text: str) -> Reading:
    """The text's settings; the path is the section, or the blocks that enclose the setting."""
    entries: list[Entry] = []
    path: tuple[str, ...] = ()
    for line in _LINE.finditer(text):
        if section := _SECTION.match(line[0]):
            path = (section[1].strip(),)
        elif block := _BLOCK.match(line[0]):
            path = (*path, block[1].strip())[: literal.MAX_DEPTH]
        elif line[0].strip() == "}":
            path = path[:-1]
        elif setting := _SETTING.match(line[0]):
            entries.append(_entry(path, setting, line.start()))
    return Reading(tuple(entries))


def _entry(path: tuple[str, ...], setting: re.Match[str], line: int) -> Entry:
    raw = setting["value"]
    start, end = _content(raw, spaced=not setting["separator"].strip())
    value = literal.unescape(raw[start:end]) if raw[:start] == '"' else raw[start:end]
    offset = line + setting.start("value")
    key_start, key_end = setting.span("key")
    return Entry(path, setting["key"], value, offset + start, offset + end, line + key_start, line + key_end)


def _content(raw: str, *, spaced: bool) -> tuple[int, int]:
    """Where a value's content begins and ends in the rest of its line, without quotes and comment."""
    if raw[:1] in ("'", '"'):
        end = literal.close_quote(raw, 0)
        if _QUOTED.match(raw, end + 1):
            return 1, end
    if in_backquotes := _BACKQUOTED.match(raw):
        return in_backquotes.span(1)
    comment = _COMMENT.search(raw)
    content = raw[: comment.start() if comment else None].rstrip()
    if spaced:
        content = content.removesuffix(";").rstrip()
    return 0, len(content)
