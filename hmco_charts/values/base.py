"""The base of every typed value."""

from typing import Any

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer, model_validator
from pydantic.alias_generators import to_camel


class Values(BaseModel):
    """A closed object of a chart's values: frozen, camelCase in YAML, strict, unknown keys refused.

    A `null` for a key that has a default means the default, as Helm's `null` takes an overlay's value away;
    where the type itself admits `None` it means none.
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
    def _null_is_the_default(cls, given: Any) -> Any:
        if not isinstance(given, dict) or None not in given.values():
            return given
        kept = cls._keys_where_null_says_nothing()
        return {key: value for key, value in given.items() if value is not None or key not in kept}

    @classmethod
    def _keys_where_null_says_nothing(cls) -> set[str]:
        optional = {name: field for name, field in cls.model_fields.items() if not field.is_required()}
        return {
            key
            for name, field in optional.items()
            if field.default is None or type(None) not in getattr(field.annotation, "__args__", ())
            for key in (name, field.alias or name)
        }

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
