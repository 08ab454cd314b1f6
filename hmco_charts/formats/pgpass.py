r"""PostgreSQL's password file: `host:port:database:user:password`, `\:` and `\\` escaped.

Source: PostgreSQL documentation, "The Password File".
"""

import re

from hmco_charts.formats.entry import Entry, Reading

_FIELD = r"([^\\:\r\n]*(?:\\.[^\\:\r\n]*)*)"
_LINE = re.compile(rf"(?m)^(?!#){_FIELD}:{_FIELD}:{_FIELD}:{_FIELD}:([^\r\n]*)")
_ESCAPE = re.compile(r"\\(.)")


def read(text: str) -> Reading:
    """One entry `password` a line; the path is host, port, database and user."""
    return Reading(tuple(_entry(line) for line in _LINE.finditer(text)))


def _entry(line: re.Match[str]) -> Entry:
    host, port, database, user, password = (_ESCAPE.sub(r"\1", field) for field in line.groups())
    start, end = line.span(5)
    return Entry((host, port, database, user), "password", password, start, end, start, start)
