"""The errors of the compiled validator, told so that a person can mend them."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from hmco_charts.conformance.fault import Fault, Kind, Path
from hmco_charts.conformance.keywords import carried
from hmco_charts.nearest import nearest

Schema = dict[str, Any]

_LONGEST = 60
_SEVERAL = frozenset(Kind) - {Kind.INVALID_VALUE, Kind.WRONG_TYPE}  # kinds of which one value may have several
_CREDENTIAL = re.compile(r"(?i)pass|secret|token|credential|auth|private")
_TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}


def told(errors: Iterable[Any], schema: Schema, *, is_secret: bool) -> Iterator[Fault]:
    """The faults that errors stand for; of several about one value the first.

    Args:
        errors: Errors of `jsonschema_rs`.
        schema: The schema that was applied.
        is_secret: Whether no value may be told.
    """
    seen: set[tuple[Path, str]] = set()
    for error in errors:
        for fault in _faults(error, schema, is_secret=is_secret):
            about = (fault.path, fault.message if fault.kind in _SEVERAL else fault.kind)
            if about not in seen:
                seen.add(about)
                yield fault


def _faults(error: Any, schema: Schema, *, is_secret: bool) -> Iterator[Fault]:
    path, form = tuple(error.instance_path), type(error.kind).__name__
    tell = _TELLING.get(form)
    if form == "Custom":
        yield carried(error.kind.message, path)
    elif tell is None:
        yield Fault(Kind.INVALID_VALUE, path, "follows none of the forms that the schema allows here")
    else:
        for fault in tell(error, path, _part(schema, error.schema_path)):
            yield replace(fault, message=_shown(fault, error.instance, is_secret=is_secret))


def _part(schema: Schema, path: Iterable[str | int]) -> Schema:
    """The schema that the keyword at the end of a path belongs to."""
    part: Any = schema
    for step in list(path)[:-1]:
        part = part[int(step)] if isinstance(part, list) else part.get(str(step), {})
    return part if isinstance(part, dict) else {}


def _shown(fault: Fault, value: Any, *, is_secret: bool) -> str:
    """The message with the value, where it is short and no secret."""
    is_plain = isinstance(value, (str, int, float)) and not isinstance(value, bool)
    is_secret = is_secret or bool(_CREDENTIAL.search(str(fault.path[-1:])))
    if fault.kind is not Kind.INVALID_VALUE or not is_plain or is_secret or len(str(value)) > _LONGEST:
        return fault.message
    return f"{value!r} {fault.message}"


def _unknown(error: Any, path: Path, part: Schema) -> Iterator[Fault]:
    known = part.get("properties", {})
    for name in error.kind.unexpected:
        near = nearest(name, known)
        hint = f": did you mean {near}?" if near else ""
        yield Fault(Kind.UNKNOWN_FIELD, (*path, name), f"unknown field {name}{hint}", is_key=True)


def _forbidden(_: Any, path: Path, __: Schema) -> Iterator[Fault]:
    yield Fault(Kind.UNKNOWN_FIELD, path, "must have no fields here")


def _required(error: Any, path: Path, _: Schema) -> Iterator[Fault]:
    yield Fault(Kind.MISSING_FIELD, path, f"{error.kind.property} is missing")


def _type(error: Any, path: Path, _: Schema) -> Iterator[Fault]:
    wanted = " or ".join(_TYPES[each] for each in sorted(error.kind.types) if each in _TYPES) or "empty"
    yield Fault(Kind.WRONG_TYPE, path, f"is {_type_of(error.instance)}, but must be {wanted}")


def _type_of(value: Any) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "a boolean"
    return {str: "a text", int: "a whole number", float: "a number", list: "a list"}.get(type(value), "a mapping")


def _enum(error: Any, path: Path, part: Schema) -> Iterator[Fault]:
    if "x-says" in part:
        yield Fault(Kind.CONFLICT, path, part["x-says"], is_key=True)
        return
    options = [str(each) for each in part.get("enum", ()) if each not in (None, "")]
    near = nearest(str(error.instance), options) if isinstance(error.instance, str) else None
    hint = f": did you mean {near}?" if near else ""
    yield Fault(Kind.INVALID_VALUE, path, f"must be one of {', '.join(options)}{hint}")


def _text(_: Any, path: Path, part: Schema) -> Iterator[Fault]:
    says = part.get("x-says")
    yield Fault(Kind.INVALID_VALUE, path, f"must be {says}" if says else f"must match {part.get('pattern')}")


def _format(error: Any, path: Path, _: Schema) -> Iterator[Fault]:
    yield Fault(Kind.INVALID_VALUE, path, f"must have the format {error.kind.format}")


def _name(error: Any, path: Path, part: Schema) -> Iterator[Fault]:
    names = part.get("propertyNames", part)
    says = names.get("x-says", "a name that the schema allows")
    name = str(error.kind.error.instance)
    yield Fault(Kind.INVALID_VALUE, (*path, name), f"the key {name[:_LONGEST]} must be {says}", is_key=True)


def _limit(words: str, keyword: str) -> Callable[[Any, Path, Schema], Iterator[Fault]]:
    def tell(_: Any, path: Path, part: Schema) -> Iterator[Fault]:
        if keyword.startswith("min") and part[keyword] == 1 and keyword in ("minItems", "minLength"):
            yield Fault(Kind.INVALID_VALUE, path, "must not be empty")
            return
        is_text = keyword.endswith("Length") and "x-says" in part
        yield Fault(
            Kind.INVALID_VALUE, path, f"must be {part['x-says']}" if is_text else f"{words} {part.get(keyword)}"
        )

    return tell


_TELLING: dict[str, Callable[[Any, Path, Schema], Iterator[Fault]]] = {
    "AdditionalProperties": _unknown,
    "FalseSchema": _forbidden,
    "Required": _required,
    "Type": _type,
    "Enum": _enum,
    "Format": _format,
    "Pattern": _text,
    "PropertyNames": _name,
    "Constant": _limit("must be", "const"),
    "MinLength": _limit("has fewer characters than", "minLength"),
    "MaxLength": _limit("has more characters than", "maxLength"),
    "Minimum": _limit("must be at least", "minimum"),
    "Maximum": _limit("must be at most", "maximum"),
    "ExclusiveMinimum": _limit("must be above", "exclusiveMinimum"),
    "ExclusiveMaximum": _limit("must be below", "exclusiveMaximum"),
    "MinItems": _limit("has fewer entries than", "minItems"),
    "MaxItems": _limit("has more entries than", "maxItems"),
    "MinProperties": _limit("has fewer fields than", "minProperties"),
    "MaxProperties": _limit("has more fields than", "maxProperties"),
    "MultipleOf": _limit("must be a multiple of", "multipleOf"),
}
