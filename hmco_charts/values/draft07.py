"""The JSON Schema of a chart's values, as Helm's validators want it.

Draft-07, every `$ref` inside the document, closed where the type is closed. Helm takes a default away where
a user writes `null`, so `null` is admitted for every optional value and every entry of a map, and for nothing
else. A definition admits `null` itself, as optional values refer to it; a list's items and required values
take it back.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from threading import Lock
from typing import Any

from pydantic.json_schema import DefsRef, GenerateJsonSchema
from pydantic_core.core_schema import WithDefaultSchema

from hmco_charts.values import credential
from hmco_charts.values.base import Values

Schema = dict[str, Any]

_REFERENCE = "#/definitions/"
_CREDENTIAL = {"$ref": f"{_REFERENCE}Credential"}
_DROPPED = ("title", "additionalProperties")
_PART = "PartOf."
_TURN = Lock()  # pydantic's generator remembers where it is


@cache
def schema(model: type[Values]) -> Schema:
    """The JSON Schema (draft-07) of documents that `model` accepts; it is shared, so not to be changed."""
    root, definitions = _models().told(model)
    told = {name: _definition(node) for name, node in sorted(definitions.items())}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": root["title"],
        **_object(root),
        "definitions": {"Credential": credential.schema(), **told},
    }


@cache
def _models() -> "_Models":
    return _Models(ref_template=_REFERENCE + "{model}")


class _Models(GenerateJsonSchema):
    """The schemas of all models that were asked for: most of a chart's are other charts' too."""

    def told(self, model: type[Values]) -> tuple[Schema, dict[str, Schema]]:
        """A model's schema, and by name those that it refers to."""
        with _TURN:
            root, *others = self._reached(self.generate_inner(model.__pydantic_core_schema__))
            names = dict(self._named(others))
            told = {ref: _renamed(self.sort(self.definitions[ref]), names) for ref in (root, *others)}
        return told[root], {names[ref]: told[ref] for ref in others}

    def default_schema(self, schema: WithDefaultSchema) -> Schema:
        """Defaults are not part of the contract, and take as long as all the rest to be written down.

        Of an object that is there by default a part may be given.
        """
        inner = self.generate_inner(schema["schema"])
        return inner | {_PART: True} if "$ref" in inner and _requires(schema.get("default")) else inner

    def _reached(self, node: Schema) -> list[DefsRef]:
        """The definitions that a schema refers to, each with those that it refers to in turn."""
        found: dict[DefsRef, None] = {}
        left = [*_references(node)]
        while left:
            if (ref := left.pop()) not in found:
                found[ref] = None
                left += _references(self._definition(ref))
        return list(found)

    def _definition(self, ref: DefsRef) -> Schema:
        if ref not in self.definitions:
            whole = self.definitions[DefsRef(ref.removeprefix(_PART))]
            part = {key: value for key, value in whole.items() if key != "required"}
            self.definitions[ref] = part | {"title": _PART + whole["title"]}
        return self.definitions[ref]

    def _named(self, refs: Iterable[DefsRef]) -> Iterator[tuple[str, str]]:
        """Each with its model's name, and the module's before it where another one has the same."""
        titles = Counter(self.definitions[ref]["title"] for ref in refs)
        for ref in refs:
            title = self.definitions[ref]["title"]
            yield ref, title if titles[title] == 1 else ref.partition("-")[0]


def _requires(default: Any) -> bool:
    """Whether a default has something that its type requires."""
    return isinstance(default, Values) and any(field.is_required() for field in type(default).model_fields.values())


def _references(node: Any) -> Iterator[DefsRef]:
    if isinstance(node, dict) and isinstance(node.get("$ref"), str):
        yield _referred(node)
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for value in inner:
        yield from _references(value)


def _referred(node: Schema) -> DefsRef:
    ref = node["$ref"].removeprefix(_REFERENCE)
    return DefsRef(_PART + ref if node.get(_PART) else ref)


def _renamed(node: Any, names: Mapping[str, str]) -> Any:
    """A schema that refers to definitions by other names."""
    if isinstance(node, list):
        return [_renamed(value, names) for value in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("$ref"), str):
        node = {**node, "$ref": _REFERENCE + names[_referred(node)]}
    return {key: _renamed(value, names) for key, value in node.items()}


def at(root: Schema, path: tuple[str | int, ...]) -> Schema:
    """The part of a schema that rules the value at `path`; empty where none does."""
    node = root
    for step in path:
        node = _resolved(root, node)
        if isinstance(step, int):
            node = node.get("items", {})
        else:
            rest = node.get("additionalProperties")
            node = node.get("properties", {}).get(step, rest if isinstance(rest, dict) else {})
    return _resolved(root, node)


def _resolved(root: Schema, node: Schema) -> Schema:
    for part in (node, *node.get("allOf", ())):
        if "$ref" in part:
            target: Schema = root["definitions"][part["$ref"].rsplit("/", 1)[1]]
            return target
    return node


def _definition(node: Schema) -> Schema:
    told = _object(node)
    return told | {"type": ["object", "null"]} if told.get("type") == "object" else told


def _object(node: Schema) -> Schema:
    told = {key: value for key, value in node.items() if key not in _DROPPED}
    if "properties" in node:
        required = node.get("required", ())
        told["properties"] = {
            key: _required(value) if key in required else _optional(value) for key, value in node["properties"].items()
        }
        told["additionalProperties"] = node.get("additionalProperties", True)
    return told


def _value(node: Schema) -> Schema:
    told = {key: value for key, value in node.items() if key not in _DROPPED}
    if told.pop(credential.REFUSED, False):
        told["not"] = dict(_CREDENTIAL)
    if "items" in told:
        told["items"] = _required(told["items"])
    if "patternProperties" in told:
        ((pattern, entry),) = told.pop("patternProperties").items()
        told["propertyNames"] = _value(told["propertyNames"]) | {"pattern": pattern}
        told["additionalProperties"] = _optional(entry)
    return told


def _required(node: Schema) -> Schema:
    if "$ref" in node:
        return _beside(node, {"$ref": node["$ref"]}, {"type": "object"})
    return _value(node)


def _optional(node: Schema) -> Schema:
    if "anyOf" in node:
        (inner,) = (part for part in node["anyOf"] if part.get("type") != "null")
        return _optional({key: value for key, value in node.items() if key != "anyOf"} | inner)
    if "$ref" in node:
        return _beside(node, {"$ref": node["$ref"]})
    told = _value(node)
    if "const" in told:
        told["enum"] = [told.pop("const")]
    if "enum" in told:
        told["enum"] = [*told["enum"], None]
    types = told["type"]
    return told | {"type": [*(types if isinstance(types, list) else [types]), "null"]}


def _beside(node: Schema, *parts: Schema) -> Schema:
    """Draft-07 ignores what stands beside a `$ref`, so it moves into `allOf`."""
    told = {"description": node["description"]} if "description" in node else {}
    return told | {"allOf": list(parts)}
