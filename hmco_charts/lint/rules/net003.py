"""NET003: variables that Kubernetes makes of Services, taken for settings."""

from collections.abc import Iterator, Mapping

from hmco_charts.lint.finding import Confidence, Finding, Related, Severity
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, KubernetesObject, Pod, Release

_CONFLUENT = "https://github.com/confluentinc/schema-registry/issues/689"
_PREFIXES: Mapping[str, tuple[str, ...]] = {
    "cp-schema-registry": ("SCHEMA_REGISTRY",),
    "cp-kafka": ("KAFKA",),
    "cp-server": ("KAFKA",),
    "kafka": ("KAFKA",),
    "cp-kafka-rest": ("KAFKA_REST",),
    "cp-kafka-connect": ("CONNECT",),
    "cp-kafka-connect-base": ("CONNECT",),
    "cp-server-connect": ("CONNECT",),
    "cp-ksqldb-server": ("KSQL",),
    "cp-enterprise-control-center": ("CONTROL_CENTER",),
    "cp-zookeeper": ("ZOOKEEPER",),
    "neo4j": ("NEO4J",),
}
"""Images whose start script makes a setting of every variable with a prefix."""


class ServiceLinkCollision(Rule):
    """Reports pods whose image reads the variables of a Service of its namespace as its own settings."""

    id = "NET003"
    name = "service-link-collision"
    profile = "min"
    title = "A Service whose variables are taken for settings"
    why = (
        "For every Service of the namespace the kubelet sets variables such as SCHEMA_REGISTRY_PORT=tcp://…. Images"
        " that turn all variables with a prefix into settings then stop: 'PORT is deprecated', 'Unrecognized setting'. "
        " The first start may work, as the Service came later; the next one does not."
    )
    remedy = "Set `enableServiceLinks: false` in the pod's spec."
    source = _CONFLUENT

    def check(self, release: Release) -> Iterator[Finding]:
        """The containers of known images beside a Service whose name becomes their prefix."""
        for pod in release.pods:
            if pod.spec.get("enableServiceLinks") is False:
                continue
            for container in pod.containers:
                for service in _colliding(release, container):
                    yield self._finding(pod, container, service)

    def _finding(self, pod: Pod, container: Container, service: KubernetesObject) -> Finding:
        variable = f"{_prefix(service)}_PORT"
        return self.finding(
            f"Service {service.name} sets {variable}, which the image of {container.locator} takes for a setting.",
            on=pod.object,
            span=container.span(),
            locator=container.locator,
            subject=f"{container.locator}#{service.name}",
            severity=Severity.ERROR,
            confidence=Confidence.HIGH if container.image.base.startswith(("cp-", "neo4j")) else Confidence.MEDIUM,
            related=(Related("object", service.span(("metadata", "name")), f"Service {service.name}"),),
        )


def _colliding(release: Release, container: Container) -> Iterator[KubernetesObject]:
    prefixes = _PREFIXES.get(container.image.base, ())
    for service in release.in_namespace(container.pod.object.namespace, "Service") if prefixes else ():
        has_address = service.at(("spec", "clusterIP")) != "None" and service.at(("spec", "type")) != "ExternalName"
        name = _prefix(service)
        is_taken = any(name == prefix or name.startswith(f"{prefix}_") for prefix in prefixes)
        if has_address and is_taken:
            yield service


def _prefix(service: KubernetesObject) -> str:
    return service.name.upper().replace("-", "_")
