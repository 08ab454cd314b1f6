"""The least that Helm must merge over a chart's values to have others."""

from collections.abc import Mapping
from typing import Any

from hmco_charts.values import Values


def difference(below: Values, above: Values) -> dict[str, Any]:
    """The values of one document where they differ from another's of the same type."""
    return _difference(below.document(), above.document(), above)


def _difference(below: Mapping[str, Any], above: Mapping[str, Any], typed: Any) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for key, value in above.items():
        inner, old = _at(typed, key), below.get(key)
        if isinstance(value, Mapping) and isinstance(old, Mapping):
            if part := _difference(old, value, inner):
                told[key] = part
        elif key not in below or old != value:
            told[key] = _entry(inner) if isinstance(inner, Values) and old is None else value
    return told | {key: None for key in below if key not in above}


def _entry(typed: Values) -> dict[str, Any]:
    """A new entry of a map without what its type would say anyway."""
    required = {name for name, field in type(typed).model_fields.items() if field.is_required()}
    bare = type(typed).model_construct(**{name: getattr(typed, name) for name in required})
    kept = typed.model_dump(mode="json", by_alias=True, exclude_none=True, include=required)
    return kept | _difference(bare.document(), typed.document(), typed)


def _at(typed: Any, key: str) -> Any:
    """What a document has under a key, as its type has it."""
    if isinstance(typed, Values):
        names = {field.alias or name: name for name, field in type(typed).model_fields.items()}
        return getattr(typed, names[key]) if key in names else None
    return typed.get(key) if isinstance(typed, Mapping) else None
