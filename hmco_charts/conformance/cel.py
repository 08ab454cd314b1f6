"""Rules of custom resource definitions in the Common Expression Language, by cel-expr-python.

Source: https://kubernetes.io/docs/reference/using-api/cel/
"""

import base64
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache, lru_cache
from typing import Any

from cel_expr_python import cel
from cel_expr_python.ext import ext_bindings, ext_optional, ext_strings

from hmco_charts.conformance.cel_functions import functions
from hmco_charts.conformance.cel_macros import expanded
from hmco_charts.conformance.fault import Fault, Kind
from hmco_charts.conformance.formats import duration, moment
from hmco_charts.yamlio.shape import items, mapping, text

_RESERVED = frozenset(
    {
        *("true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if"),
        *("import", "let", "loop", "package", "namespace", "return"),
    }
)
_SIGNS = {"__": "underscores", ".": "dot", "-": "dash", "/": "slash"}
_LACKING = re.compile("UNKNOWN: (?:No value with name|No matching overloads found : (?![_!@-]))")
"""What the library says of a function or name that it lacks; any other error of a value is the API server's too."""
_CODE = re.compile(r"^[A-Z_]+: ")
_OLD = re.compile(r"\boldSelf\b")


class EvaluationError(Exception):
    """An expression that gives no value; its text tells why.

    Attributes:
        is_of_value: Whether it gives none of this value, for the API server too, which takes the rule for broken.
    """

    def __init__(self, text: str, *, is_of_value: bool) -> None:
        super().__init__(text)
        self.is_of_value = is_of_value


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


def _duration(value: str) -> Any:
    from google.protobuf.duration_pb2 import Duration

    made = Duration()
    made.FromTimedelta(duration(value))
    return made


def _timestamp(value: str) -> Any:
    from google.protobuf.timestamp_pb2 import Timestamp

    made = Timestamp()
    made.FromDatetime(moment(value))
    return made


_FORMATS: dict[str, Callable[[Any], Any]] = {
    "number": float,
    "byte": base64.b64decode,
    "date": _timestamp,
    "date-time": _timestamp,
    "duration": _duration,
}
"""What values of a type or format are to rules; the library takes durations and times as messages alone."""


def _fields(value: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    known, others = mapping(schema.get("properties")), mapping(schema.get("additionalProperties"))
    defaults = {name: each["default"] for name, each in known.items() if isinstance(each, dict) and "default" in each}
    given = {name: each for name, each in value.items() if each is not None}
    return {
        spelt(name) if name in known else name: _value(each, mapping(known.get(name, others)))
        for name, each in {**defaults, **given}.items()
    }


def spelt(name: str) -> str:
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
        told = _CODE.sub("", str(error))
        if error.is_of_value:
            yield Fault(Kind.CUSTOM_RULE, path, f"{_message(rule, this, expression)} ({told})")
        else:
            yield Fault(Kind.NOT_EVALUATED, (), f"the rule {expression!r} was not evaluated: {told}")
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
        raise EvaluationError(_problem(error), is_of_value=False) from None
    if found.type() == cel.Type.ERROR:
        told = str(found.plain_value())
        raise EvaluationError(told, is_of_value=not _LACKING.match(told))
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
    """What evaluates an expression, which is of the types that its definition was checked for."""
    return _environment().compile(expanded(expression), disable_check=True)


@cache
def _environment() -> cel.Env:
    return cel.NewEnv(
        variables={"self": cel.Type.DYN},
        extensions=[ext_strings.ExtStrings(), ext_optional.ExtOptional(), ext_bindings.ExtBindings()],
        functions=functions(),
    )
