"""PRM006: a ServiceMonitor that finds nothing."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Confidence, Finding, Related
from hmco_charts.lint.programs import service_monitors
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.kubernetes import items, mapping, text


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
    """The Services that a ServiceMonitor selects by something."""
    selector = mapping(monitor.at(("spec", "selector")))
    is_told = selector.get("matchLabels") or selector.get("matchExpressions")
    return service_monitors.selected(release, monitor) if is_told else []


def _names(service: KubernetesObject) -> set[str]:
    return {text(mapping(port).get("name")) for port in items(service.at(("spec", "ports")))} - {""}
