"""`--set` expressions, read as Helm reads them.

`a.b=c,d={x,y},e[0].f=1`: a backslash takes a sign's meaning away; `true`, `false`, `null` and whole numbers
without a leading zero are what they look like, all else is text. Source: Helm, `pkg/strvals`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hmco_charts.errors import ConfigurationError, Location
from hmco_charts.values.path import Path, get

_GREATEST_INDEX = 65536
_STEP = re.compile(r"(?P<key>(?:\\.|[^\\.\[=,])+)?(?P<indexes>(?:\[\d+\])*)(?P<end>[.=])")
_VALUE = re.compile(r"\{(?P<items>(?:\\.|[^\\}])*)\}(?=,|$)|(?P<text>(?!\{)(?:\\.|[^\\,])*)")
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,18}")
_WORDS = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class Assignment:
    """One `path=value` of an expression.

    Attributes:
        path: Keys and indexes.
        value: The value, typed.
        at: The expression's left side, for messages; never the value.
    """

    path: Path
    value: Any
    at: Location


def assignments(expression: str) -> Iterator[Assignment]:
    """The assignments of a `--set` expression, in order.

    Raises:
        ConfigurationError: It is malformed.
    """
    position = 0
    while position < len(expression):
        start = position
        path, position = _path(expression, position)
        at = Location(f"--set {expression[start : position - 1]}")
        found = _VALUE.match(expression, position)
        if not found or expression[found.end() : found.end() + 1] not in ("", ","):
            raise ConfigurationError("the value of a --set expression is malformed", at=at)
        yield Assignment(path, _value(found), at)
        position = found.end() + 1


def assign(document: dict[str, Any], assignment: Assignment) -> None:
    """Put an assignment into a document; maps and lists on the way are made where they are missing."""
    box: Any = {"": document}
    place: str | int = ""
    for step in assignment.path:
        box, place = _inner(box, place, step), step
    _put(box, place, assignment.value)


def _inner(box: Any, place: str | int, step: str | int) -> Any:
    wanted = list if isinstance(step, int) else dict
    inner = get(box, (place,))
    if not isinstance(inner, wanted):
        inner = wanted()
        _put(box, place, inner)
    return inner


def _put(box: Any, place: Any, value: Any) -> None:
    if isinstance(box, list):
        box.extend([None] * (place + 1 - len(box)))
    box[place] = value


def _path(expression: str, position: int) -> tuple[Path, int]:
    path: list[str | int] = []
    start = position
    while True:
        step = _STEP.match(expression, position)
        if not step or not (step["key"] or step["indexes"]):
            name = re.split(r"=", expression[start:], maxsplit=1)[0]
            raise ConfigurationError(
                "a --set expression is malformed",
                at=Location(f"--set {name}" if "=" in expression[start:] else "--set"),
                remedy="write --set path.to.key=value",
            )
        path += [_plain(step["key"])] if step["key"] else []
        path += [
            _index(text, expression[start : step.start("indexes")]) for text in re.findall(r"\d+", step["indexes"])
        ]
        position = step.end()
        if step["end"] == "=":
            return tuple(path), position


def _index(text: str, name: str) -> int:
    if int(text) > _GREATEST_INDEX:
        raise ConfigurationError(f"list index {text} is greater than {_GREATEST_INDEX}", at=Location(f"--set {name}"))
    return int(text)


def _value(found: re.Match[str]) -> Any:
    if found["items"] is None:
        return _typed(found["text"])
    return [_typed(item) for item in re.split(r"(?<!\\),", found["items"])]


def _typed(text: str) -> Any:
    if _WHOLE.fullmatch(text):
        return int(text)
    return _WORDS.get(text.lower(), _plain(text))


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
