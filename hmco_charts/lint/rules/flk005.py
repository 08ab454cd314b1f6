"""FLK005: Flink's web interface for everyone."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.kubernetes import items, mapping, text

_REST = 8081
_OPEN = ("LoadBalancer", "NodePort")


class FlinkExposed(Rule):
    """Reports Services and Ingresses that lead from outside to Flink's REST port."""

    id = "FLK005"
    name = "flink-exposed"
    severity = Severity.WARNING
    title = "Flink's web interface for everyone"
    why = "Flink asks nobody who he is: whoever reaches its REST port runs code of his own in the cluster."
    remedy = "Reach it by `kubectl port-forward`, or through a proxy that asks for a login."
    source = "https://nightlies.apache.org/flink/flink-docs-release-1.20/docs/deployment/security/security-ssl/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The Services of job managers that are open, and the Ingresses to them."""
        for service in release.of_kind("Service"):
            if not _leads_to_rest(release, service):
                continue
            if service.at(("spec", "type")) in _OPEN:
                yield self.finding(
                    f"Service {service.name} leads from outside to Flink's REST port, which asks for no login.",
                    on=service,
                    span=service.span(("spec", "type")),
                    locator="spec/type",
                )
            yield from (self._ingress(each, service) for each in _ingresses(release, service))

    def _ingress(self, ingress: KubernetesObject, service: KubernetesObject) -> Finding:
        return self.finding(
            f"Ingress {ingress.name} leads to Flink's REST port by Service {service.name}; does it ask for a login?",
            on=ingress,
            span=ingress.span(("spec",)),
            locator="spec",
            subject=service.name,
        )


def _leads_to_rest(release: Release, service: KubernetesObject) -> bool:
    is_flink = any(each.image.base == "flink" for pod in release.behind(service) for each in pod.containers)
    ports = [mapping(port) for port in items(service.at(("spec", "ports")))]
    return is_flink and any(_REST in (port.get("port"), port.get("targetPort")) for port in ports)


def _ingresses(release: Release, service: KubernetesObject) -> Iterator[KubernetesObject]:
    for ingress in release.of_kind("Ingress"):
        asks = any("auth" in name.rpartition("/")[2] for name in ingress.annotations)
        if ingress.namespace == service.namespace and not asks and service.name in _backends(ingress):
            yield ingress


def _backends(ingress: KubernetesObject) -> set[str]:
    rules = [mapping(mapping(rule).get("http")) for rule in items(ingress.at(("spec", "rules")))]
    backends = [mapping(mapping(path).get("backend")) for rule in rules for path in items(rule.get("paths"))]
    backends.append(mapping(ingress.at(("spec", "defaultBackend"))))
    return {text(mapping(backend.get("service")).get("name")) for backend in backends}
