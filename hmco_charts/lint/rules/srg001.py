"""SRG001: the name by which a schema registry tells others to find it."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import schema_registry
from hmco_charts.lint.programs.environment import environment
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Release, Text

_NAME = f"{schema_registry.PREFIX}HOST_NAME"


class SchemaRegistryHostName(Rule):
    """Reports registries without a host name, and replicas that share one."""

    id = "SRG001"
    name = "schema-registry-host-name"
    profile = "min"
    title = "A schema registry without a name of its own"
    why = (
        "The image stops where SCHEMA_REGISTRY_HOST_NAME is not set. Of several registries one leads, and the others"
        " send it what is written: with one name for all, such as the Service's, a request may come back to its sender."
    )
    remedy = "Set it from the pod: `valueFrom: {fieldRef: {fieldPath: status.podIP}}`."
    source = "https://docs.confluent.io/platform/current/installation/docker/config-reference.html"

    def check(self, release: Release) -> Iterator[Finding]:
        """The registries whose environment is in the input."""
        for container in schema_registry.servers(release):
            found = environment(release, container)
            told = found.variables.get(_NAME)
            if _NAME not in found.variables and found.is_complete:
                yield self._at(container, None, "is not set: the container stops")
            elif told and "$" not in told.value and release.replicas(container.pod).least > 1:
                yield self._at(container, told, "is the same in every pod")

    def _at(self, container: Container, told: Text | None, fault: str) -> Finding:
        return self.finding(
            f"{_NAME} of {container.locator} {fault}.",
            on=told.object if told else container.pod.object,
            span=told.span(0, len(told.value)) if told else container.span(),
            locator=container.locator,
            subject=f"{container.locator}#{_NAME}",
        )
