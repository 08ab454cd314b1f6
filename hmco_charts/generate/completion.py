"""What a release's values are where its user says nothing, also in entries of maps, whose names only he knows."""

from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from hmco_charts.values import Values
from hmco_charts.values.base import KubernetesShape

ENTRIES = "*"
"""Key of a map under which stands what each of its entries has."""


def completion(values: Values) -> dict[str, Any]:
    """The values as they stand in YAML, and under `ENTRIES` of each map of models what an entry has by default."""
    told = values.document()
    for key, field, value in _fields(values):
        if isinstance(value, Values) and not isinstance(value, KubernetesShape):
            told[key] = completion(value)
        elif entry := _entry_of(field):
            told[key] = {**told.get(key, {}), ENTRIES: _defaults(entry)}
    return told


def _fields(values: Values) -> Iterator[tuple[str, FieldInfo, Any]]:
    for name, field in type(values).model_fields.items():
        yield field.alias or name, field, getattr(values, name)


def _defaults(model: type[Values]) -> dict[str, Any]:
    """What an object of a model has where only its required keys are given."""
    fields = model.model_fields
    blank = model.model_construct(**{name: None for name, field in fields.items() if field.is_required()})
    told = completion(blank)
    for name, field in fields.items():
        inner = field.annotation
        if field.is_required() and isinstance(inner, type) and issubclass(inner, Values):
            told[field.alias or name] = _defaults(inner)
    return told


def _entry_of(field: FieldInfo) -> type[Values] | None:
    """The model of the entries, where the field is a map of models."""
    if get_origin(field.annotation) is not dict:
        return None
    inner = get_args(field.annotation)[1]
    is_model = isinstance(inner, type) and issubclass(inner, Values) and not issubclass(inner, KubernetesShape)
    return inner if is_model else None
