"""The base of every typed value."""

from collections.abc import Mapping
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer, model_validator
from pydantic.alias_generators import to_camel


class Values(BaseModel):
    """A closed object of a chart's values: frozen, camelCase in YAML, strict, unknown keys refused.

    What is given for a field is merged over the field's default as Helm merges values: a map leaves the rest of the
    default as it is, all else replaces it, and so does an object of Python. A `null` for a key that has a default means
    the default, as Helm's `null` takes an overlay's value away; where the type itself admits `None` it means none.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        hide_input_in_errors=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _over_the_defaults(cls, given: Any) -> Any:
        if not isinstance(given, dict) or isinstance(given, _Merged):
            return given
        return _merged(cls, given, _defaults(cls))

    def document(self) -> dict[str, Any]:
        """The values as they stand in YAML: camelCase keys, nothing where a value is unset."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class KubernetesShape(Values):
    """An object that Kubernetes itself defines; `values.yaml` shows it as given, without its inner keys."""

    @model_serializer(mode="wrap")
    def _without_what_is_unset(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        unset = {
            key
            for name, field in type(self).model_fields.items()
            if field.default in (None, (), {}) and getattr(self, name) == field.default
            for key in (name, field.alias)
        }
        return {key: value for key, value in handler(self).items() if key not in unset}


class _Merged(dict[str, Any]):
    """What is given for an object, with the default of its field under it; those of its type are not to be merged."""


def _over(default: Any, given: Any) -> Any:
    if not isinstance(given, dict):
        return given
    if isinstance(default, Values):
        told = _merged(type(default), given, vars(default))
        kept = default.model_fields_set - {_names(type(default)).get(key) for key in told}
        return _Merged(told | {name: getattr(default, name) for name in kept})
    if isinstance(default, dict):
        return default | {key: _over(default.get(key), value) for key, value in given.items()}
    return given


def _merged(model: type[Values], given: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """What is given for an object, each over its field's default; without each `null` that means the default."""
    names, nullable = _names(model), _nullable(model)
    return {
        key: _over(defaults.get(names.get(key, "")), value) if isinstance(value, dict) else value
        for key, value in given.items()
        if value is not None or names.get(key) not in defaults or names[key] in nullable
    }


@cache
def _names(model: type[Values]) -> dict[str, str]:
    """The names of the fields, by each key that they may be given under."""
    return {key: name for name, field in model.model_fields.items() for key in (name, field.alias or name)}


@cache
def _defaults(model: type[Values]) -> dict[str, Any]:
    return {name: field.default for name, field in model.model_fields.items() if not field.is_required()}


@cache
def _nullable(model: type[Values]) -> set[str]:
    """The fields that a `null` means none for."""
    return {name for name, field in model.model_fields.items() if type(None) in get_args(field.annotation)}
