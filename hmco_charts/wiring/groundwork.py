"""What systems stand on without a connection to it: who makes their custom resources work, who serves their Ingresses.

A platform need not have them, as they may be in the cluster before it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hmco_charts.values import Values
from hmco_charts.values.provision import CERTIFICATE, INGRESS
from hmco_charts.values.types import ClientTls, Ingress, ServingTls
from hmco_charts.wiring.system import Member
from hmco_charts.yamlio import merge


@dataclass(frozen=True, slots=True)
class Groundwork:
    """Whom a system stands on.

    Attributes:
        names: The names of these systems.
        values: What it is given for them: who may reach it, and the class of its Ingresses.
    """

    names: frozenset[str]
    values: Mapping[str, Any]


def groundwork(each: Member, members: Sequence[Member]) -> Groundwork:
    """Whom a system of a platform stands on.

    Args:
        each: The system.
        members: The platform's systems.
    """
    under = [other for other in members if other is not each and _kinds(each, other).intersection(_reconciled(other))]
    document: Any = _admitting(under)
    if classes := [name for other in under if (name := other.kind.wiring.ingress_class(other.values))]:
        document = merge(document, _classed(each.values, classes[0]) if len(classes) == 1 else {})
    return Groundwork(frozenset(other.place.name for other in under), document)


def reconciled(each: Member, members: Sequence[Member]) -> tuple[str, ...]:
    """The namespaces with objects that a system of a platform makes work.

    Args:
        each: The system.
        members: The platform's systems.
    """
    kinds = _reconciled(each)
    others = (other for other in members if other is not each and _kinds(other, each).intersection(kinds))
    return tuple(sorted({other.place.namespace for other in others}))


def _reconciled(each: Member) -> tuple[str, ...]:
    reconciler = each.kind.wiring.reconciler
    return reconciler.kinds if reconciler else ()


def _kinds(each: Member, other: Member) -> set[str]:
    """The kinds of objects of a system that another makes work, if it makes such kinds work."""
    found = set(each.kind.wiring.resources(each.values))
    classes = ("", other.kind.wiring.ingress_class(other.values))
    for _, part in _parts(each.values):
        if isinstance(part, ServingTls | ClientTls) and part.type == "certManager":
            found.add(CERTIFICATE)
        if isinstance(part, Ingress) and part.enabled and part.class_name in classes:
            found.add(INGRESS)
    return found


def _parts(values: Values, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Values]]:
    """The objects among values, each with its keys from the root."""
    yield path, values
    for name, field in type(values).model_fields.items():
        if isinstance(inner := getattr(values, name), Values):
            yield from _parts(inner, (*path, field.alias or name))


def _admitting(under: Iterable[Member]) -> dict[str, Any]:
    """The network policy's clients among them: those whose pods connect to what they make work."""
    peers = {}
    for other in under:
        reconciler = other.kind.wiring.reconciler
        if reconciler and reconciler.pods:
            peers[other.place.name] = {"namespace": other.place.namespace, "labels": dict(reconciler.pods)}
    return {"networkPolicy": {"clients": peers}} if peers else {}


def _classed(values: Values, name: str) -> dict[str, Any]:
    """The class of each Ingress that names none."""
    document: Any = {}
    for path, part in _parts(values):
        if isinstance(part, Ingress) and part.enabled and not part.class_name:
            told: dict[str, Any] = {"className": name}
            for key in reversed(path):
                told = {key: told}
            document = merge(document, told)
    return dict(document)
