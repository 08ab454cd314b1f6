"""SQL scripts: the string literals that statements take as passwords and connection strings.

Comments and the insides of strings are masked by text of the same length, so that plain patterns find the
statements, inside `DO $$ … $$` too. psql's variables (`:'pw'`) are references and give no entry.
"""

import re
from collections.abc import Iterator

from hmco_charts.formats import literal
from hmco_charts.formats.entry import Entry, Reading


def read(text: str) -> Reading:
    """Passwords (with the key `PASSWORD`, also for `IDENTIFIED BY`), settings, options, connection strings.

    The path is the statement's kind and the object's name, such as `("CREATE ROLE", "vault")`.
    """
    return Reading(tuple(_entries(text)))


_OPAQUE = re.compile(
    r"""(?xs) --[^\n]* | /\*.*?(?:\*/|\Z)
    | :'[^'\n]*' | :"[^"\n]*"
    | (?<!\w)[eE]'(?:[^'\\]+|''|\\.)*'?
    | '(?:[^']+|'')*'?
    | "[^"\n]*" """
)
_QUOTE = re.compile(r"[eE]?['\"]")
_NAME = r"(?:\"[^\"]*\"|'[^']*'|`[^`\n]*`|\[[^\]\n]*\]|[\w.$-]+)"
_PATTERN = re.compile(
    rf"""(?xi) (?P<end>;)
    | \b(?P<verb>CREATE|ALTER|SET|DROP) \s+ (?:OR\s+REPLACE\s+)?
        (?P<kind>USER\s+MAPPING|USER|ROLE|LOGIN|GROUP|SERVER|SUBSCRIPTION|PASSWORD(?=\s+FOR)) \s+
        (?:IF\s+(?:NOT\s+)?EXISTS\s+)? (?:FOR\s+)? (?P<name>{_NAME}) (?:@{_NAME})?
    | (?: \b(?P<identified>IDENTIFIED\s+(?:WITH\s+\S+\s+)?BY) \s*
        | \b(?P<password>(?:\w+_)?PASSWORD) \s*(?:(?:=|\bTO\b)\s*)?(?:\(\s*)?
        | \b(?P<connection>CONNECTION) \s*
        | \b(?P<link>dblink)\s*\(\s*
        | \b(?P<connect>dblink_connect(?:_u)?) \s*\(\s* (?:'[^']*'\s*,\s*)?
        | (?P<new>=) \s*
        | \bSET\s+(?P<setting>[\w.]+) \s*(?:(?:=|\bTO\b)\s*)?
        | [(,]\s*(?:(?:ADD|SET)\s+)?(?P<option>\w+) \s+ )
      [NE]?(?P<quote>['"]|\$\w*\$)(?P<content>[^'"$]*)(?P=quote)"""
)
_KEYS = ("identified", "password", "connection", "link", "connect", "new", "setting", "option")


def _entries(text: str) -> Iterator[Entry]:
    path: tuple[str, ...] = ()
    for match in _PATTERN.finditer(_OPAQUE.sub(_masked, text)):
        if match["end"]:
            path = ()
        elif match["verb"]:
            kind = " ".join([match["verb"], *match["kind"].split()]).upper()
            path = (kind, text[slice(*match.span("name"))].strip("\"'`[]"))
        elif _is_setting(match, path):
            yield _entry(text, path, match)


def _is_setting(match: re.Match[str], path: tuple[str, ...]) -> bool:
    if match["new"]:
        return path[:1] == ("SET PASSWORD",)
    return match["quote"] != '"' or bool(match["identified"])


def _masked(opaque: re.Match[str]) -> str:
    """The same length without the inside: blanks for a comment, quotes around letters for a string."""
    raw: str = opaque[0]
    if raw.startswith(("-", "/")):
        return " " * len(raw)
    opening = _QUOTE.match(raw)
    if not opening:
        return "x" * len(raw)
    inside = len(raw) - opening.end() - 1
    return opening[0] + "x" * inside + raw[-1] if inside >= 0 else raw


def _entry(text: str, path: tuple[str, ...], match: re.Match[str]) -> Entry:
    group = next(name for name in _KEYS if match[name])
    start, end = match.span("content")
    is_password = group in ("identified", "password", "new")
    key = "PASSWORD" if is_password else match[group]
    return Entry(path, key, _value(text, match), start, end, *match.span(group))


def _value(text: str, match: re.Match[str]) -> str:
    raw = text[slice(*match.span("content"))]
    if match["quote"] != "'":
        return raw
    raw = raw.replace("''", "'")
    escaping = text[match.start("quote") - 1].upper() == "E"
    return literal.unescape(raw) if escaping else raw
