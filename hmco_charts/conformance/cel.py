"""Rules of custom resource definitions in the Common Expression Language, by cel-expr-python.

Source: https://kubernetes.io/docs/reference/using-api/cel/
"""

import base64
import ipaddress
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlsplit

import re2
from cel_expr_python import cel
from cel_expr_python.ext import ext_optional, ext_strings

from hmco_charts.conformance.fault import Fault, Kind
from hmco_charts.quantity import quantity
from hmco_charts.yamlio.shape import items, mapping, text

_RESERVED = frozenset(
    {
        *("true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if"),
        *("import", "let", "loop", "package", "namespace", "return"),
    }
)
_SIGNS = {"__": "underscores", ".": "dot", "-": "dash", "/": "slash"}
_NO_KEY = "NOT_FOUND: "
_OLD = re.compile(r"\boldSelf\b")


class EvaluationError(Exception):
    """An expression that gives no value; its text tells why."""


def broken(rules: Any, instance: Any, schema: Any = None) -> Iterator[Fault]:
    """The rules that a value breaks, and those that cannot be evaluated.

    A rule on what may change compares with `oldSelf`; where an object is new the API server does not apply it, or gives
    it none where the rule says that it is optional.

    Args:
        rules: The rules.
        instance: The value.
        schema: Its structural schema, whose defaults the API server sets before.
    """
    applied = [(rule, expression) for rule in map(mapping, items(rules)) if (expression := _of_new(rule)) is not None]
    this = _value(instance, mapping(schema)) if applied else None
    for rule, expression in applied:
        yield from _judged(rule, expression, this)


def _of_new(rule: dict[str, Any]) -> str | None:
    """A rule's expression as it is applied to a new object; `None` where it is not."""
    expression = text(rule.get("rule"))
    if rule.get("optionalOldSelf"):
        return _OLD.sub("optional.none()", expression)
    return None if _OLD.search(expression) else expression


def _value(value: Any, schema: dict[str, Any]) -> Any:
    """A value as rules see it: with defaults, without nulls, its fields under names that the language can say."""
    if isinstance(value, dict):
        return _fields(value, schema)
    if isinstance(value, list):
        return [_value(each, mapping(schema.get("items"))) for each in value]
    read = _FORMATS.get(text(schema.get("format"))) or _FORMATS.get(text(schema.get("type")))
    try:
        return read(value) if read and not isinstance(value, bool) else value
    except (ValueError, TypeError):
        return value  # which the schema refuses


_FORMATS: dict[str, Callable[[Any], Any]] = {
    "number": float,
    "byte": base64.b64decode,
}
"""What values of a type or format are to rules; the library takes no durations and times inside of a value."""


def _fields(value: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    known, others = mapping(schema.get("properties")), mapping(schema.get("additionalProperties"))
    defaults = {name: each["default"] for name, each in known.items() if isinstance(each, dict) and "default" in each}
    given = {name: each for name, each in value.items() if each is not None}
    return {
        _spelt(name) if name in known else name: _value(each, mapping(known.get(name, others)))
        for name, each in {**defaults, **given}.items()
    }


def _spelt(name: str) -> str:
    """A field's name where the language reserves it or cannot write it."""
    if name in _RESERVED:
        return f"__{name}__"
    for sign, word in _SIGNS.items():
        name = name.replace(sign, f"__{word}__")
    return name


def _judged(rule: dict[str, Any], expression: str, this: Any) -> Iterator[Fault]:
    path = tuple(filter(None, re.split(r"[.]|\['|'\]", text(rule.get("fieldPath")))))
    try:
        is_kept = _outcome(expression, this)
    except EvaluationError as error:
        if str(error).startswith(_NO_KEY):  # which the API server takes for a broken rule
            yield Fault(Kind.CUSTOM_RULE, path, f"{_message(rule, this, expression)} ({str(error)[len(_NO_KEY) :]})")
        else:
            yield Fault(Kind.NOT_EVALUATED, (), f"the rule {expression!r} was not evaluated: {error}")
        return
    if not is_kept:
        yield Fault(Kind.CUSTOM_RULE, path, _message(rule, this, expression))


def _message(rule: dict[str, Any], this: Any, expression: str) -> str:
    """What the rule says of a value that breaks it, by its own expression where that gives a text."""
    told = ""
    if wanted := text(rule.get("messageExpression")):
        with suppress(EvaluationError):
            told = text(_outcome(wanted, this))
    return (told or text(rule.get("message")) or f"failed rule: {expression}").strip()


def _outcome(expression: str, this: Any) -> Any:
    """What an expression gives of a value.

    Raises:
        EvaluationError: It gives none.
    """
    try:
        found = _program(expression).eval(data={"self": this})
    except (RuntimeError, ValueError, TypeError, OverflowError) as error:
        raise EvaluationError(_problem(error)) from None
    if found.type() == cel.Type.ERROR:
        raise EvaluationError(str(found.plain_value()))
    return found.plain_value()


def _problem(error: Exception) -> str:
    """The first line of an error, without where in the expression it stands."""
    told = str(error).partition("\n")[0].removeprefix("INVALID_ARGUMENT: ")
    return re.sub(r"^ERROR: <input>:\d+:\d+: ", "", told) or type(error).__name__


def syntax_problem(expression: str) -> str:
    """Why an expression cannot be read, whatever the names in it mean; empty for one that can."""
    try:
        _program(expression)
    except RuntimeError as error:
        told = _problem(error)
        return told.removeprefix("Syntax error: ") if told.startswith("Syntax error") else ""
    return ""


@lru_cache(4096)
def _program(expression: str) -> cel.Expression:
    return _environment().compile(expression)


@cache
def _environment() -> cel.Env:
    return cel.NewEnv(
        variables={"self": cel.Type.DYN},
        extensions=[ext_strings.ExtStrings(), ext_optional.ExtOptional()],
        functions=[_function(name, *told) for name, told in _FUNCTIONS.items()],
    )


def _function(name: str, gives: cel.Type, call: Callable[..., Any], *takes: list[cel.Type]) -> cel.FunctionDecl:
    """A function of Kubernetes' libraries, with each list of arguments that it takes."""
    of_value = name not in _GLOBAL
    each = [cel.Overload(f"{name}_{len(types)}", gives, types, is_member=of_value, impl=call) for types in takes]
    return cel.FunctionDecl(name, each)


def _find_all(value: str, pattern: str, most: int = -1) -> list[str]:
    every = [match[0] for match in re2.finditer(pattern, value)]
    return every if most < 0 else every[:most]


def _address(value: str) -> bool:
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return False
    return "%" not in value and not getattr(address, "ipv4_mapped", None)


def _block(value: str) -> bool:
    try:
        ipaddress.ip_network(value, strict=False)
    except ValueError:
        return False
    return value.partition("/")[2].isdecimal()


def _url(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    is_absolute = bool(parts.scheme and (parts.netloc or parts.path.startswith("/")))
    return is_absolute and not any(map(str.isspace, value))


def _amount(value: str) -> float:
    found = quantity(value)
    if found is None:
        raise ValueError("not a quantity")
    return found


_BOOL, _DOUBLE, _DYN, _STRING = cel.Type.BOOL, cel.Type.DOUBLE, cel.Type.DYN, cel.Type.STRING
_TEXTS, _LIST = cel.Type.List(_STRING), cel.Type.List(_DYN)
_GLOBAL = frozenset({"isIP", "isCIDR", "isURL", "isQuantity", "quantity"})
_FUNCTIONS: dict[str, tuple[Any, ...]] = {
    "find": (_STRING, lambda value, pattern: next(iter(_find_all(value, pattern)), ""), [_STRING, _STRING]),
    "findAll": (_TEXTS, _find_all, [_STRING, _STRING], [_STRING, _STRING, cel.Type.INT]),
    "isIP": (_BOOL, _address, [_STRING]),
    "isCIDR": (_BOOL, _block, [_STRING]),
    "isURL": (_BOOL, _url, [_STRING]),
    "isQuantity": (_BOOL, lambda value: value == value.strip() and quantity(value) is not None, [_STRING]),
    "quantity": (_DOUBLE, _amount, [_STRING]),
    "isGreaterThan": (_BOOL, lambda one, other: one > other, [_DOUBLE, _DOUBLE]),
    "isLessThan": (_BOOL, lambda one, other: one < other, [_DOUBLE, _DOUBLE]),
    "isSorted": (_BOOL, lambda values: values == sorted(values), [_LIST]),
    "sum": (_DYN, sum, [_LIST]),
    "min": (_DYN, min, [_LIST]),
    "max": (_DYN, max, [_LIST]),
}
