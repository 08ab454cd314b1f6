"""Requests, limits and quotas, as the API server checks them.

Source: kubernetes `pkg/apis/core/validation/validation.go` (ValidateContainerResourceRequirements, ValidateLimitRange,
ValidateResourceQuota, validateContainerResourceDivisor).
"""

from collections.abc import Collection, Iterator
from itertools import combinations
from typing import Any

from hmco_charts.conformance.fault import Fault, conflict, contradiction, invalid, missing
from hmco_charts.quantity import quantity
from hmco_charts.yamlio.shape import items, mapping, text

Value = dict[str, Any]


def requests_within_limits(value: Value, _: Any) -> Iterator[Fault]:
    """No request is above its limit; of what nodes do not share out twice it is the limit, and whole."""
    limits, requests = mapping(value.get("limits")), mapping(value.get("requests"))
    for name, request in requests.items():
        asked, most = _amount(request), _amount(limits[name]) if name in limits else None
        if asked is None or (name in limits and most is None):
            continue
        if most is not None and asked > most:
            yield contradiction(("requests", name), f"the request {request} is above the limit {limits[name]}")
        elif not _is_shared(name) and asked != most:
            yield contradiction(("requests", name), "the request must be the limit")
    yield from _kept(limits, "limits")
    yield from _kept(requests, "requests")
    names = {*limits, *requests}
    if any(name.startswith("hugepages-") for name in names) and not {"cpu", "memory"} & names:
        yield missing((), "huge pages need cpu or memory beside them")


def _kept(given: Value, field: str) -> Iterator[Fault]:
    for name, amount in given.items():
        if not _is_native(name) and (_amount(amount) or 0) % 1:
            yield invalid((field, name), "must be a whole number")


def _amount(value: Any) -> float | None:
    return 0 if value is None else quantity(value)


def _is_shared(name: str) -> bool:
    """Whether pods may ask for more of a resource than they get for sure."""
    return _is_native(name) and not name.startswith("hugepages-")


def _is_native(name: str) -> bool:
    """Whether Kubernetes, or who takes its name, defines a resource: nodes do not just count such."""
    return "/" not in name or "kubernetes.io/" in name


def limits(value: Value, _: Any) -> Iterator[Fault]:
    """The amounts of a LimitRange follow on each other, from the least to the most."""
    of_pod, of_claim = (value.get("type") == kind for kind in ("Pod", "PersistentVolumeClaim"))
    for field in ("default", "defaultRequest"):
        if of_pod and value.get(field):
            yield conflict((field,), f"{field} cannot be set for the type Pod", is_key=True)
    if of_claim and not any("storage" in mapping(value.get(field)) for field in ("min", "max")):
        yield missing((), "min or max must have storage for the type PersistentVolumeClaim")
    for least, most in (("min", "max"),) if of_pod else combinations(("min", "defaultRequest", "default", "max"), 2):
        yield from _ordered(mapping(value.get(least)), mapping(value.get(most)), least, most)
    for name, ratio in mapping(value.get("maxLimitRequestRatio")).items():
        if (_amount(ratio) or 0) < 1:
            yield invalid(("maxLimitRequestRatio", name), "must be at least 1")


def _ordered(low: Value, high: Value, least: str, most: str) -> Iterator[Fault]:
    for name in low.keys() & high.keys():
        amounts = _amount(low[name]), _amount(high[name])
        if amounts[0] is not None and amounts[1] is not None and amounts[0] > amounts[1]:
            yield contradiction((least, name), f"{least} {low[name]} is above {most} {high[name]}")


_COUNTED = frozenset(
    {
        *("configmaps", "persistentvolumeclaims", "pods", "replicationcontrollers", "resourcequotas", "secrets"),
        *("services", "services.loadbalancers", "services.nodeports"),
    }
)


def quota(value: Value, _: Any) -> Iterator[Fault]:
    """What is counted is counted whole."""
    for name, amount in mapping(value.get("hard")).items():
        is_counted = name in _COUNTED or ("/" in name and not name.startswith("requests."))
        if is_counted and (quantity(amount) or 0) % 1:
            yield invalid(("hard", name), "must be a whole number")


_OF_PODS = frozenset({"pods"})
_COMPUTED = _OF_PODS | {
    "cpu",
    "memory",
    *(f"{kind}.{name}" for kind in ("limits", "requests") for name in ("cpu", "memory")),
}
_SCOPES: dict[str, tuple[Collection[str], str]] = {
    "BestEffort": (_OF_PODS, "NotBestEffort"),
    "CrossNamespacePodAffinity": (_COMPUTED, ""),
    "NotBestEffort": (_COMPUTED, "BestEffort"),
    "NotTerminating": (_COMPUTED, "Terminating"),
    "PriorityClass": (_COMPUTED, ""),
    "Terminating": (_COMPUTED, "NotTerminating"),
    "VolumeAttributesClass": ({"persistentvolumeclaims", "requests.storage"}, ""),
}
"""Of each scope what it can limit, and the scope that it excludes."""
_WITH_VALUES = ("PriorityClass", "VolumeAttributesClass")


def scopes(value: Value, _: Any) -> Iterator[Fault]:
    """The scopes of a quota are of what it limits, and do not exclude each other."""
    limited = [name for name in mapping(value.get("hard")) if "/" not in name]
    selected = items(mapping(value.get("scopeSelector")).get("matchExpressions"))
    for path, told in (
        (("scopes",), [text(each) for each in items(value.get("scopes"))]),
        (("scopeSelector", "matchExpressions"), [text(mapping(each).get("scopeName")) for each in selected]),
    ):
        for index, scope in enumerate(told):
            suitable, other = _SCOPES.get(scope, (limited, ""))
            for name in limited:
                if name not in suitable:
                    yield conflict((*path, index), f"the scope {scope} cannot limit {name}")
            if other in told[:index]:
                yield conflict((*path, index), f"the scopes {other} and {scope} exclude each other")
    for index, each in enumerate(map(mapping, selected)):
        if each.get("scopeName") not in _WITH_VALUES and each.get("operator") != "Exists":
            where = ("scopeSelector", "matchExpressions", index, "operator")
            yield contradiction(where, f"must be Exists for the scope {text(each.get('scopeName'))}")


def ratio(value: Value, _: Any) -> Iterator[Fault]:
    """The ratio that is allowed is one that the least and the most give."""
    least, most = mapping(value.get("min")), mapping(value.get("max"))
    for name, told in mapping(value.get("maxLimitRequestRatio")).items():
        allowed, low, high = _amount(told), _amount(least.get(name)), _amount(most.get(name))
        if name in most and allowed and low and high and allowed > high / low:
            yield contradiction(("maxLimitRequestRatio", name), f"{told} is above max divided by min")


def page_size(value: Value, _: Any) -> Iterator[Fault]:
    """Huge pages are given by whole ones."""
    for field in ("limits", "requests"):
        for name, amount in mapping(value.get(field)).items():
            size = quantity(name.removeprefix("hugepages-")) if name.startswith("hugepages-") else None
            if size and (_amount(amount) or 0) % size:
                yield invalid((field, name), f"must be a multiple of {name.removeprefix('hugepages-')}")


_CORES = ("1m", "1")
_BYTES = ("1", *(f"1{unit}" for unit in ("k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")))


def divisor(value: Value, _: Any) -> Iterator[Fault]:
    """A resource is told in units that there are."""
    unit, known = value.get("divisor"), _CORES if text(value.get("resource")).endswith(".cpu") else _BYTES
    amount = quantity(unit)
    is_binary = amount in map(quantity, _BYTES[7:])
    if amount and (amount not in map(quantity, known) or (is_binary and not text(unit).endswith("i"))):
        yield invalid(("divisor",), f"must be one of {', '.join(known)}")
