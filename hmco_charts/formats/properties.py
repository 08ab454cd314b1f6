r"""Java properties: continued lines, `\u` escapes, and a key that ends at `=`, `:` or white space.

Source: `java.util.Properties.load`.
"""

import re

from hmco_charts.formats import literal
from hmco_charts.formats.entry import Entry, Reading

_COMMENT = r"[#!][^\r\n]*"
_KEY = r"(?P<key>(?:[^\\=:\s]+|\\[^\r\n])+)"
_SEPARATOR = r"(?:[ \t\f]|\\\r?\n)*(?:[=:](?:[ \t\f]|\\\r?\n)*)?"
_VALUE = r"(?P<value>(?:[^\\\r\n]+|\\(?:\r\n|[^\r]))*)"
_LINE = re.compile(rf"(?m)^[ \t\f]*(?:{_COMMENT}|{_KEY}{_SEPARATOR}{_VALUE})")
_CONTINUATION = re.compile(r"\\\r?\n[ \t\f]*")


def read(text: str) -> Reading:
    """The text's properties; values are strings, without a path."""
    return Reading(tuple(_entry(line) for line in _LINE.finditer(text) if line["key"]))


def _entry(line: re.Match[str]) -> Entry:
    key = literal.unescape(line["key"])
    value = literal.unescape(_CONTINUATION.sub("", line["value"]))
    return Entry((), key, value, *line.span("value"), *line.span("key"))
