"""HorizontalPodAutoscalers, as the API server checks them.

Source: kubernetes `pkg/apis/autoscaling/validation/validation.go`.
"""

from collections.abc import Iterator
from typing import Any

from hmco_charts.conformance.fault import Fault, conflict, contradiction, invalid, missing
from hmco_charts.quantity import quantity
from hmco_charts.yamlio.shape import items, mapping, text

Value = dict[str, Any]

_SOURCES = {
    "Object": ("object", ("value", "averageValue")),
    "Pods": ("pods", ("averageValue",)),
    "Resource": ("resource", ("averageUtilization", "averageValue")),
    "External": ("external", ("value", "averageValue")),
    "ContainerResource": ("containerResource", ("averageUtilization", "averageValue")),
}
"""Of each type of a metric, its field and what its target may be."""


def metric(value: Value, _: Any) -> Iterator[Fault]:
    """A metric has the source of its type and no other, and a target that suits it."""
    own, targets = _SOURCES.get(text(value.get("type")), ("", ()))
    if not own:
        return
    if value.get(own) is None:
        yield missing((), f"{own} must be given for the type {value['type']}")
    for field, _targets in _SOURCES.values():
        if field != own and value.get(field) is not None:
            yield conflict((field,), f"{field} cannot be set for the type {value['type']}", is_key=True)
    if isinstance(value.get(own), dict):
        target = mapping(value[own].get("target"))
        yield from (
            Fault(each.kind, (own, "target", *each.path), each.message) for each in _target(target, targets, own)
        )


def _target(target: Value, wanted: tuple[str, ...], source: str) -> Iterator[Fault]:
    given = [field for field in wanted if target.get(field) is not None]
    if not given:
        yield missing((), f"{' or '.join(wanted)} must be given")
    if len(given) > 1 and source != "object":
        yield conflict((given[1],), f"{given[0]} and {given[1]} exclude each other: set one of them")
    for field in ("value", "averageValue"):
        amount = quantity(target.get(field))
        if amount is not None and amount <= 0:
            yield invalid((field,), "must be above 0")


def scales_to_zero(value: Value, _: Any) -> Iterator[Fault]:
    """With nothing running something else must tell when to start."""
    kinds = {text(mapping(each).get("type")) for each in items(value.get("metrics"))}
    if kinds.isdisjoint({"Object", "External"}):
        yield contradiction(("minReplicas",), "0 needs a metric of the type Object or External")
