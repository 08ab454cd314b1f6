"""What is wrong with values, told from pydantic's errors: the path, what was given, what is allowed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from hmco_charts.values.base import Values
from hmco_charts.values.credential import holds_credential, is_secret_name
from hmco_charts.values.draft07 import at, schema
from hmco_charts.values.path import Path, dotted, get
from hmco_charts.values.proposal import did_you_mean, nearest
from hmco_charts.values.workload import rank

_SPOKEN = {
    bool: "a boolean",
    int: "a number",
    float: "a number",
    str: "a text",
    dict: "a map",
    list: "a list",
}
_EXPECTED = {
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "model_type": "a map",
    "dict_type": "a map",
    "tuple_type": "a list",
}
_SHOWN = re.compile(r"[\w .,:/%*+@=-]{1,40}")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a values document.

    Attributes:
        path: Where it is, by keys and indexes.
        what: What is wrong; never a credential.
        remedy: What to do about it.
        is_about_key: Whether the key is wrong rather than its value.
    """

    path: Path
    what: str
    remedy: str
    is_about_key: bool = False


def faults(
    error: ValidationError, model: type[Values], document: dict[str, Any], *, example: str = ""
) -> Iterator[Fault]:
    """The faults of a document that `model` refused, in the order of the model's fields.

    Args:
        error: The refusal.
        model: The model.
        document: The document.
        example: Where a document with every key stands, to be told to a person who does not know them.
    """
    contract = schema(model)
    for details in error.errors(include_url=False, include_context=True):
        yield _fault(details, contract, document, example)


def _fault(details: ErrorDetails, contract: dict[str, Any], document: dict[str, Any], example: str) -> Fault:
    path, kind = tuple(step for step in details["loc"] if step != "[key]"), details["type"]
    name = dotted(path)
    if "[key]" in details["loc"]:
        return Fault(path, f"the key {name} {details['msg']}", "", is_about_key=True)
    if kind == "extra_forbidden":
        known = sorted(at(contract, path[:-1]).get("properties", {}), key=rank)
        remedy = did_you_mean(str(path[-1]), known, all_of_them=example)
        return Fault(path, f"unknown value {name}", remedy, is_about_key=True)
    if kind == "missing":
        return Fault(path, f"{name} is missing", str(at(contract, path).get("description", "")))
    if kind in ("needed", "rule"):
        return Fault((*path, *details["ctx"]["path"].split(".")), _joined(path, details["msg"]), "")
    if kind == "credential":
        return _credential(path, document)
    return Fault(path, f"{name} {_allowed(details)}; given {_given(path, details)}", _near(details))


def _joined(path: Path, message: str) -> str:
    return f"{dotted(path)}.{message}" if path else message


def _credential(path: Path, document: dict[str, Any]) -> Fault:
    """A credential; in an environment entry that is named after one, the place is its value."""
    entry = get(document, path)
    place = (*path, "value") if isinstance(entry, dict) and "value" in entry else path
    remedy = "keep it in a Secret and refer to it: valueFrom.secretKeyRef, or a field for a Secret's name and key"
    return Fault(place, f"{dotted(place)} holds a credential", remedy)


def _allowed(details: ErrorDetails) -> str:
    bounds = {
        "greater_than_equal": "at least {ge}",
        "less_than_equal": "at most {le}",
        "literal_error": "{expected}",
    }
    if details["type"] in _EXPECTED:
        return f"must be {_EXPECTED[details['type']]}"
    if details["type"] in bounds:
        return f"must be {bounds[details['type']].format(**details['ctx'])}"
    return details["msg"]


def _given(path: Path, details: ErrorDetails) -> str:
    value = details["input"]
    if details["type"] in ("pattern", "literal_error", "bounds", "greater_than_equal", "less_than_equal"):
        key = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
        return _short(key, value)
    return "nothing" if value is None else _SPOKEN.get(type(value), "something else")


def _short(key: str, value: Any) -> str:
    """A value as it may be shown: never one that could be a secret."""
    text = str(value)
    if not isinstance(value, str | int | float) or is_secret_name(key, text) or holds_credential(text):
        return _SPOKEN.get(type(value), "something else")
    return repr(value) if _SHOWN.fullmatch(text) else f"a text of {len(text)} characters"


def _near(details: ErrorDetails) -> str:
    if details["type"] != "literal_error" or not isinstance(details["input"], str):
        return ""
    known = re.findall(r"'([^']+)'", details["ctx"]["expected"])
    return nearest(details["input"], known)
