"""Connection strings: URLs, JDBC and libpq's key words, without their passwords.

Sources: RFC 3986; https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING;
https://jdbc.postgresql.org/documentation/use/; https://dev.mysql.com/doc/connector-j/en/connector-j-reference-jdbc-url-format.html
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import unquote

from hmco_charts.formats.entry import KEPT

_URL = re.compile(r"(?:jdbc:)?(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{0,40})://(?P<rest>[^\s\"'`<>\\]*)")
_WORDS = re.compile(r"(?:^|[\s\"'])(?P<words>(?:[a-z_]+\s*=\s*(?:'[^'\n]*'|[^\s'\"]+)[ \t]*){2,})")
_WORD = re.compile(r"([a-z_]+)\s*=\s*(?:'([^'\n]*)'|([^\s'\"]+))")
_OPTION = re.compile(r"[?&;]([A-Za-z][\w.-]*)=([^&;#\s]*)")
_CUT = re.compile(r"[/?#;]")
_TAIL = re.compile(r"[?#;]")
_SCHEMES = {"postgres": "postgresql", "mariadb": "mysql"}
_TELLING = {"dbname", "user", "port", "sslmode"}
_HOST = re.compile(r"\[?(?P<host>[0-9A-Za-z_.:%-]*?)\]?(?::(?P<port>\d+))?")


@dataclass(frozen=True, slots=True)
class Link:
    """A connection string.

    Attributes:
        scheme: `postgresql`, `mysql`, `https` …; `postgresql` for libpq's key words. Never `jdbc`.
        user: The user; empty if absent.
        host: The host; empty for a unix socket; the first of several.
        port: The port; `None` if absent.
        path: What follows the authority, without its slash: the database of a database's URL.
        options: The options, such as `sslmode`, by lower-case name; the later of two wins. Never a password.
        start: Offset of the first character.
        end: Offset behind the last character.
    """

    scheme: str
    user: str
    host: str
    port: int | None
    path: str
    options: Mapping[str, str] = field(hash=False)
    start: int
    end: int


@lru_cache(maxsize=KEPT)
def links(text: str) -> tuple[Link, ...]:
    """The connection strings in a text, in its order."""
    found = list(_urls(text)) if "://" in text else []
    found += _word_lists(text) if "host" in text and "=" in text else []
    return tuple(sorted(found, key=lambda link: link.start))


def _urls(text: str) -> Iterator[Link]:
    for match in _URL.finditer(text):
        scheme, rest = match["scheme"].lower().partition("+")[0], match["rest"].rstrip(",.;)")
        cut = _authority_end(scheme, rest)
        user, _, hosts = rest[:cut].rpartition("@")
        place = _HOST.fullmatch(hosts.partition(",")[0])
        if place:
            scheme, end = _SCHEMES.get(scheme, scheme), match.start("rest") + len(rest)
            path = _TAIL.split(rest[cut:], maxsplit=1)[0].lstrip("/")
            options = _options(_OPTION.findall(rest[cut:]))
            name = unquote(user.partition(":")[0]) or options.get("user", "")
            yield Link(scheme, name, *_address(place), path, options, match.start(), end)


def _authority_end(scheme: str, rest: str) -> int:
    """Where host and port end; a raw `/` before the only `@` belongs to the password of a database's URL."""
    cut = _CUT.search(rest)
    end = cut.start() if cut else len(rest)
    if "@" in rest[:end] or "@" not in rest or ":" not in rest[:end] or scheme.startswith("http"):
        return end
    start = rest.find("@") + 1
    cut = _CUT.search(rest, start)
    return cut.start() if cut else len(rest)


def _word_lists(text: str) -> Iterator[Link]:
    for match in _WORDS.finditer(text):
        words = {key: quoted or plain for key, quoted, plain in _WORD.findall(match["words"])}
        place = _HOST.fullmatch(words.get("host", words.get("hostaddr", "")).partition(",")[0])
        if place and _TELLING & words.keys():
            port = words.get("port", "")
            address = place["host"], int(port) if port.isdigit() else None
            name, path = words.get("user", ""), words.get("dbname", "")
            yield Link("postgresql", name, *address, path, _options(words.items()), *match.span("words"))


def _address(place: re.Match[str]) -> tuple[str, int | None]:
    return place["host"], int(place["port"]) if place["port"] else None


def _options(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    return MappingProxyType({key.lower(): unquote(value) for key, value in pairs if "pass" not in key.lower()})
