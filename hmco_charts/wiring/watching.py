"""Who watches a platform without the Prometheus operator: a Prometheus of its own evaluates the alerts of all releases.

What it scrapes is a need that every release with metrics meets (`MetricsOfAll`); alerts are files in its namespace.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from hmco_charts.values.platform import Platform
from hmco_charts.values.types import Metrics, Watch
from hmco_charts.wiring.common import is_enabled, keys_of
from hmco_charts.wiring.system import Member


def find_watcher(platform: Platform, members: Iterable[Member]) -> Member | None:
    """The system that evaluates all alerts: the first that scrapes every other, if no operator does it."""
    if platform.monitoring.type != "prometheus":
        return None
    return next((each for each in members if _scrapes(each)), None)


def watched(each: Member, watcher: Member | None) -> dict[str, Any]:
    """The values by which a system shows alerts to who evaluates them, which has its own, and dashboards to Grafana."""
    if watcher is None:
        return {}
    told: dict[str, Any] = {"dashboards": {"enabled": True}}
    if each is not watcher:
        told["prometheusRule"] = {"enabled": True, "kind": "ConfigMap", "namespace": watcher.place.namespace}
    return dict.fromkeys(keys_of(each.kind.model, Metrics, Watch), told)


def alerts(each: Member, watcher: Member | None, members: Sequence[Member]) -> tuple[str, ...]:
    """The names of the files' ConfigMaps, for a system that scrapes in the namespace where they are."""
    if watcher is None or not _scrapes(each) or each.place.namespace != watcher.place.namespace:
        return ()
    others = (other for other in members if other not in (each, watcher))
    return tuple(f"{other.place.name}-alerts" for other in others if is_enabled(other.values, Metrics, Watch))


def _scrapes(each: Member) -> bool:
    return any(need.is_of_all for need in each.kind.wiring.needs(each.values))
