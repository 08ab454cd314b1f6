"""Functions that Kubernetes adds to the Common Expression Language.

What the language has no type for is a mapping here: an IP address, a block of addresses, a URL, a version, a quantity,
a format. What raises `ValueError` is an error of the expression, as it is for the API server.

Source: k8s.io/apiserver `pkg/cel/library`, github.com/google/cel-go `ext`.
"""

import ipaddress
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from fractions import Fraction
from functools import cache, partial
from typing import Any
from urllib.parse import parse_qs

import re2
from cel_expr_python import cel
from semver import Version

from hmco_charts.conformance.formats import FORMATS, url

Value = dict[str, Any]

_BOOL, _DOUBLE, _DYN, _INT, _STRING = (*(cel.Type.BOOL, cel.Type.DOUBLE, cel.Type.DYN, cel.Type.INT, cel.Type.STRING),)
_TEXTS, _LIST, _MAP = cel.Type.List(_STRING), cel.Type.List(_DYN), cel.Type.Map(_STRING, _DYN)
_QUANTITY = re.compile(r"([+-]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+))([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?")
_UNITS = {
    **{letter: Fraction(1000) ** power for power, letter in enumerate(("n", "u", "m", "", *"kMGTPE"), -3)},
    **{f"{letter}i": Fraction(1024) ** power for power, letter in enumerate("KMGTPE", 1)},
}
_INT64 = 2**63
_WITH_SETS, _WITH_ADDRESSES, _WITH_FORMATS = 29, 30, 31  # minor versions
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


def _quantity(value: str) -> Value:
    match = _QUANTITY.fullmatch(value)
    if match is None:
        raise ValueError(f"{value!r} is no quantity")
    suffix = match[2] or ""
    unit = _UNITS.get(suffix) or Fraction(f"1{suffix}")
    return _of_amount(Fraction(match[1]) * unit)


def _of_amount(value: Fraction) -> Value:
    return {"quantity": str(value)}


def _amount(value: Value) -> Fraction:
    return Fraction(value["quantity"])


def _whole(value: Value) -> int:
    amount = _amount(value)
    if amount.denominator != 1 or abs(amount) >= _INT64:
        raise ValueError("cannot convert value to integer")
    return int(amount)


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
    if "quantity" in one:
        return _sign(_amount(one) - _amount(other))
    return Version.parse(one["version"]).compare(other["version"])


def _sign(value: Fraction) -> int:
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


def _is_same(one: Any, other: Any) -> bool:
    """Whether two values are equal to the language, for which `true` is no number."""
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _has(values: list[Any], wanted: Any) -> bool:
    return any(_is_same(each, wanted) for each in values)


def _includes(one: list[Any], other: list[Any]) -> bool:
    return all(_has(one, each) for each in other)


def _distinct(values: list[Any]) -> list[Any]:
    return [each for at, each in enumerate(values) if not _has(values[:at], each)]


def _flat(values: list[Any], depth: int = 1) -> list[Any]:
    if depth < 0:
        raise ValueError("the depth of flatten must not be negative")
    inner = (_flat(each, depth - 1) if isinstance(each, list) and depth else [each] for each in values)
    return [each for every in inner for each in every]


def _sliced(values: list[Any], first: int, last: int) -> list[Any]:
    if not 0 <= first <= last <= len(values):
        raise ValueError(f"cannot slice({first}, {last}) a list of {len(values)}")
    return values[first:last]


def _sorted(values: list[Any]) -> list[Any]:
    if len(set(map(type, values))) > 1:
        raise ValueError("the values of a list that is sorted must be of one type")
    return sorted(values)


def _sorted_by_key(pairs: list[Any]) -> list[Any]:
    _sorted([key for key, _ in pairs])
    return [each for _, each in sorted(pairs, key=lambda pair: pair[0])]


def _index_of(values: list[Any], wanted: Any) -> int:
    return next((at for at, each in enumerate(values) if _is_same(each, wanted)), -1)


def _last_index_of(values: list[Any], wanted: Any) -> int:
    return max((at for at, each in enumerate(values) if _is_same(each, wanted)), default=-1)


def _find(value: str, part: str, first: int = 0) -> int:
    _within(value, first)
    return value.find(part, first)


def _find_last(value: str, part: str, last: int | None = None) -> int:
    if last is None:
        return value.rfind(part)
    _within(value, last)
    return value.rfind(part, 0, last + len(part))


def _within(value: str, at: int) -> None:
    if not 0 <= at <= len(value):
        raise ValueError(f"index out of range: {at}")


def _pairs(values: Any) -> list[Any]:
    """The entries of a list with their positions, or those of a mapping with their keys."""
    return [[key, each] for key, each in (values.items() if isinstance(values, dict) else enumerate(values))]


def _merged(entries: list[Value]) -> Value:
    made: Value = {}
    for entry in entries:
        if not made.keys().isdisjoint(entry):
            raise ValueError("a key stands twice in what transformMapEntry gives")
        made |= entry
    return made


def _written(value: datetime) -> str:
    """A time with as many digits behind its seconds as it needs."""
    told = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    return f"{told.rstrip('0').rstrip('.')}Z"


def _named(name: str) -> list[Value]:
    return [{"format": name}] if name in _TEXT_FORMATS else []


def _validate(told: Value, value: str) -> list[list[str]]:
    name = told["format"]
    return [] if _TEXT_FORMATS[name](value) else [[f"is no {name}"]]


def _form(pattern: str, longest: int) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda value: len(value) <= longest and bool(compiled.fullmatch(value))


def _prefix(is_name: Callable[[str], bool]) -> Callable[[str], bool]:
    """Whether a text is the beginning of a name; what stands before a '-' at its end is not looked at."""
    return lambda value: is_name(f"{value[:-2]}a" if len(value) > 1 and value.endswith("-") else value)


_LABEL, _NAME = "[a-z0-9]([-a-z0-9]*[a-z0-9])?", "[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(\.{_LABEL})*"
_TEXT_FORMATS = {
    "dns1123Label": _form(_LABEL, 63),
    "dns1123LabelPrefix": _prefix(_form(_LABEL, 63)),
    "dns1123Subdomain": _form(_SUBDOMAIN, 253),
    "dns1123SubdomainPrefix": _prefix(_form(_SUBDOMAIN, 253)),
    "dns1035Label": _form("[a-z]([-a-z0-9]*[a-z0-9])?", 63),
    "dns1035LabelPrefix": _prefix(_form("[a-z]([-a-z0-9]*[a-z0-9])?", 63)),
    "qualifiedName": _form(f"(?:{_SUBDOMAIN}/)?{_NAME}", 317),
    "labelValue": _form(f"(?:{_NAME})?", 63),
    **{name: FORMATS[name] for name in ("byte", "date", "datetime", "uri", "uuid")},
}
_KINDS = (
    *(cel.Type.BOOL, cel.Type.BYTES, cel.Type.DOUBLE, cel.Type.DURATION, cel.Type.INT, cel.Type.STRING),
    *(cel.Type.UINT, cel.Type.TIMESTAMP),
)


_OF_TEXTS = {
    "cidr": (_MAP, _cidr),
    "format.named": (cel.Type.List(_DYN), _named),
    "ip": (_MAP, _ip),
    "ip.isCanonical": (_BOOL, lambda value: str(_address(value)) == value),
    "isCIDR": (_BOOL, _can(_block)),
    "isIP": (_BOOL, _can(_address)),
    "isQuantity": (_BOOL, _can(_quantity)),
    "isSemver": (_BOOL, _can(_version)),
    "isURL": (_BOOL, _can(url)),
    "quantity": (_MAP, _quantity),
    "semver": (_MAP, _version),
    "url": (_MAP, url),
}
_OF_MAPS: dict[str, tuple[cel.Type, Callable[..., Any]]] = {
    "asApproximateFloat": (_DOUBLE, lambda value: float(_amount(value))),
    "asInteger": (_INT, _whole),
    "family": (_INT, _of_ip(lambda address: address.version)),
    "getEscapedPath": (_STRING, lambda parts: parts["path"]),
    "getHost": (_STRING, lambda parts: parts["host"]),
    "getHostname": (_STRING, lambda parts: parts["hostname"]),
    "getPort": (_STRING, lambda parts: parts["port"]),
    "getQuery": (_MAP, lambda parts: parse_qs(parts["query"], keep_blank_values=True)),
    "getScheme": (_STRING, lambda parts: parts["scheme"]),
    "ip": (_MAP, lambda cidr: {"ip": cidr["cidr"].partition("/")[0]}),
    "isGlobalUnicast": (_BOOL, _of_ip(_is_global)),
    "isInteger": (_BOOL, _can(_whole)),
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
    ("add", True, _MAP, [_MAP, _INT], lambda one, other: _of_amount(_amount(one) + other)),
    ("add", True, _MAP, [_MAP, _MAP], lambda one, other: _of_amount(_amount(one) + _amount(other))),
    ("compareTo", True, _INT, [_MAP, _MAP], _compared),
    ("containsCIDR", True, _BOOL, [_MAP, _MAP], _contains_cidr),
    ("containsCIDR", True, _BOOL, [_MAP, _STRING], _contains_cidr),
    ("containsIP", True, _BOOL, [_MAP, _MAP], _contains_ip),
    ("containsIP", True, _BOOL, [_MAP, _STRING], _contains_ip),
    ("distinct", True, _LIST, [_LIST], _distinct),
    ("entries", True, cel.Type.Map(_DYN, _DYN), [_LIST], dict),
    ("find", True, _STRING, [_STRING, _STRING], lambda value, told: next(iter(_find_all(value, told)), "")),
    ("findAll", True, _TEXTS, [_STRING, _STRING], _find_all),
    ("findAll", True, _TEXTS, [_STRING, _STRING, _INT], _find_all),
    ("flatten", True, _LIST, [_LIST], _flat),
    ("flatten", True, _LIST, [_LIST, _INT], _flat),
    ("isGreaterThan", True, _BOOL, [_MAP, _MAP], lambda one, other: _compared(one, other) > 0),
    ("isLessThan", True, _BOOL, [_MAP, _MAP], lambda one, other: _compared(one, other) < 0),
    ("index_of", True, _INT, [_STRING, _STRING], _find),
    ("index_of", True, _INT, [_STRING, _STRING, _INT], _find),
    ("isSemver", False, _BOOL, [_STRING, _BOOL], _can(_version)),
    ("isSorted", True, _BOOL, [_LIST], lambda values: values == sorted(values)),
    ("last_index_of", True, _INT, [_STRING, _STRING], _find_last),
    ("last_index_of", True, _INT, [_STRING, _STRING, _INT], _find_last),
    ("lists.range", False, _LIST, [_INT], lambda size: list(range(size))),
    ("merged", True, _MAP, [_LIST], _merged),
    ("max", True, _DYN, [_LIST], max),
    ("min", True, _DYN, [_LIST], min),
    ("pairs", True, _LIST, [_LIST], _pairs),
    ("pairs", True, _LIST, [_MAP], _pairs),
    ("reversed_list", True, _LIST, [_LIST], lambda values: values[::-1]),
    ("semver", False, _MAP, [_STRING, _BOOL], _version),
    ("sets.contains", False, _BOOL, [_LIST, _LIST], _includes),
    ("sets.equivalent", False, _BOOL, [_LIST, _LIST], lambda a, b: _includes(a, b) and _includes(b, a)),
    ("sets.intersects", False, _BOOL, [_LIST, _LIST], lambda one, other: any(_has(one, each) for each in other)),
    ("sign", False, _INT, [_MAP], lambda value: _sign(_amount(value))),
    ("slice", True, _LIST, [_LIST, _INT, _INT], _sliced),
    ("sort", True, _LIST, [_LIST], _sorted),
    ("sorted_by_key", True, _LIST, [_LIST], _sorted_by_key),
    ("sub", True, _MAP, [_MAP, _INT], lambda one, other: _of_amount(_amount(one) - other)),
    ("sub", True, _MAP, [_MAP, _MAP], lambda one, other: _of_amount(_amount(one) - _amount(other))),
    ("sum", True, _DYN, [_LIST], sum),
    ("validate", True, cel.Type.List(_DYN), [_MAP, _STRING], _validate),
    ("written", False, _STRING, [_MAP], lambda value: value.get("ip") or value["cidr"]),
]


@cache
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
    for name in _TEXT_FORMATS:
        yield f"format.{name}", False, _MAP, [], partial(dict, format=name)
    for kind in (*_KINDS, _LIST, _MAP):
        yield "index_of", True, _INT, [_LIST, kind], _index_of
        yield "last_index_of", True, _INT, [_LIST, kind], _last_index_of
    for kind in _KINDS[:-1]:
        yield "written", False, kind, [kind], lambda value: value
    yield "written", False, _STRING, [cel.Type.TIMESTAMP], _written


_TYPED = """
0 findAll: string.(string) list<string> | string.(string, int) list<string>
0 find: string.(string) string
0 url: (string) net.URL
0 isURL: (string) bool
0 getScheme getHost getHostname getPort getEscapedPath: net.URL.() string
0 getQuery: net.URL.() map<string, list<string>>
0 isSorted: list<dyn>.() bool
0 sum: list<int>.() int | list<uint>.() uint | list<double>.() double
0 sum: list<google.protobuf.Duration>.() google.protobuf.Duration
0 min max: list<dyn>.() dyn
0 index_of last_index_of: string.(string) int | string.(string, int) int | list<dyn>.(dyn) int
27 path: Authorizer.(string) PathCheck
27 group: Authorizer.(string) GroupCheck
27 serviceAccount: Authorizer.(string, string) Authorizer
27 resource: GroupCheck.(string) ResourceCheck
27 subresource namespace name: ResourceCheck.(string) ResourceCheck
27 check: PathCheck.(string) Decision | ResourceCheck.(string) Decision
27 allowed errored: Decision.() bool
27 error reason: Decision.() string
31 fieldSelector labelSelector: ResourceCheck.(string) ResourceCheck
28 quantity: (string) kubernetes.Quantity
28 isQuantity: (string) bool
28 sign: (kubernetes.Quantity) int
28 asApproximateFloat: kubernetes.Quantity.() double
28 asInteger: kubernetes.Quantity.() int
28 isInteger: kubernetes.Quantity.() bool
28 add sub: kubernetes.Quantity.(kubernetes.Quantity) kubernetes.Quantity
28 add sub: kubernetes.Quantity.(int) kubernetes.Quantity
28 isGreaterThan isLessThan: kubernetes.Quantity.(kubernetes.Quantity) bool
28 compareTo: kubernetes.Quantity.(kubernetes.Quantity) int
29 sets.contains sets.equivalent sets.intersects: (list<dyn>, list<dyn>) bool
30 ip: (string) net.IP | net.CIDR.() net.IP
30 cidr: (string) net.CIDR
30 isIP isCIDR ip.isCanonical: (string) bool
30 family: net.IP.() int
30 isUnspecified isLoopback isLinkLocalMulticast isLinkLocalUnicast isGlobalUnicast: net.IP.() bool
30 containsIP: net.CIDR.(string) bool | net.CIDR.(net.IP) bool
30 containsCIDR: net.CIDR.(string) bool | net.CIDR.(net.CIDR) bool
30 prefixLength: net.CIDR.() int
30 masked: net.CIDR.() net.CIDR
31 format.named: (string) list<kubernetes.NamedFormat>
31 validate: kubernetes.NamedFormat.(string) list<list<string>>
33 semver: (string) kubernetes.Semver | (string, bool) kubernetes.Semver
33 isSemver: (string) bool | (string, bool) bool
33 major minor patch: kubernetes.Semver.() int
33 isGreaterThan isLessThan: kubernetes.Semver.(kubernetes.Semver) bool
33 compareTo: kubernetes.Semver.(kubernetes.Semver) int
34 slice: list<dyn>.(int, int) list<dyn>
34 flatten: list<dyn>.() list<dyn> | list<dyn>.(int) list<dyn>
34 distinct sort reversed_list: list<dyn>.() list<dyn>
34 lists.range: (int) list<int>
34 sorted_by_key: list<dyn>.() list<dyn>
32 pairs: list<dyn>.() list<list<dyn>> | map.() list<list<dyn>>
32 entries: list<list<dyn>>.() map
32 merged: list<dyn>.() map
"""

"""Of each function the version of Kubernetes that brought it, its name, and what it takes and gives."""
_OVERLOAD = re.compile(r"(?:(.*)\.)?\((.*)\) (.*)")
_ARGUMENT = re.compile(r"(?:[^,<]|<[^>]*>+)+")
_WRITTEN = ("bool", "bytes", "double", "google.protobuf.Duration", "google.protobuf.Timestamp", "int", "string", "uint")


@cache
def typed(newest: int) -> list[cel.FunctionDecl]:
    """The functions of Kubernetes' libraries up to a minor version by their types alone."""
    overloads: dict[str, list[cel.Overload]] = {}
    for number, (name, told) in enumerate(_declared(newest)):
        match = _OVERLOAD.fullmatch(told)
        assert match
        takes = [*filter(None, [match[1]]), *(each.strip() for each in _ARGUMENT.findall(match[2]))]
        types = [_type(each) for each in takes]
        made = cel.Overload(f"{name}_{number}", _type(match[3]), types, is_member=match[1] is not None)
        overloads.setdefault(name, []).append(made)
    return [cel.FunctionDecl(name, each) for name, each in overloads.items()]


def _type(told: str) -> cel.Type:
    return cel.Type.MAP if told == "map" else cel.Type(told)


def _declared(newest: int) -> Iterator[tuple[str, str]]:
    for line in _TYPED.strip().splitlines():
        names, _, told = line.partition(": ")
        since, *known = names.split()
        if int(since) <= newest:
            yield from ((name, each) for name in known for each in told.split(" | "))
    if newest < _WITH_SETS:
        yield from (("join", f"list<string>.({separator}) string") for separator in ("", "string"))
    yield from (("written", f"({kind}) {kind}") for kind in _WRITTEN)
    yield from (("written", f"({kind}) string") for kind in ("net.IP", "net.CIDR") if newest >= _WITH_ADDRESSES)
    yield from ((f"format.{name}", "() kubernetes.NamedFormat") for name in _TEXT_FORMATS if newest >= _WITH_FORMATS)
