"""Volumes and claims, as the API server checks them.

Source: kubernetes `pkg/apis/core/validation/validation.go` (ValidatePersistentVolumeClaimSpec,
validateISCSIPersistentVolumeSource) and `pkg/apis/storage/validation/validation.go`.
"""

from collections.abc import Iterator
from typing import Any

from hmco_charts.conformance.fault import Fault, contradiction, duplicate
from hmco_charts.yamlio.shape import items, mapping, text

Value = dict[str, Any]

_LONGEST_PORTAL = 64
_KEPT = ("PersistentVolumeClaim", "VolumeSnapshot")
_OF_SOURCE = ("apiGroup", "kind", "name")


def data_source(value: Value, _: Any) -> Iterator[Fault]:
    """The two fields that tell what a claim is filled from say the same."""
    plain, full = mapping(value.get("dataSource")), mapping(value.get("dataSourceRef"))
    if not plain or not full:
        return
    if text(plain.get("kind")) not in _KEPT or bool(plain.get("apiGroup")) != (plain["kind"] == "VolumeSnapshot"):
        return  # the API server drops any other
    if full.get("namespace"):
        yield contradiction(("dataSource",), "it cannot be set beside a namespace of dataSourceRef")
    elif any(text(plain.get(field)) != text(full.get(field)) for field in _OF_SOURCE):
        yield contradiction(("dataSource",), "it must be the same as dataSourceRef")


def iscsi_length(value: Value, _: Any) -> Iterator[Fault]:
    """The name of a volume and its portal fit into the name of an interface."""
    portal = mapping(mapping(value.get("spec")).get("iscsi"))
    name = f"{text(mapping(value.get('metadata')).get('name'))}:{text(portal.get('targetPortal'))}"
    if portal.get("initiatorName") is not None and len(name) > _LONGEST_PORTAL:
        yield contradiction(("spec", "iscsi", "targetPortal"), f"{name} is longer than {_LONGEST_PORTAL} characters")


def topologies(value: Value, _: Any) -> Iterator[Fault]:
    """The topologies of a class differ, and so do the labels of each and their values."""
    seen: list[dict[str, set[str]]] = []
    for index, term in enumerate(map(mapping, items(value.get("allowedTopologies")))):
        path = ("allowedTopologies", index, "matchLabelExpressions")
        found: dict[str, set[str]] = {}
        for at, each in enumerate(map(mapping, items(term.get("matchLabelExpressions")))):
            key, values = text(each.get("key")), [text(one) for one in items(each.get("values"))]
            if key in found:
                yield duplicate((*path, at, "key"), f"{key} stands twice in this topology")
            if len(set(values)) < len(values):
                yield duplicate((*path, at, "values"), "a value stands twice in this list")
            found[key] = set(values)
        if found in seen:
            yield duplicate(path, "the same topology stands twice in this list")
        seen.append(found)
