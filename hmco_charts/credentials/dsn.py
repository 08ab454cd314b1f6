"""Passwords within connection strings: URLs, JDBC, libpq, ADO, Go's MySQL, Oracle."""

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from hmco_charts.credentials import references
from hmco_charts.credentials.hit import Confidence


@dataclass(frozen=True, slots=True)
class Match:
    """A part of a text that has the shape of a secret; local is what only a server on the same machine takes."""

    kind: str
    confidence: Confidence
    start: int
    end: int
    is_local: bool = False


_SHORTEST_TOKEN = 8
_LONGEST_LINK = 1000
_WORD_END = re.compile(r"[\s\"'`<]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,40}://")
_LINK_END = re.compile(r"[\s\"'`<>\\]|://")
_HERE = r"(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|::1|\[::1\])(?::\d*|,\d+)?"
_LOCAL = re.compile(rf"{_HERE}(?:,{_HERE})*", re.IGNORECASE)
_AUTHORITY = re.compile(r"://(?:[^/?;\s\"']*@)?(?P<hosts>[^/?;\s\"']*)")
_HOST = re.compile(
    r"(?:host|hostaddr|hostname|server|servername|source|addr|address|partner)\s*=\s*['\"]?(?:tcp:)?"
    r"(?P<hosts>[^\s;&'\")]+)",
    re.IGNORECASE,
)
_FORM_USERS = frozenset({"user", "username", "usr", "login", "youruser", "name", "userid"})
_FORM_PASSWORDS = frozenset({"pass", "password", "passwd", "pwd", "pw", "secret", "token"})
_FORM_HOSTS = re.compile(
    r"(?:host|hostname|server|servername|proxy|domain|ip|address|db|database"
    r"|(?:[\w-]+\.)*(?:example|host|(?:my|your)?(?:company|domain))\.(?:com|org|net))(?::(?:port|\d+))?(?:[/?].*)?",
    re.IGNORECASE | re.DOTALL,
)
_QUERY = re.compile(
    r"[?&;](?:amp;)?(?P<key>password|passwd|pwd|pass|sslpassword|ssl_password|token|access_token|auth_token|api_key|apikey|secret"
    r"|client_secret|secret_key|secret_access_key|trustStorePassword|keyStorePassword|trustCertificateKeyStorePassword"
    r"|clientCertificateKeyStorePassword|private_token)="
    r"(?P<secret>(?:[^&;#\s\"'`<>,)\\]|\\(?![\"'nrt]))+)",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"(?:^|[\s;,(\"'?&])(?P<key>password|pwd|passwd|sslpassword)\s*=\s*(?:'(?P<quoted>[^'\n]*)'|(?P<braced>\{[^}\n]+\})|(?P<plain>[^\s;'\")]+))",
    re.IGNORECASE,
)
_PAIR_COMPANY = re.compile(
    r"(?:^|[\s;,(\"'?&])(?:host|hostaddr|dbname|server|data\s?source|uid|user\s?id|initial\s?catalog|addr|address|servername|driver|bootstrap\.servers)"
    r"\s*=",
    re.IGNORECASE,
)
_TCP = re.compile(r"@(?:tcp6?|unix|udp|cloudsql)?\(")
_REDIS = re.compile(
    r"(?:^|[\s\"'=])[\w.-]+:\d{2,5}(?:,[\w.-]+:\d{2,5})*,(?:[A-Za-z]+=[^,\s\"']*,)*password=(?P<secret>[^,\s\"']+)",
    re.IGNORECASE,
)
"""The form of StackExchange.Redis: `redis:6379,password=x,ssl=False`."""
_ORACLE = re.compile(
    r"jdbc:oracle:(?:thin|oci8?):[^\s/@:\"']+/(?P<secret>[^\s\"'@]+)@|jdbc:oracle:(?:thin|oci8?):[^\s/@:\"']+/\"(?P<quoted>[^\"\n]+)\"@"
)


def matches(text: str, masked: str) -> Iterator[Match]:
    """Every password in the connection strings of the text; `masked` is the text with its references blanked."""
    if "://" in masked:
        yield from _user_information(text, masked)
    if "=" in masked:
        yield from _query(text, masked)
        yield from _pairs(text, masked)
        for match in _REDIS.finditer(masked) if ",password=" in masked.lower() else ():
            yield from _usable("dsn-password", text, match.span("secret"))
    if "(" in masked:
        yield from _tcp(text, masked)
    if "jdbc:oracle:" in masked:
        for match in _ORACLE.finditer(masked):
            yield from _usable("dsn-password", text, match.span("secret" if match["secret"] else "quoted"))


def _user_information(text: str, masked: str) -> Iterator[Match]:
    for scheme in _SCHEME.finditer(masked):
        start = scheme.end()
        end = _LINK_END.search(masked, start)
        authority = masked[start : end.start() if end else len(masked)]
        if "@" not in authority or ":" not in authority:
            continue
        at = _last_at(authority, scheme.group())
        colon = authority.find(":", 0, at)
        if at > 0 and colon >= 0:
            yield from _url_password(text, (start + colon + 1, start + at), authority[:colon], authority[at + 1 :])


def _last_at(link: str, scheme: str) -> int:
    """Where the host begins; a raw `/`, `?` or `#` belongs to the password where what is before is no port."""
    cut = re.search(r"[/?#]", link)
    end = cut.start() if cut else len(link)
    at = link.rfind("@", 0, end)
    if at >= 0 or scheme.startswith("http"):
        return at
    user, colon, port = link[:end].rpartition(":")
    is_password = colon and re.fullmatch(r"(?!\d+$)[\w!.~*-]+", port) and re.fullmatch(r"[\w-]*", user)
    return link.find("@", end) if is_password else -1


def _url_password(text: str, span: tuple[int, int], user: str, host: str) -> Iterator[Match]:
    password = text[slice(*span)]
    if not host or host[0] in "/?#":
        return
    if user.lower() in _FORM_USERS and password.lower() in _FORM_PASSWORDS and _FORM_HOSTS.fullmatch(host):
        return
    for match in _usable("url-password", text, span):
        authority, *_ = re.split(r"[/?#]", host, maxsplit=1)
        yield replace(match, is_local=_are_local([authority, *_named_hosts(host)]))


def _query(text: str, masked: str) -> Iterator[Match]:
    for match in _QUERY.finditer(masked):
        key = match["key"].lower()
        exact = "pass" in key or "pwd" in key or "secret" in key
        if _is_in_link(masked, match.start()) and (exact or len(match["secret"]) >= _SHORTEST_TOKEN):
            word = _word(masked, match.start())
            hosts = [*(each["hosts"] for each in _AUTHORITY.finditer(word)), *_named_hosts(word)]
            for found in _usable("query-password" if exact else "query-token", text, match.span("secret")):
                yield replace(found, is_local=_are_local(hosts))


def _named_hosts(text: str) -> list[str]:
    """The servers that settings of a connection name, which count beside or above those of its URL."""
    return [match["hosts"] for match in _HOST.finditer(text)]


def _are_local(hosts: Sequence[str]) -> bool:
    """Whether there are servers, and all of them are the machine itself."""
    return bool(hosts) and all(map(_LOCAL.fullmatch, hosts))


def _is_in_link(text: str, place: int) -> bool:
    """Whether a link's scheme, or `jdbc:`, stands in the same word before the place."""
    word = _word(text, place)
    return "://" in word or "jdbc:" in word or "@" in word


def _word(text: str, place: int) -> str:
    """The word that ends at a place."""
    begin = max(0, place - _LONGEST_LINK)
    return _WORD_END.split(text[begin:place])[-1]


def _pairs(text: str, masked: str) -> Iterator[Match]:
    pairs = list(_PAIR.finditer(masked))
    company = [match.start() for match in _PAIR_COMPANY.finditer(masked)] if pairs else []
    is_local = cache(lambda start, end: _are_local(_named_hosts(masked[start:end])))
    for match in pairs:
        if _is_in_company(masked, match, company):
            group = next(name for name in ("quoted", "braced", "plain") if match[name] is not None)
            for found in _usable("dsn-password", text, match.span(group)):
                yield replace(found, is_local=is_local(*_line(masked, match)))


def _line(text: str, pair: re.Match[str]) -> tuple[int, int]:
    """Where the line of a pair begins and ends."""
    end = text.find("\n", pair.end())
    return text.rfind("\n", 0, pair.start("key")) + 1, end if end >= 0 else len(text)


def _is_in_company(text: str, pair: re.Match[str], company: Sequence[int]) -> bool:
    """Whether another part of a connection string stands on the pair's line, the nearest before or behind it."""
    index = bisect(company, pair.start())
    before = company[index - 1] if index else -_LONGEST_LINK
    behind = company[index] if index < len(company) else len(text) + _LONGEST_LINK
    return (pair.start() - before < _LONGEST_LINK and "\n" not in text[before + 1 : pair.start() + 1]) or (
        behind - pair.end() < _LONGEST_LINK and "\n" not in text[pair.end() : behind + 1]
    )


def _tcp(text: str, masked: str) -> Iterator[Match]:
    for match in _TCP.finditer(masked):
        begin = re.search(r"[^\s\"'`=]*$", masked[max(0, match.start() - 300) : match.start()])
        word = begin.group() if begin else ""
        word = word.rsplit("//", 1)[-1]
        user, colon, password = word.partition(":")
        if colon and user and re.fullmatch(r"[\w.$%+{}\ue000-]+", user):
            local = _LOCAL.fullmatch(masked[match.end() :].partition(")")[0])
            for found in _usable("dsn-password", text, (match.start() - len(password), match.start())):
                yield replace(found, is_local=bool(local))


def _usable(kind: str, text: str, span: tuple[int, int]) -> Iterator[Match]:
    literal = references.literal(text[slice(*span)])
    if literal is None:
        return
    start, end = span[0] + literal[0], span[0] + literal[1]
    yield Match(kind, "medium" if references.is_well_known(text[start:end]) else "high", start, end)
