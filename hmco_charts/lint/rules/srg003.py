"""SRG003: a schema registry whose topic is made with fewer copies than asked for."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import schema_registry
from hmco_charts.lint.programs.environment import Environment, environment
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Release

_WAIT = f"{schema_registry.PREFIX}CUB_KAFKA_MIN_BROKERS"
_COPIES = f"{schema_registry.PREFIX}KAFKASTORE_TOPIC_REPLICATION_FACTOR"


class SchemaRegistryReplication(Rule):
    """Reports registries that ask for copies of their topic and do not wait for as many brokers."""

    id = "SRG003"
    name = "schema-registry-replication"
    severity = Severity.WARNING
    title = "A topic of schemas with fewer copies than asked for"
    why = (
        "The registry makes its topic at the first start, with as many copies as brokers are there, and says nothing."
        " By default it waits for one broker: all schemas then lie on one disk, whatever the setting says."
    )
    remedy = "Set SCHEMA_REGISTRY_CUB_KAFKA_MIN_BROKERS to the replication factor."
    source = "https://docs.confluent.io/platform/current/schema-registry/installation/config.html"

    def check(self, release: Release) -> Iterator[Finding]:
        """The registries that name a replication factor above one."""
        for container in schema_registry.servers(release):
            found = environment(release, container)
            copies, wait = _number(found, _COPIES, 1), _number(found, _WAIT, 1)
            if found.is_complete and copies and wait and wait < copies:
                yield self._finding(container, copies, wait)

    def _finding(self, container: Container, copies: int, wait: int) -> Finding:
        return self.finding(
            f"{container.locator} wants {copies} copies of its topic, but only waits for {wait} of the brokers.",
            on=container.pod.object,
            span=container.span(),
            locator=container.locator,
            subject=f"{container.locator}#{_COPIES}",
        )


def _number(found: Environment, name: str, otherwise: int) -> int:
    """The number that a variable holds; 0 where it is not known."""
    if name not in found.variables:
        return otherwise
    told = found.variables[name]
    return int(told.value) if told and told.value.isdigit() else 0
