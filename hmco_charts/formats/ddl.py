"""SQL that sets up a database: roles, databases, tables, grants; in scripts of SQL and within shell scripts alike.

Sources: https://www.postgresql.org/docs/current/sql-commands.html; https://dev.mysql.com/doc/refman/8.4/en/.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from hmco_charts.formats.entry import KEPT

_STRING = r"'(?:[^'\n]|'')*'"
_SQL_OPAQUE = re.compile(rf"--[^\n]*|/\*.*?(?:\*/|\Z)|{_STRING}", re.DOTALL)
_SHELL_OPAQUE = re.compile(r"(?<![\w$])#[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_NAME = r"(?:\"[^\"\n]+\"|`[^`\n]+`|'[^'\n]+'|[\w$.{}:@%-]+)"
_STATEMENT = re.compile(
    rf"""(?xi)\b(?:
      (?P<create>CREATE) \s+ (?:OR\s+REPLACE\s+)?(?:UNLOGGED\s+|TEMP(?:ORARY)?\s+)?
        (?P<kind>USER|ROLE|DATABASE|SCHEMA|TABLE)\b(?!\s+MAPPING) \s+
        (?P<guard>IF\s+NOT\s+EXISTS\s+)? (?P<name>(?!IF\b|FROM\b|LIKE\b){_NAME})
    | (?P<alter>ALTER) \s+ (?P<altered>DATABASE|SCHEMA) \s+ (?P<owned>{_NAME}) \s+ OWNER\s+TO
    | (?P<grant>GRANT) \s+ (?P<rights>[\w,\s]+?) \s+ ON \s+ (?P<target>DATABASE|SCHEMA|ALL\s+TABLES\s+IN\s+SCHEMA)?
        \s* (?P<granted>{_NAME}) \s+ TO )"""
)
_PARAMETER = re.compile(r"[$:{}@%]|^'")
_OWNER = re.compile(rf"(?i)\bOWNER\s*(?:TO|=)?\s*(?P<name>{_NAME})")
_GRANTEE = re.compile(rf"(?i)\bTO\s+(?P<name>{_NAME})")
_AUTHORIZED = re.compile(rf"(?i)\bAUTHORIZATION\s+(?P<name>{_NAME})")
_KEY = re.compile(r"(?i)\b(?:PRIMARY\s+KEY|UNIQUE)\b[^(,]*\((?P<columns>[^)]*)\)")
_OWN_KEY = re.compile(r"(?i)\b(?:PRIMARY\s+KEY|UNIQUE)\b(?!\s*\()")
_UNIQUE_INDEX = re.compile(rf"(?i)\bCREATE\s+UNIQUE\s+INDEX\b[^;()]*\bON\s+(?P<table>{_NAME})\s*\((?P<columns>[^)]*)\)")
_CONSTRAINT = re.compile(
    r"(?i)^\s*(?:CONSTRAINT|PRIMARY|UNIQUE|FOREIGN|CHECK|EXCLUDE|LIKE)\b|^\s*(?:INDEX|KEY)\s+\w*\s*\("
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement.

    Attributes:
        verb: `CREATE USER` (roles too), `CREATE DATABASE`, `CREATE SCHEMA`, `CREATE TABLE`, `ALTER DATABASE`,
            `ALTER SCHEMA` or `GRANT`.
        name: What is created, altered or granted on, without quotes and schema.
        is_parameter: Whether the name comes from a variable.
        target: What a grant is on: `DATABASE`, `SCHEMA` or empty for tables.
        role: The owner, or who is granted to; empty if absent.
        rights: A grant's privileges in upper case.
        columns: A table's columns in their order.
        keys: The column lists of a table's primary key and unique constraints.
        is_guarded: Whether it says `IF NOT EXISTS`.
        start: Offset of the first character.
        end: Offset behind the statement.
    """

    verb: str
    name: str
    is_parameter: bool
    target: str
    role: str
    rights: str
    columns: tuple[Column, ...]
    keys: tuple[tuple[str, ...], ...]
    is_guarded: bool
    start: int
    end: int


@lru_cache(maxsize=KEPT)
def statements(text: str, *, is_shell: bool = False) -> tuple[Statement, ...]:
    """The statements of a script, in its order.

    Args:
        text: The script.
        is_shell: Whether it is a shell script that holds SQL in words and here-documents.
    """
    masked = (_SHELL_OPAQUE if is_shell else _SQL_OPAQUE).sub(_blank, text)
    found = list(_STATEMENT.finditer(masked))
    ends = [*(match.start() for match in found), len(masked)][1:]
    return tuple(_statement(masked, match, end) for match, end in zip(found, ends, strict=True))


def unique_indexes(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The tables of `CREATE UNIQUE INDEX`, each with the index's columns."""
    for match in _UNIQUE_INDEX.finditer(_SQL_OPAQUE.sub(_blank, text)):
        yield _plain(match["table"]), _column_names(match["columns"])


def _blank(match: re.Match[str]) -> str:
    quote = "'" if match.group().startswith("'") else " "
    return quote + re.sub(r"[^\n]", "x" if quote == "'" else " ", match.group()[1:-1]) + quote


def _statement(text: str, match: re.Match[str], limit: int) -> Statement:
    end = text.find(";", match.end(), limit)
    end = limit if end < 0 else end
    body = text[match.end() : end]
    raw = match["name"] or match["owned"] or match["granted"]
    verb = _verb(match)
    columns, keys = _table(body) if verb == "CREATE TABLE" else ((), ())
    return Statement(
        verb=verb,
        name=_plain(raw),
        is_parameter=bool(_PARAMETER.search(raw)),
        target=" ".join((match["target"] or "").upper().split()).rpartition(" ")[2],
        role=_role(verb, text[match.start() : end]),
        rights=" ".join((match["rights"] or "").upper().split()),
        columns=columns,
        keys=keys,
        is_guarded=bool(match["guard"]),
        start=match.start(),
        end=match.start() + len(text[match.start() : end].rstrip()),
    )


def _verb(match: re.Match[str]) -> str:
    if match["create"]:
        kind = match["kind"].upper()
        return f"CREATE {'USER' if kind == 'ROLE' else kind}"
    return f"ALTER {match['altered'].upper()}" if match["alter"] else "GRANT"


def _role(verb: str, statement: str) -> str:
    pattern = {"GRANT": _GRANTEE, "CREATE SCHEMA": _AUTHORIZED}.get(verb, _OWNER)
    found = pattern.search(statement)
    return _plain(found["name"]) if found else ""


def _table(body: str) -> tuple[tuple[Column, ...], tuple[tuple[str, ...], ...]]:
    columns, keys = [], [_column_names(match["columns"]) for match in _KEY.finditer(body)]
    for part in _parts(body):
        name, _, rest = part.strip().partition(" ")
        if name and not _CONSTRAINT.match(part):
            columns.append(Column(_plain(name), (rest.split() or [""])[0].upper()))
            keys += [(_plain(name),)] if _OWN_KEY.search(rest) else []
    return tuple(columns), tuple(keys)


def _parts(body: str) -> Iterator[str]:
    """What stands between the outermost commas of the first parentheses."""
    depth, start = 0, 0
    for at, character in enumerate(body):
        if character == "(":
            depth += 1
            start = at + 1 if depth == 1 else start
        elif character == ")":
            depth -= 1
            if depth == 0:
                yield body[start:at]
                return
        elif character == "," and depth == 1:
            yield body[start:at]
            start = at + 1


def _column_names(columns: str) -> tuple[str, ...]:
    return tuple(_plain(column.strip().partition(" ")[0]) for column in columns.split(","))


def _plain(name: str) -> str:
    """The name without its schema and quotes; without quotes it is folded to lower case."""
    last = name.rpartition(".")[2]
    return last.strip("\"'`") if last[:1] in '"`' else last.strip("'").lower()
