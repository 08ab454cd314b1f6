"""Rules of custom resource definitions in the Common Expression Language, by cel-python.

Source: https://kubernetes.io/docs/reference/using-api/cel/
"""

import ipaddress
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import celpy
from celpy import celtypes
from celpy.adapter import json_to_cel
from celpy.celparser import CELParseError
from celpy.evaluation import CELEvalError

from hmco_charts.conformance.fault import Fault, Kind
from hmco_charts.quantity import quantity
from hmco_charts.yamlio.shape import items, mapping, text

Value = Any

_RESERVED = frozenset(
    {
        "true",
        "false",
        "null",
        "in",
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
    }
    | {"loop", "package", "namespace", "return"}
)
_SIGNS = {"__": "underscores", ".": "dot", "-": "dash", "/": "slash"}


def broken(rules: Any, instance: Any, schema: Any = None) -> Iterator[Fault]:
    """The rules that a value breaks, and those that cannot be evaluated.

    A rule on what may change compares with `oldSelf`; where an object is new the API server does not apply it.

    Args:
        rules: The rules.
        instance: The value.
        schema: Its structural schema, whose defaults the API server sets before.
    """
    this = None
    for rule in map(mapping, items(rules)):
        expression = text(rule.get("rule"))
        if re.search(r"\boldSelf\b", expression) and not rule.get("optionalOldSelf"):
            continue
        if this is None:
            this = _value(instance, mapping(schema))
        yield from _judged(rule, expression, this)


def _value(value: Any, schema: dict[str, Any]) -> Value:
    """A value as rules see it: with defaults, without nulls, its fields under names that the language can say."""
    if isinstance(value, dict):
        return _fields(value, schema)
    if isinstance(value, list):
        return celtypes.ListType(_value(each, mapping(schema.get("items"))) for each in value)
    if schema.get("type") == "number" and isinstance(value, int):
        return celtypes.DoubleType(value)
    return json_to_cel(value)


def _fields(value: dict[str, Any], schema: dict[str, Any]) -> Value:
    known, others = mapping(schema.get("properties")), mapping(schema.get("additionalProperties"))
    defaults = {name: each["default"] for name, each in known.items() if isinstance(each, dict) and "default" in each}
    given = {name: each for name, each in value.items() if each is not None}
    made = celtypes.MapType()
    for name, each in {**defaults, **given}.items():
        spelt = _spelt(name) if name in known else name
        made[celtypes.StringType(spelt)] = _value(each, mapping(known.get(name, others)))
    return made


def _spelt(name: str) -> str:
    """A field's name where the language reserves it or cannot write it."""
    if name in _RESERVED:
        return f"__{name}__"
    for sign, word in _SIGNS.items():
        name = name.replace(sign, f"__{word}__")
    return name


def _judged(rule: dict[str, Any], expression: str, this: Value) -> Iterator[Fault]:
    try:
        outcome = _program(expression).evaluate({"self": this})
    except (CELParseError, CELEvalError, ValueError, TypeError, KeyError, ArithmeticError, RecursionError) as error:
        yield Fault(Kind.NOT_EVALUATED, (), f"the rule {expression!r} was not evaluated: {_problem(error)}")
        return
    if not isinstance(outcome, Exception) and not outcome:
        message = text(rule.get("message")) or _message(rule, this) or f"failed rule: {expression}"
        yield Fault(Kind.CUSTOM_RULE, _path(text(rule.get("fieldPath"))), message.strip())


def _message(rule: dict[str, Any], this: Value) -> str:
    """What the rule's own expression for a message gives; nothing where it cannot."""
    expression = text(rule.get("messageExpression"))
    if not expression:
        return ""
    try:
        return str(_program(expression).evaluate({"self": this}))
    except (CELParseError, CELEvalError, ValueError, TypeError, KeyError, ArithmeticError, RecursionError):
        return ""


def _problem(error: Exception) -> str:
    told = str(error.args[0] if error.args else error).strip().partition("\n")[0]
    return told or type(error).__name__


def _path(field: str) -> tuple[str, ...]:
    """The steps of a `fieldPath` such as `.spec.name`."""
    return tuple(filter(None, re.split(r"[.]|\['|'\]", field)))


@lru_cache(4096)
def _program(expression: str) -> Any:
    environment = _environment()
    return environment.program(environment.compile(expression), functions=_FUNCTIONS)


@lru_cache(1)
def _environment() -> celpy.Environment:
    return celpy.Environment()


def _bool(check: Callable[..., Any]) -> Callable[..., celtypes.BoolType]:
    return lambda *words: celtypes.BoolType(bool(check(*words)))


def _text(change: Callable[..., str]) -> Callable[..., celtypes.StringType]:
    return lambda *words: celtypes.StringType(change(*map(_plain, words)))


def _plain(value: Value) -> Any:
    return int(value) if isinstance(value, celtypes.IntType) else value


def _list(make: Callable[..., Any]) -> Callable[..., celtypes.ListType]:
    return lambda *words: celtypes.ListType(map(celtypes.StringType, make(*map(_plain, words))))


def _split(value: str, by: str, most: int = -1) -> list[str]:
    if most == 0:
        return []
    return list(value) if not by else value.split(by, -1 if most < 0 else most - 1)


def _substring(value: str, start: int, end: int | None = None) -> str:
    if not 0 <= start <= (len(value) if end is None else end) <= len(value):
        raise ValueError("index out of range")
    return value[start:end]


def _find(value: str, pattern: str) -> str:
    match = re.search(pattern, value)
    return match[0] if match else ""


def _find_all(value: str, pattern: str, most: int = -1) -> list[str]:
    every = [match[0] for match in re.finditer(pattern, value)]
    return every if most < 0 else every[:most]


def _address(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return "%" not in value


def _block(value: str) -> bool:
    try:
        ipaddress.ip_network(value, strict=False)
    except ValueError:
        return False
    return "/" in value


def _url(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return bool(parts.scheme and (parts.netloc or parts.path.startswith("/")))


def _amount(value: str) -> celtypes.DoubleType:
    found = quantity(str(value))
    if found is None:
        raise ValueError("not a quantity")
    return celtypes.DoubleType(found)


def _sum(values: Any) -> Any:
    total: Any = celtypes.IntType(0)
    for each in values:
        total = each + total if total else each
    return total


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "charAt": _text(lambda value, at: value[at : at + 1]),
    "indexOf": lambda value, *words: celtypes.IntType(str(value).find(*map(_plain, words))),
    "lastIndexOf": lambda value, word: celtypes.IntType(str(value).rfind(word)),
    "join": lambda values, by="": celtypes.StringType(str(by).join(map(str, values))),
    "lowerAscii": _text(str.lower),
    "upperAscii": _text(str.upper),
    "replace": _text(lambda value, old, new, most=-1: str(value).replace(old, new, most)),
    "split": _list(_split),
    "substring": _text(_substring),
    "trim": _text(str.strip),
    "find": _text(_find),
    "findAll": _list(_find_all),
    "isIP": _bool(_address),
    "isCIDR": _bool(_block),
    "isURL": _bool(_url),
    "isQuantity": _bool(lambda value: quantity(str(value)) is not None),
    "quantity": _amount,
    "isGreaterThan": _bool(lambda one, other: one > other),
    "isLessThan": _bool(lambda one, other: one < other),
    "isSorted": _bool(lambda values: list(values) == sorted(values)),
    "sum": _sum,
    "min": min,
    "max": max,
}
