"""Schemas out of custom resource definitions.

Source: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/
"""

from collections.abc import Iterator
from typing import Any

from hmco_charts.conformance.patterns import is_shared
from hmco_charts.yamlio.shape import items, mapping, text

Schema = dict[str, Any]
Key = tuple[str, str]

_MAPS = ("properties", "patternProperties", "definitions")
_LISTS = ("allOf", "anyOf", "oneOf")
_PLAIN = ("items", "not", "additionalProperties")
_LIMITS = {"int32": 2**31, "int64": 2**63}
_META = "#/$defs/apimachinery.pkg.apis.meta.v1.ObjectMeta"
_UNKNOWN = "x-kubernetes-preserve-unknown-fields"


def is_definition(manifest: Any) -> bool:
    """Whether an object is a custom resource definition."""
    return isinstance(manifest, dict) and manifest.get("kind") == "CustomResourceDefinition"


def schemas(definition: dict[str, Any]) -> Iterator[tuple[Key, Schema]]:
    """The structural schema of each served version of a definition, by API version and kind."""
    spec = mapping(definition.get("spec"))
    group, kind = text(spec.get("group")), text(mapping(spec.get("names")).get("kind"))
    shared = mapping(mapping(spec.get("validation")).get("openAPIV3Schema"))  # of apiextensions.k8s.io/v1beta1
    versions = items(spec.get("versions")) or [{"name": spec.get("version"), "served": True}]
    for version in map(mapping, versions):
        schema = mapping(mapping(version.get("schema")).get("openAPIV3Schema")) or shared
        if group and kind and schema and version.get("served") is not False:
            yield (f"{group}/{text(version.get('name'))}", kind), schema


def resource(schema: Schema, metadata: Schema) -> Schema:
    """The schema of a whole custom resource.

    Args:
        schema: Its structural schema.
        metadata: The schema of any object's metadata, of which a definition tells no more than what it adds.
    """
    made: Schema = converted(schema)
    fields = made.setdefault("properties", {})
    fields["apiVersion"] = fields["kind"] = {"type": "string"}
    own = _partial(mapping(schema.get("properties")).get("metadata", {}))
    fields["metadata"] = {**metadata, "allOf": [*metadata.get("allOf", ()), own]}
    _need(made, "metadata")
    return made


def _need(made: Schema, *names: str) -> None:
    told = items(made.get("required"))
    made["required"] = [*told, *(name for name in names if name not in told)]


def converted(schema: Any) -> Any:
    """A structural schema as JSON Schema: closed, nullable where it says so.

    A field that a closed mapping does not name is pruned by the API server, which refuses it where field validation is
    strict, as kubectl and Helm ask for it.
    """
    if not isinstance(schema, dict):
        return schema
    made = dict(schema)
    if "required" in made:
        made["required"] = _needed(made)
    for key in _MAPS:
        if isinstance(made.get(key), dict):
            made[key] = {name: _field(each) for name, each in made[key].items()}
    for key in _LISTS:
        if isinstance(made.get(key), list):
            made[key] = [_partial(each) for each in made[key]]
    for key in _PLAIN:
        if key in made:
            made[key] = _partial(made[key]) if key == "not" else converted(made[key])
    _close(made)
    _exclusive(made)
    _match(made)
    _embed(made)
    _listed(made)
    return made


def _needed(schema: Schema) -> list[Any]:
    """The fields that must be given; one with a default is set before."""
    fields = mapping(schema.get("properties"))
    return [name for name in items(schema.get("required")) if "default" not in mapping(fields.get(text(name)))]


def _field(schema: Any) -> Any:
    """The schema of a field; for null the API server sets the default, where null is no value of it."""
    if not isinstance(schema, dict) or schema.get("nullable") or "default" not in schema:
        return converted(schema)
    made = converted({**schema, "nullable": True})
    return {**made, "enum": [*made["enum"], None]} if isinstance(made.get("enum"), list) else made


def _partial(schema: Any) -> Any:
    """A part of a schema: it does not say what fields there are."""
    if not isinstance(schema, dict):
        return schema
    made = {key: value for key, value in schema.items() if key != "description"}
    for key in _MAPS:
        if isinstance(made.get(key), dict):
            made[key] = {name: _partial(each) for name, each in made[key].items()}
    for key in _LISTS:
        if isinstance(made.get(key), list):
            made[key] = [_partial(each) for each in made[key]]
    for key in _PLAIN:
        if key in made:
            made[key] = _partial(made[key])
    _exclusive(made)
    _match(made)
    return made


def _match(made: Schema) -> None:
    """Have a pattern read by RE2 where JSON Schema reads it otherwise."""
    pattern = made.get("pattern")
    if isinstance(pattern, str) and not is_shared(pattern):
        made["x-pattern"] = made.pop("pattern")


def _close(made: Schema) -> None:
    made.pop("description", None)
    if made.get("x-kubernetes-list-type") != "set":
        made.pop("x-kubernetes-list-type", None)
    if made.get("x-kubernetes-int-or-string"):
        made.pop("anyOf", None)
        made["type"] = ["integer", "string"]
    if made.get("type") == "integer":
        limit = _LIMITS.get(text(made.get("format")), _LIMITS["int64"])
        made.update({"minimum": made.get("minimum", -limit), "maximum": made.get("maximum", limit - 1)})
    if made.get("nullable") and isinstance(made.get("type"), (str, list)):
        made["type"] = [*([made["type"]] if isinstance(made["type"], str) else made["type"]), "null"]
    if isinstance(made.get("enum"), list):
        made["enum"] = [each for each in made["enum"] if each is not None]  # which the API server compares with a text
    is_open = made.get(_UNKNOWN) or "additionalProperties" in made
    if "properties" in made and not is_open:
        made["additionalProperties"] = False


def _exclusive(made: Schema) -> None:
    """Draft 4 has `exclusiveMinimum: true` beside a minimum."""
    for limit, name in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if made.get(name) is True and limit in made:
            made[name] = made.pop(limit)
        elif isinstance(made.get(name), bool):
            del made[name]


def _embed(made: Schema) -> None:
    if made.get("x-kubernetes-embedded-resource"):
        word = {"type": "string", "minLength": 1}
        identity = {"apiVersion": word, "kind": word, "metadata": {"$ref": _META}}
        made["properties"] = {**mapping(made.get("properties")), **identity}
        _need(made, "apiVersion", "kind")


def _listed(made: Schema) -> None:
    """The keys of a list's entries, with the values that they have where they are left out."""
    keys = made.get("x-kubernetes-list-map-keys")
    if isinstance(keys, list):
        fields = mapping(mapping(made.get("items")).get("properties"))
        made["x-kubernetes-list-map-keys"] = {key: mapping(fields.get(key)).get("default") for key in map(text, keys)}
    if not isinstance(made.get("x-kubernetes-validations", []), list):
        del made["x-kubernetes-validations"]
