"""The objects of a document: itself, or the members of a List."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hmco_charts.yamlio import Path
from hmco_charts.yamlio.shape import items, mapping


@dataclass(frozen=True, slots=True)
class Member:
    """An object, or what claims to be one.

    Attributes:
        value: The object.
        path: Where in the document it stands; not empty for a member of a List.
        reason: Why it is no object; empty for one.
        remedy: What to do.
    """

    value: Any
    path: Path = ()
    reason: str = ""
    remedy: str = ""


def members(value: Any) -> Iterator[Member]:
    """The objects in a document's value; a mapping that does not claim to be an object gives none."""
    pending = [Member(value)]
    while pending:
        each = pending.pop()
        kind = kind_of(each.value)
        if fault := _fault(each.value, is_member=bool(each.path)):
            yield Member(each.value, each.path, *fault)
        elif kind.endswith("List") and "items" in each.value:
            inner = enumerate(items(each.value["items"]))
            found = [Member(_member(each.value, item), (*each.path, "items", at)) for at, item in inner]
            pending.extend(reversed(found))
        elif kind:
            yield each


def kind_of(value: Any) -> str:
    """The kind of an object; empty for anything else."""
    kind = mapping(value).get("kind")
    return kind if isinstance(kind, str) else ""


def _fault(value: Any, *, is_member: bool) -> tuple[str, str] | None:
    """Why a value that claims to be an object is none, and what to do; `None` for an object, and for other mappings."""
    if value is None and not is_member:
        return None
    if not isinstance(value, dict):
        return "not a Kubernetes object", "A manifest is a mapping with a kind."
    if not (kind := kind_of(value)):
        is_claimed = is_member or ("apiVersion" in value and not {"kind", "metadata"}.isdisjoint(value))
        return ("an object without a kind", "Name its kind.") if is_claimed else None
    if kind.endswith("List") and not isinstance(value.get("items"), (list, type(None))):
        return "the items of this list are no list", "Write each item after a `- `."
    return None


def _member(list_: dict[str, Any], item: Any) -> Any:
    """A list's item; of a `ConfigMapList` and its like, which may leave it out, with the kind of the list."""
    kind = list_["kind"].removesuffix("List")
    if not kind or not isinstance(item, dict) or "kind" in item:
        return item
    return {"apiVersion": list_.get("apiVersion"), "kind": kind, **item}
