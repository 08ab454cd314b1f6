"""Schemas of custom resource definitions, as the API server takes them.

Source: apiextensions-apiserver `pkg/apiserver/schema/validation.go` (ValidateStructural),
`pkg/apis/apiextensions/validation/validation.go` (ValidateCustomResourceDefinitionOpenAPISchema).
"""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from hmco_charts.conformance import crds, patterns
from hmco_charts.conformance.fault import Fault, Path, conflict, contradiction, duplicate, invalid, missing
from hmco_charts.yamlio.shape import items, mapping, text

Schema = dict[str, Any]

_TYPES = ("array", "boolean", "integer", "number", "object", "string")
_REASONS = ("FieldValueRequired", "FieldValueForbidden", "FieldValueInvalid", "FieldValueDuplicate")
_UNSUPPORTED = ("$ref", "additionalItems", "definitions", "dependencies", "id", "patternProperties")
_OF_VALUES = (
    *("additionalProperties", "default", "description", "nullable", "title", "type", "x-kubernetes-embedded-resource"),
    *("x-kubernetes-int-or-string", "x-kubernetes-list-map-keys", "x-kubernetes-list-type", "x-kubernetes-map-type"),
    *("x-kubernetes-preserve-unknown-fields", "x-kubernetes-validations"),
)
_NESTED = ("allOf", "anyOf", "oneOf")
_INT_OR_STRING = [{"type": "integer"}, {"type": "string"}]


def structural(value: dict[str, Any], newest: int) -> Iterator[Fault]:
    """The schema of a version says of each field what it is, and nothing that could contradict that.

    Args:
        value: The version.
        newest: The minor version of Kubernetes whose functions new rules may use.
    """
    schema = mapping(mapping(value.get("schema")).get("openAPIV3Schema"))
    path: Path = ("schema", "openAPIV3Schema")
    if schema.get("type") != "object":
        yield invalid((*path, "type"), "must be object")
    if "additionalProperties" in schema:
        yield conflict((*path, "additionalProperties"), "cannot be set at the root", is_key=True)
    metadata = mapping(mapping(schema.get("properties")).get("metadata"))
    told = metadata.keys() - {"description", "properties", "type"}
    if told or mapping(metadata.get("properties")).keys() - {"name", "generateName"}:
        yield conflict((*path, "properties", "metadata"), "metadata may tell of name and generateName alone")
    yield from _part(schema, path, newest)


def _part(schema: Schema, path: Path, newest: int) -> Iterator[Fault]:
    yield from _typed(schema, path)
    yield from _supported(schema, path)
    yield from _listed(schema, path)
    yield from _valued(schema, path)
    if items(schema.get("x-kubernetes-validations")):
        yield from _rules(schema, path, newest)
    for name, each in mapping(schema.get("properties")).items():
        yield from _part(mapping(each), (*path, "properties", name), newest)
    for field in ("items", "additionalProperties"):
        if isinstance(schema.get(field), dict):
            yield from _part(schema[field], (*path, field), newest)
    yield from _nested(schema, path)


def _typed(schema: Schema, path: Path) -> Iterator[Fault]:
    kind = schema.get("type")
    if not kind:
        is_free = schema.get("x-kubernetes-int-or-string") or schema.get("x-kubernetes-preserve-unknown-fields")
        if not is_free or schema.get("x-kubernetes-embedded-resource"):
            yield missing(path, "type must be given")
    elif kind not in _TYPES:
        yield invalid((*path, "type"), f"must be one of {', '.join(_TYPES)}")
    if kind == "array" and not isinstance(schema.get("items"), dict):
        yield missing(path, "items must be given for an array")


def _supported(schema: Schema, path: Path) -> Iterator[Fault]:
    for field in _UNSUPPORTED:
        if schema.get(field):
            yield conflict((*path, field), f"{field} is not supported in a definition", is_key=True)
    if schema.get("uniqueItems"):
        yield conflict((*path, "uniqueItems"), "it cannot be true: use x-kubernetes-list-type: set", is_key=True)
    if schema.get("x-kubernetes-preserve-unknown-fields") is False:
        yield conflict((*path, "x-kubernetes-preserve-unknown-fields"), "it can be true or left out")
    others = schema.get("additionalProperties")
    if mapping(schema.get("properties")) and (others is False or isinstance(others, dict)):
        message = "properties and additionalProperties exclude each other"
        yield conflict((*path, "additionalProperties"), message, is_key=True)


def _listed(schema: Schema, path: Path) -> Iterator[Fault]:
    kind, keys = schema.get("x-kubernetes-list-type"), items(schema.get("x-kubernetes-list-map-keys"))
    where = (*path, "x-kubernetes-list-map-keys")
    if kind is not None and kind not in ("atomic", "set", "map"):
        yield invalid((*path, "x-kubernetes-list-type"), "must be one of atomic, set, map")
    if kind is not None and schema.get("type") != "array":
        yield conflict((*path, "x-kubernetes-list-type"), "it goes with the type array alone", is_key=True)
    if keys and kind != "map":
        yield conflict(where, "they go with x-kubernetes-list-type: map alone", is_key=True)
    entry = mapping(schema.get("items"))
    if kind == "set" and entry.get("type") == "object" and entry.get("x-kubernetes-map-type") != "atomic":
        yield missing((*path, "items"), "x-kubernetes-map-type: atomic must be given in a list of the type set")
    if kind == "map":
        yield from _keyed(mapping(schema.get("items")), keys, path)
    if schema.get("x-kubernetes-map-type") not in (None, "atomic", "granular"):
        yield invalid((*path, "x-kubernetes-map-type"), "must be one of atomic, granular")


def _keyed(entry: Schema, keys: list[Any], path: Path) -> Iterator[Fault]:
    where = (*path, "x-kubernetes-list-map-keys")
    known, required = mapping(entry.get("properties")), items(entry.get("required"))
    if not keys:
        yield missing(path, "x-kubernetes-list-map-keys must be given for a list of the type map")
    if entry.get("type") != "object":
        yield contradiction((*path, "items"), "the entries of a list of the type map must be of the type object")
        return
    if len(set(map(text, keys))) < len(keys):
        yield duplicate(where, "a key stands twice in this list")
    for index, key in enumerate(map(text, keys)):
        if key not in known:
            yield contradiction((*where, index), f"the entries have no property {key}")
        elif mapping(known[key]).get("type") in ("array", "object"):
            yield contradiction((*where, index), f"{key} must be a plain value")
        elif key not in required and "default" not in mapping(known[key]):
            yield contradiction((*where, index), f"{key} must be required, or have a default")


def _valued(schema: Schema, path: Path) -> Iterator[Fault]:
    pattern, default = schema.get("pattern"), schema.get("default")
    if isinstance(pattern, str):
        try:
            patterns.compiled(pattern)
        except ValueError:
            yield invalid((*path, "pattern"), "must be a regular expression of RE2")
            return
    if default is not None and schema.get("type") in _TYPES:
        try:
            follows = jsonschema_rs.validator_for(crds.converted(schema)).is_valid(default)
        except ValueError:
            return  # the schema is no schema, which is told by its own schema
        if not follows:
            yield contradiction((*path, "default"), "the default does not follow this schema")


def _rules(schema: Schema, path: Path, newest: int) -> Iterator[Fault]:
    from hmco_charts.conformance.cel_types import Types

    is_object = path[-1] == "openAPIV3Schema" or bool(schema.get("x-kubernetes-embedded-resource"))
    types = Types(schema, newest, is_object=is_object)
    for index, rule in enumerate(map(mapping, items(schema["x-kubernetes-validations"]))):
        where = (*path, "x-kubernetes-validations", index)
        expression, message = text(rule.get("rule")).strip(), text(rule.get("message")).strip()
        has_optional = rule.get("optionalOldSelf") is True
        if not expression:
            yield missing(where, "rule must be given")
        for field, wanted in (("rule", "BOOL"), ("messageExpression", "STRING")):
            told = text(rule.get(field)).strip()
            problem = types.problem(told, wanted, has_optional=has_optional) if told else ""
            if problem:
                yield invalid((*where, field), f"is refused: {problem}")
        if rule.get("message") and (not message or "\n" in message):
            yield invalid((*where, "message"), "must be one line, and not empty")
        elif "\n" in expression and not message:
            yield missing(where, "message must be given for a rule of several lines")
        if rule.get("reason") is not None and rule["reason"] not in _REASONS:
            yield invalid((*where, "reason"), f"must be one of {', '.join(_REASONS)}")


def _nested(schema: Schema, path: Path) -> Iterator[Fault]:
    """What stands below `allOf` and its like is of values, not of what they are."""
    for field in _NESTED:
        for index, each in enumerate(map(mapping, items(schema.get(field)))):
            is_alternative = schema.get("x-kubernetes-int-or-string") and (
                (field == "anyOf" and schema[field] == _INT_OR_STRING) or each.get("anyOf") == _INT_OR_STRING
            )
            if not is_alternative:
                yield from _of_values(each, (*path, field, index))
    if isinstance(schema.get("not"), dict):
        yield from _of_values(schema["not"], (*path, "not"))


def _of_values(schema: Schema, path: Path) -> Iterator[Fault]:
    for field in _OF_VALUES:
        if schema.get(field):
            yield conflict((*path, field), f"{field} cannot be set below allOf, anyOf, oneOf and not", is_key=True)
    for name, each in mapping(schema.get("properties")).items():
        yield from _of_values(mapping(each), (*path, "properties", name))
    if isinstance(schema.get("items"), dict):
        yield from _of_values(schema["items"], (*path, "items"))
    yield from _nested(schema, path)
