"""KFK004: a Kafka node without `process.roles`."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import kafka
from hmco_charts.lint.programs.kafka import Node
from hmco_charts.lint.programs.version import Version
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Release

_KRAFT_ONLY = {"kafka": 4, "kafka-native": 4, "cp-kafka": 8, "cp-server": 8}
_ROLES = "process.roles"


class KafkaProcessRoles(Rule):
    """Reports Kafka nodes that are told something, but not what they are."""

    id = "KFK004"
    name = "kafka-process-roles"
    profile = "min"
    title = "A Kafka node without process.roles"
    why = (
        "One variable that Kafka's image takes for a setting, even a stray one, replaces the whole configuration that"
        " it brings; and Kafka 4 has no ZooKeeper any more. Without `process.roles` the node stops: 'Missing required"
        ' configuration "process.roles" which has no default value\'.'
    )
    remedy = "Set KAFKA_PROCESS_ROLES (`broker`, `controller` or both) and the rest of a KRaft node's settings."
    source = "https://kafka.apache.org/documentation/#kraft_config"

    def check(self, release: Release) -> Iterator[Finding]:
        """The nodes whose settings are all known and lack it, where the version needs it."""
        for node in kafka.nodes(release):
            if node.is_complete and _ROLES not in node.settings and _needs_it(node):
                yield self._finding(node)

    def _finding(self, node: Node) -> Finding:
        setting = node.settings.get("zookeeper.connect") or next(iter(node.settings.values()))
        fault = "is for ZooKeeper" if setting.name.startswith("zookeeper.") else "is set, but not process.roles"
        return self.finding(
            f"{setting.told} of {node.container.locator} {fault}: this Kafka does not start.",
            on=setting.text.object if setting.text else node.container.pod.object,
            span=setting.span(node.container),
            locator=node.container.locator,
            subject=f"{node.container.locator}#{_ROLES}",
        )


def _needs_it(node: Node) -> bool:
    """Whether the version knows nothing else, or nothing else is meant, as no ZooKeeper is named."""
    if not node.is_of_kafka:
        return False
    return _is_kraft_only(node.container) or "zookeeper.connect" not in node.settings


def _is_kraft_only(container: Container) -> bool:
    version = Version.parse(container.image.tag)
    return version is not None and version.major >= _KRAFT_ONLY[container.image.base]
