"""Typed values flattened: each with its path, what it means and what it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hmco_charts.values import Values, schema
from hmco_charts.values.base import KubernetesShape
from hmco_charts.values.draft07 import at
from hmco_charts.values.path import Path
from hmco_charts.values.workload import rank


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of `values.yaml`.

    Attributes:
        path: Keys from the root.
        description: What it means, from the type.
        value: What it is, as in YAML; `None` where it is unset.
        is_section: Whether the keys under it follow as settings of their own.
        is_shape: Whether it is an object that Kubernetes itself defines.
        allowed: The words that it takes, where it takes no others.
        kind: `string`, `integer`, `boolean`, `list` or `map`.
    """

    path: Path
    description: str
    value: Any
    is_section: bool
    is_shape: bool
    allowed: tuple[str, ...]
    kind: str


def settings(values: Values) -> Iterator[Setting]:
    """The settings of a chart in the order in which the types declare them, those that many charts have last."""
    yield from _under(values, (), values.document(), schema(type(values)))


def _under(values: Values, path: Path, document: dict[str, Any], contract: dict[str, Any]) -> Iterator[Setting]:
    declared = {field.alias or name: (name, field) for name, field in type(values).model_fields.items()}
    for key, (name, field) in sorted(declared.items(), key=lambda item: rank(item[0])):
        inner, place = getattr(values, name), (*path, key)
        is_shape = isinstance(inner, KubernetesShape)
        is_section = isinstance(inner, Values) and not is_shape
        allowed, kind = _rules(contract, place)
        yield Setting(place, field.description or "", document.get(key), is_section, is_shape, allowed, kind)
        if is_section:
            yield from _under(inner, place, document[key], contract)
    for key in (key for key in document if key not in declared):
        yield Setting((*path, key), "", document[key], is_section=False, is_shape=False, allowed=(), kind="")


def _rules(contract: dict[str, Any], path: Path) -> tuple[tuple[str, ...], str]:
    node = at(contract, path)
    types = node.get("type", [])
    kinds = [kind for kind in ([types] if isinstance(types, str) else types) if kind != "null"]
    allowed = [word for word in node.get("enum", ()) if isinstance(word, str) and word]
    return tuple(allowed), " or ".join({"array": "list", "object": "map"}.get(kind, kind) for kind in kinds)
