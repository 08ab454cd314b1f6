"""The formats of texts in custom resources, as the API server reads them.

Source: kube-openapi `pkg/validation/strfmt`; apiextensions-apiserver `pkg/apiserver/validation/formats.go`.
"""

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from hmco_charts.conformance.network import address, network
from hmco_charts.conformance.patterns import compiled

_GO_DURATION = re.compile(r"[+-]?(?:0|(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:ns|us|µs|μs|ms|[smh]))+")
_PART = re.compile(r"([0-9]+[.]?[0-9]*|[.][0-9]+)(ns|us|µs|μs|ms|[smh])")
_SCALA = re.compile(r"([0-9]+)\s*([A-Za-zµ]+)")
_SECONDS = {
    "ns": 1e-9,
    "nano": 1e-9,
    "us": 1e-6,
    "µs": 1e-6,
    "μs": 1e-6,
    "micro": 1e-6,
    "ms": 1e-3,
    "milli": 1e-3,
    "s": 1,
    "sec": 1,
    "m": 60,
    "min": 60,
    "h": 3600,
    "hr": 3600,
    "hour": 3600,
    "d": 86400,
    "day": 86400,
    "w": 604800,
    "wk": 604800,
    "week": 604800,
}
_BEGINNINGS = ("nano", "micro", "milli", "sec", "min", "hour", "day", "week")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_TIME = re.compile(r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:.[0-9]+)?(?:z|[+-][0-9]{2}:[0-9]{2})", re.ASCII)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_AUTHORITY = re.compile(r"""(?:[^@/]*@)?((\[[^\]]*\]|[\w.~!$&'()*+,;=<>"%-]*)(?::([0-9]*))?)""")
_LOOSE_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_IN_PATH = "/%:@!$&'()*+,;=-._~"
_LAST_HOUR, _LAST_MINUTE = "23", "59"
_LETTER = r"[a-zA-Z0-9\p{S}\p{L}]"
_MAC_DIGITS = (12, 16, 40)
_UUID = r"(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?%s[0-9a-f]{3}-?%s[0-9a-f]{3}-?[0-9a-f]{12}"
_LONGEST_HOST, _LONGEST_LABEL = 255, 63


def duration(value: str) -> timedelta:
    """The length of time that a text such as `1h30m` or `3 days` stands for.

    Raises:
        ValueError: It stands for none.
    """
    if _GO_DURATION.fullmatch(value):
        seconds = sum(float(amount) * _SECONDS[unit] for amount, unit in _PART.findall(value))
        return timedelta(seconds=-seconds if value.startswith("-") else seconds)
    told = [(int(amount), _unit(unit.lower())) for amount, unit in _SCALA.findall(value)]
    if not any(unit for _, unit in told):
        raise ValueError(f"{value!r} is no duration")
    return timedelta(seconds=sum(amount * _SECONDS[unit] for amount, unit in told if unit))


def _unit(written: str) -> str:
    if written in _SECONDS:
        return written
    return next((each for each in _BEGINNINGS if written.startswith(each)), "")


def moment(value: str) -> datetime:
    """The time that a text such as `2025-01-31T23:59:59Z` or `2025-01-31` stands for.

    Raises:
        ValueError: It stands for none.
    """
    found = datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def url(value: str) -> dict[str, Any]:
    """The parts of a URL that is absolute, or a path that is, as Go's `url.ParseRequestURI` takes them.

    Raises:
        ValueError: It is none.
    """
    scheme = _SCHEME.match(value)
    rest, _, query = value[scheme.end() if scheme else 0 :].partition("?")
    parts = {"scheme": scheme[1].lower() if scheme else "", "host": "", "hostname": "", "port": "", "query": query}
    if scheme and rest.startswith("//"):
        written, slash, path = rest[2:].partition("/")
        authority = _AUTHORITY.fullmatch(written)
        rest = slash + path
        if not authority:
            raise ValueError(f"{value!r} is no URL: its host cannot be")
        parts |= {"host": authority[1], "hostname": authority[2].strip("[]"), "port": authority[3] or ""}
    elif not rest.startswith("/"):
        if not scheme:
            raise ValueError(f"{value!r} is no URL: it is not absolute")
        return {**parts, "path": ""}
    if _LOOSE_ESCAPE.search(rest) or any(ord(sign) < ord(" ") or sign == "\x7f" for sign in value):
        raise ValueError(f"{value!r} is no URL: it has signs that must be escaped")
    return {**parts, "path": quote(rest, safe=_IN_PATH)}


def _is_date(value: str) -> bool:
    return bool(_DATE.fullmatch(value)) and _can(datetime.fromisoformat, value)


def _is_moment(value: str) -> bool:
    day, _, rest = value.lower().partition("t")
    time = _TIME.fullmatch(rest.partition("t")[0])
    if not time or not _is_date(day):
        return False
    return time[1] <= _LAST_HOUR and time[2] <= _LAST_MINUTE and time[3] <= _LAST_MINUTE


def _host() -> Any:
    """The form of a host name, which takes RE2 a while to make."""
    return compiled(
        rf"^({_LETTER}((-?{_LETTER}{{0,62}})?)|({_LETTER}(([-a-zA-Z0-9\p{{S}}\p{{L}}]{{0,61}}{_LETTER})?)(\.))+"
        r"([a-zA-Z\p{L}]){2,63})$"
    )


def _is_host(value: str) -> bool:
    labels = value.split(".")
    return bool(_host().search(value)) and len(value) <= _LONGEST_HOST and max(map(len, labels)) <= _LONGEST_LABEL


def _is_base64(value: str) -> bool:
    return bool(value) and _can(lambda text: base64.b64decode(text, validate=True), value)


def _is_mac(value: str) -> bool:
    sign = next((each for each in ":-." if each in value), "")
    parts = value.split(sign) if sign else []
    width = 4 if sign == "." else 2
    digits = "".join(parts)
    return all(len(part) == width for part in parts) and len(digits) in _MAC_DIGITS and _can(bytes.fromhex, digits)


def _can(read: Callable[[str], object], value: str) -> bool:
    try:
        read(value)
    except ValueError:
        return False
    return True


def _whole(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda value: bool(compiled.fullmatch(value))


def _anything(_: str) -> bool:
    return True


_KNOWN: dict[str, Callable[[str], bool]] = {
    "byte": _is_base64,
    "cidr": lambda value: network(value) is not None,
    "date": _is_date,
    "date-time": _is_moment,
    "datetime": _is_moment,
    "duration": lambda value: _can(duration, value),
    "email": _whole(r"[^<>@]*<[^\s@<>]+@[^\s@<>]+>|[^\s@<>,;:\"()]+@[^\s@<>,;:\"()]+"),
    "hexcolor": _whole("#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})"),
    "hostname": _is_host,
    "ipv4": lambda value: "." in value and address(value) is not None,
    "ipv6": lambda value: ":" in value and address(value) is not None,
    "mac": _is_mac,
    "uri": lambda value: _can(url, value),
    "uuid": _whole(_UUID % ("[0-9a-f]", "[0-9a-f]")),
    "uuid3": _whole(_UUID % ("3", "[0-9a-f]")),
    "uuid4": _whole(_UUID % ("4", "[89ab]")),
    "uuid5": _whole(_UUID % ("5", "[89ab]")),
}
_OF_JSON_SCHEMA = (
    *("idn-email", "idn-hostname", "iri", "iri-reference", "json-pointer", "regex", "relative-json-pointer"),
    *("time", "uri-reference", "uri-template"),
)
FORMATS = {**dict.fromkeys(_OF_JSON_SCHEMA, _anything), **_KNOWN}
"""What tells whether a text has a format; those of JSON Schema that the API server reads in its own way admit all."""
