"""SRG002: variables with which the image of a schema registry does not start."""

from collections.abc import Iterator, Mapping

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import schema_registry
from hmco_charts.lint.programs.environment import environment
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Release
from hmco_charts.yamlio import Span

_SERVERS = f"{schema_registry.PREFIX}KAFKASTORE_BOOTSTRAP_SERVERS"
_REFUSED: Mapping[str, str] = {
    f"{schema_registry.PREFIX}PORT": "'PORT is deprecated'; the ports stand in SCHEMA_REGISTRY_LISTENERS",
    f"{schema_registry.PREFIX}KAFKASTORE_CONNECTION_URL": "the registry has no ZooKeeper any more",
}


class SchemaRegistryVariables(Rule):
    """Reports variables that stop the image, and the missing one that it needs."""

    id = "SRG002"
    name = "schema-registry-variables"
    profile = "min"
    title = "An environment with which a schema registry does not start"
    why = (
        "The start script stops on SCHEMA_REGISTRY_PORT, and without SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS; a"
        " registry that is only told ZooKeeper finds no brokers."
    )
    remedy = "Set SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS and SCHEMA_REGISTRY_LISTENERS, and take the others out."
    source = "https://docs.confluent.io/platform/current/installation/docker/config-reference.html"

    def check(self, release: Release) -> Iterator[Finding]:
        """The registries' variables; NET003 has those that come of a Service."""
        for container in schema_registry.servers(release):
            for each in container.environment:
                if each.name in _REFUSED:
                    span = container.pod.object.span((*each.path, "name"))
                    yield self._at(container, each.name, f"stops the image: {_REFUSED[each.name]}", span)
            found = environment(release, container)
            if found.is_complete and _SERVERS not in found.variables:
                yield self._at(container, _SERVERS, "is not set: the container stops", container.span())

    def _at(self, container: Container, name: str, fault: str, span: Span) -> Finding:
        return self.finding(
            f"{name} of {container.locator} {fault}.",
            on=container.pod.object,
            span=span,
            locator=container.locator,
            subject=f"{container.locator}#{name}",
        )
