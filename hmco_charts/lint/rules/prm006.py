"""PRM006: a ServiceMonitor that finds nothing."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Confidence, Finding, Related
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.kubernetes import items, mapping, text
from hmco_charts.objects.selector import matches


class ServiceMonitorPort(Rule):
    """Reports ServiceMonitors whose port is the name of no port of the Services that they select."""

    id = "PRM006"
    name = "service-monitor-port"
    title = "A ServiceMonitor for a port that no Service has"
    why = (
        "`port` of an endpoint is the name of a Service's port. A number, or a name that no selected Service has, is no"
        " fault to the operator: nothing is scraped, and no alert of the program can fire."
    )
    remedy = "Name a port of the Service, or give the container's port as `targetPort`."
    source = "https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.Endpoint"

    def check(self, release: Release) -> Iterator[Finding]:
        """The endpoints of every ServiceMonitor whose Services are in the input."""
        for monitor in release.of_kind("ServiceMonitor"):
            services = _selected(monitor, release)
            for index, endpoint in enumerate(items(monitor.at(("spec", "endpoints"))) if services else ()):
                port = mapping(endpoint).get("port")
                if port is not None and not any(text(port) in _names(service) for service in services):
                    yield self._endpoint(monitor, index, text(port), services)

    def _endpoint(self, monitor: KubernetesObject, index: int, port: str, services: list[KubernetesObject]) -> Finding:
        names = sorted({name for service in services for name in _names(service)})
        span = services[0].span(("spec", "ports"))
        return self.finding(
            f"No selected Service has a port named {port}; there is {', '.join(names) or 'none with a name'}.",
            on=monitor,
            span=monitor.span(("spec", "endpoints", index, "port")),
            locator=f"spec/endpoints/{index}",
            subject=f"endpoints#{port}",
            confidence=Confidence.HIGH,
            related=(Related("object", span, f"the ports of Service {services[0].name}"),),
        )


def _selected(monitor: KubernetesObject, release: Release) -> list[KubernetesObject]:
    """The Services that a ServiceMonitor selects."""
    selector = mapping(monitor.at(("spec", "selector")))
    if not (selector.get("matchLabels") or selector.get("matchExpressions")):
        return []
    among = mapping(monitor.at(("spec", "namespaceSelector")))
    places = {text(name) for name in items(among.get("matchNames"))} or {monitor.namespace}
    is_anywhere = among.get("any") is True or "" in places
    places.add("")  # what states no namespace may be installed there
    near = (each for each in release.of_kind("Service") if is_anywhere or each.namespace in places)
    return [each for each in near if matches(selector, each.labels)]


def _names(service: KubernetesObject) -> set[str]:
    return {text(mapping(port).get("name")) for port in items(service.at(("spec", "ports")))} - {""}
