"""Which Services a ServiceMonitor of the Prometheus operator selects.

Source: prometheus-operator, `ServiceMonitorSpec.selector` and `NamespaceSelector`.
"""

from collections import defaultdict
from collections.abc import Mapping

from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.kubernetes import items, mapping, text
from hmco_charts.objects.remembering import remembered
from hmco_charts.objects.selector import matches


def selected(release: Release, monitor: KubernetesObject) -> list[KubernetesObject]:
    """The Services that a ServiceMonitor selects; those that state no namespace may be in any."""
    selector = monitor.at(("spec", "selector"))
    services = (each for place in _places(monitor) for each in release.in_namespace(place, "Service"))
    return [each for each in dict.fromkeys(services) if matches(selector, each.labels)]


@remembered
def selecting(release: Release) -> Mapping[KubernetesObject, list[KubernetesObject]]:
    """The ServiceMonitors that select a Service."""
    found: dict[KubernetesObject, list[KubernetesObject]] = defaultdict(list)
    for monitor in release.of_kind("ServiceMonitor"):
        for service in selected(release, monitor):
            found[service].append(monitor)
    return found


def _places(monitor: KubernetesObject) -> list[str]:
    """The namespaces that it looks into; an empty one stands for all."""
    among = mapping(monitor.at(("spec", "namespaceSelector")))
    named = [text(name) for name in items(among.get("matchNames"))]
    return [""] if among.get("any") is True else named or [monitor.namespace]
