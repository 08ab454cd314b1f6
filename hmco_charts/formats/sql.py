"""SQL scripts: the string literals that statements take as passwords and connection strings.

Comments and the insides of strings are masked by text of the same length, so that plain patterns find the
statements, inside `DO $$ … $$` too. psql's variables (`:'pw'`) are references and give no entry.
"""

import re
from collections.abc import Iterator, Sequence

from hmco_charts.formats import literal
from hmco_charts.formats.entry import Entry, Reading


def read(text: str) -> Reading:
    """Passwords (with the key `PASSWORD`, also for `IDENTIFIED BY`), settings, options, connection strings, rows.

    The path is the statement's kind and the object's name, such as `("CREATE ROLE", "vault")`; a string that a row
    inserts has its column's name.
    """
    masked = _OPAQUE.sub(_masked, text)
    return Reading(tuple(sorted((*_entries(text, masked), *_inserted(text, masked)), key=lambda entry: entry.start)))


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
    | \bIDENTIFIED\s+BY\s+(?P<bare>(?!(?:RANDOM|PASSWORD|VALUES|NULL)\b)[A-Za-z][\w$\#]*)(?![\w$\#'"(.])
    | (?: \b(?P<identified>IDENTIFIED\s+(?:WITH\s+\S+\s+)?BY|SET\s+(?:PLAINTEXT\s+)?PASSWORD(?=\s+["'])) \s*
        | \b(?P<password>(?:\w+_)?PASSWORD) \s*(?:(?:FROM\s*'[^']*'\s*TO|=|\bTO\b)\s*)?(?:\(\s*)?
        | \b(?P<connection>CONNECTION) \s*
        | \b(?P<link>dblink)\s*\(\s*
        | \b(?P<connect>dblink_connect(?:_u)?) \s*\(\s* (?:'[^']*'\s*,\s*)?
        | (?P<new>=) \s*
        | \bSET\s+(?P<setting>[\w.]+) \s*(?:(?:=|\bTO\b)\s*)?
        | [(,]\s*(?:(?:ADD|SET)\s+)?(?P<option>\w+) \s+ )
      [NE]?(?P<quote>['"]|\$\w*\$)(?P<content>[^'"$]*)(?P=quote)"""
)
_INSERT = re.compile(
    rf"(?i)\bINSERT\s+(?:IGNORE\s+)?INTO\s+(?P<table>{_NAME})\s*\((?P<columns>[\w\s,\"`]+)\)\s*VALUES\b"
)
_ROW = re.compile(r"[\s,]*\((?P<values>(?:[^()]|\([^()]*\))*)\)")
_ITEM = re.compile(r"(?:[^,()]|\([^()]*\))+")
_QUOTED = re.compile(r"\s*[NE]?'(?P<content>(?:[^']|'')*)'\s*")
_COLUMN = re.compile(r"\w+")
_KEYS = ("identified", "password", "connection", "link", "connect", "new", "setting", "option")


def _entries(text: str, masked: str) -> Iterator[Entry]:
    path: tuple[str, ...] = ()
    for match in _PATTERN.finditer(masked):
        if match["end"]:
            path = ()
        elif match["verb"]:
            kind = " ".join([match["verb"], *match["kind"].split()]).upper()
            path = (kind, text[slice(*match.span("name"))].strip("\"'`[]"))
        elif match["bare"]:
            yield Entry(path, "PASSWORD", match["bare"], *match.span("bare"), match.start(), match.start("bare"))
        elif _is_setting(match, path):
            yield _entry(text, path, match)


def _inserted(text: str, masked: str) -> Iterator[Entry]:
    for insert in _INSERT.finditer(masked):
        path = ("INSERT", text[slice(*insert.span("table"))].strip("\"'`[]"))
        columns = list(_COLUMN.finditer(text, *insert.span("columns")))
        row = _ROW.match(masked, insert.end())
        while row:
            yield from _of_row(text, path, columns, list(_ITEM.finditer(masked, *row.span("values"))))
            row = _ROW.match(masked, row.end())


def _of_row(
    text: str, path: tuple[str, ...], columns: Sequence[re.Match[str]], items: Sequence[re.Match[str]]
) -> Iterator[Entry]:
    for column, item in zip(columns, items, strict=False):
        quoted = _QUOTED.fullmatch(text, *item.span())
        if quoted:
            value = quoted["content"].replace("''", "'")
            yield Entry(path, column.group(), value, *quoted.span("content"), *column.span())


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
