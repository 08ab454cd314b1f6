"""Functions that Kubernetes adds to the Common Expression Language.

What the language has no type for is a mapping here: an IP address, a block of addresses, a URL, a version. A quantity
is a number. What raises `ValueError` is an error of the expression, as it is for the API server.

Source: k8s.io/apiserver `pkg/cel/library`.
"""

import ipaddress
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

import re2
from cel_expr_python import cel
from semver import Version

from hmco_charts.conformance.formats import url
from hmco_charts.quantity import quantity

Value = dict[str, Any]

_BOOL, _DOUBLE, _DYN, _INT, _STRING = (*(cel.Type.BOOL, cel.Type.DOUBLE, cel.Type.DYN, cel.Type.INT, cel.Type.STRING),)
_TEXTS, _LIST, _MAP = cel.Type.List(_STRING), cel.Type.List(_DYN), cel.Type.Map(_STRING, _DYN)
_PREFIX = re.compile(r"[^/%]+/(?:0|[1-9][0-9]{0,2})")


def _find_all(value: str, pattern: str, most: int = -1) -> list[str]:
    every = [match[0] for match in re2.finditer(pattern, value)]
    return every if most < 0 else every[:most]


def _address(value: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    found = ipaddress.ip_address(value)
    if "%" in value or getattr(found, "ipv4_mapped", None):
        raise ValueError(f"IP address {value!r} is not allowed")
    return found


def _ip(value: str) -> Value:
    return {"ip": str(_address(value))}


def _of_ip(call: Callable[[Any], Any]) -> Callable[[Value], Any]:
    """A function of an IP address, as the language calls it."""
    return lambda value: call(ipaddress.ip_address(value["ip"]))


def _is_global(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    is_own = address.is_unspecified or address.is_loopback or address.is_link_local
    return not (is_own or address.is_multicast or str(address) == "255.255.255.255")


def _block(value: str) -> ipaddress.IPv4Interface | ipaddress.IPv6Interface:
    if not _PREFIX.fullmatch(value):
        raise ValueError(f"{value!r} is no block of addresses")
    found = ipaddress.ip_interface(value)
    _address(str(found.ip))
    return found


def _cidr(value: str) -> Value:
    return {"cidr": str(_block(value))}


def _contains_ip(value: Value, other: Any) -> bool:
    address = _address(other if isinstance(other, str) else other["ip"])
    block = _block(value["cidr"]).network
    return address.version == block.version and address in block


def _contains_cidr(value: Value, other: Any) -> bool:
    inner = _block(other if isinstance(other, str) else other["cidr"]).network
    block: Any = _block(value["cidr"]).network
    return inner.version == block.version and bool(block.supernet_of(inner))


def _amount(value: str) -> float:
    found = quantity(value) if value == value.strip() else None
    if found is None:
        raise ValueError(f"{value!r} is no quantity")
    return found


def _whole(value: float) -> int:
    if not value.is_integer():
        raise ValueError("cannot convert value to integer")
    return int(value)


def _version(value: str, is_loose: bool = False) -> Value:
    found = Version.parse(_strict(value) if is_loose else value)
    return {"version": str(found.replace(build=None))}


def _strict(value: str) -> str:
    """A version with three numbers and without what is allowed before them."""
    parts = [re.sub(r"^0+(?=[0-9])", "", part) for part in value.removeprefix("v").split(".", 2)]
    if len(parts) < len(("major", "minor", "patch")) and re.search("[+-]", parts[-1]):
        raise ValueError("a short version cannot contain pre-release and build")
    return ".".join([*parts, "0", "0"][: max(len(parts), 3)])


def _of_version(name: str) -> Callable[[Value], int]:
    return lambda value: int(getattr(Version.parse(value["version"]), name))


def _compared(one: Value, other: Value) -> int:
    return Version.parse(one["version"]).compare(other["version"])


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _can(call: Callable[..., Any]) -> Callable[..., bool]:
    """Whether a function takes what it is given."""

    def does(*told: Any) -> bool:
        try:
            call(*told)
        except ValueError:
            return False
        return True

    return does


def _includes(one: list[Any], other: list[Any]) -> bool:
    return all(each in one for each in other)


def _distinct(values: list[Any]) -> list[Any]:
    return [each for at, each in enumerate(values) if each not in values[:at]]


def _flat(values: list[Any], depth: int = 1) -> list[Any]:
    inner = (_flat(each, depth - 1) if isinstance(each, list) and depth else [each] for each in values)
    return [each for every in inner for each in every]


_OF_TEXTS = {
    "cidr": (_MAP, _cidr),
    "ip": (_MAP, _ip),
    "ip.isCanonical": (_BOOL, lambda value: str(_address(value)) == value),
    "isCIDR": (_BOOL, _can(_block)),
    "isIP": (_BOOL, _can(_address)),
    "isQuantity": (_BOOL, _can(_amount)),
    "isSemver": (_BOOL, _can(_version)),
    "isURL": (_BOOL, _can(url)),
    "quantity": (_DOUBLE, _amount),
    "semver": (_MAP, _version),
    "url": (_MAP, url),
}
_OF_MAPS: dict[str, tuple[cel.Type, Callable[..., Any]]] = {
    "family": (_INT, _of_ip(lambda address: address.version)),
    "getEscapedPath": (_STRING, lambda parts: parts["path"]),
    "getHost": (_STRING, lambda parts: parts["host"]),
    "getHostname": (_STRING, lambda parts: parts["hostname"]),
    "getPort": (_STRING, lambda parts: parts["port"]),
    "getQuery": (_MAP, lambda parts: parse_qs(parts["query"], keep_blank_values=True)),
    "getScheme": (_STRING, lambda parts: parts["scheme"]),
    "ip": (_MAP, lambda cidr: {"ip": cidr["cidr"].partition("/")[0]}),
    "isGlobalUnicast": (_BOOL, _of_ip(_is_global)),
    "isLinkLocalMulticast": (_BOOL, _of_ip(lambda address: str(address).startswith(("224.0.0.", "ff02:")))),
    "isLinkLocalUnicast": (_BOOL, _of_ip(lambda address: address.is_link_local)),
    "isLoopback": (_BOOL, _of_ip(lambda address: address.is_loopback)),
    "isUnspecified": (_BOOL, _of_ip(lambda address: address.is_unspecified)),
    "major": (_INT, _of_version("major")),
    "masked": (_MAP, lambda cidr: {"cidr": str(_block(cidr["cidr"]).network)}),
    "minor": (_INT, _of_version("minor")),
    "patch": (_INT, _of_version("patch")),
    "prefixLength": (_INT, lambda cidr: int(cidr["cidr"].partition("/")[2])),
}
_OTHERS: list[tuple[str, bool, cel.Type, list[cel.Type], Callable[..., Any]]] = [
    ("add", True, _DOUBLE, [_DOUBLE, _DOUBLE], lambda one, other: one + other),
    ("add", True, _DOUBLE, [_DOUBLE, _INT], lambda one, other: one + other),
    ("asApproximateFloat", True, _DOUBLE, [_DOUBLE], lambda value: value),
    ("asInteger", True, _INT, [_DOUBLE], _whole),
    ("compareTo", True, _INT, [_DOUBLE, _DOUBLE], lambda one, other: _sign(one - other)),
    ("compareTo", True, _INT, [_MAP, _MAP], _compared),
    ("containsCIDR", True, _BOOL, [_MAP, _MAP], _contains_cidr),
    ("containsCIDR", True, _BOOL, [_MAP, _STRING], _contains_cidr),
    ("containsIP", True, _BOOL, [_MAP, _MAP], _contains_ip),
    ("containsIP", True, _BOOL, [_MAP, _STRING], _contains_ip),
    ("distinct", True, _LIST, [_LIST], _distinct),
    ("find", True, _STRING, [_STRING, _STRING], lambda value, told: next(iter(_find_all(value, told)), "")),
    ("findAll", True, _TEXTS, [_STRING, _STRING], _find_all),
    ("findAll", True, _TEXTS, [_STRING, _STRING, _INT], _find_all),
    ("flatten", True, _LIST, [_LIST], _flat),
    ("flatten", True, _LIST, [_LIST, _INT], _flat),
    ("isGreaterThan", True, _BOOL, [_DOUBLE, _DOUBLE], lambda one, other: one > other),
    ("isGreaterThan", True, _BOOL, [_MAP, _MAP], lambda one, other: _compared(one, other) > 0),
    ("isInteger", True, _BOOL, [_DOUBLE], lambda value: value.is_integer()),
    ("isLessThan", True, _BOOL, [_DOUBLE, _DOUBLE], lambda one, other: one < other),
    ("isLessThan", True, _BOOL, [_MAP, _MAP], lambda one, other: _compared(one, other) < 0),
    ("isSemver", False, _BOOL, [_STRING, _BOOL], _can(_version)),
    ("isSorted", True, _BOOL, [_LIST], lambda values: values == sorted(values)),
    ("lists.range", False, _LIST, [_INT], lambda size: list(range(size))),
    ("max", True, _DYN, [_LIST], max),
    ("min", True, _DYN, [_LIST], min),
    ("semver", False, _MAP, [_STRING, _BOOL], _version),
    ("sets.contains", False, _BOOL, [_LIST, _LIST], _includes),
    ("sets.equivalent", False, _BOOL, [_LIST, _LIST], lambda a, b: _includes(a, b) and _includes(b, a)),
    ("sets.intersects", False, _BOOL, [_LIST, _LIST], lambda one, other: any(each in one for each in other)),
    ("sign", False, _INT, [_DOUBLE], _sign),
    ("slice", True, _LIST, [_LIST, _INT, _INT], lambda values, first, last: values[first:last]),
    ("sort", True, _LIST, [_LIST], sorted),
    ("sub", True, _DOUBLE, [_DOUBLE, _DOUBLE], lambda one, other: one - other),
    ("sub", True, _DOUBLE, [_DOUBLE, _INT], lambda one, other: one - other),
    ("sum", True, _DYN, [_LIST], sum),
]


def functions() -> list[cel.FunctionDecl]:
    """The functions of Kubernetes' libraries, each with its overloads."""
    overloads: dict[str, list[cel.Overload]] = {}
    for number, (name, is_member, gives, takes, call) in enumerate(_each()):
        made = cel.Overload(f"{name}_{number}", gives, takes, is_member=is_member, impl=call)
        overloads.setdefault(name, []).append(made)
    return [cel.FunctionDecl(name, each) for name, each in overloads.items()]


def _each() -> Iterator[tuple[str, bool, cel.Type, list[cel.Type], Callable[..., Any]]]:
    yield from ((name, False, gives, [_STRING], call) for name, (gives, call) in _OF_TEXTS.items())
    yield from ((name, True, gives, [_MAP], call) for name, (gives, call) in _OF_MAPS.items())
    yield from _OTHERS
