"""KFK002: more replicas of a partition than there are brokers."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.programs import kafka
from hmco_charts.lint.programs.kafka import Node, Setting
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_USUAL = 3
_INTERNAL = {
    "offsets.topic.replication.factor": "every consumer group waits for ever",
    "transaction.state.log.replication.factor": "every transaction waits for ever",
}
_DEFAULT = "default.replication.factor"


class KafkaReplicationFactor(Rule):
    """Reports replication factors that the brokers of the cluster cannot reach."""

    id = "KFK002"
    name = "kafka-replication-factor"
    profile = "min"
    title = "A replication factor above the number of Kafka brokers"
    why = (
        "Kafka makes no topic with more replicas than brokers. The topics of offsets and of transactions want three"
        " unless told otherwise: with fewer brokers the cluster runs, producers work, and every consumer group waits"
        " without an error at the client."
    )
    remedy = "Set the factor to the number of brokers, at most three; for one broker to 1."
    source = "https://kafka.apache.org/documentation/#brokerconfigs_offsets.topic.replication.factor"

    def check(self, release: Release) -> Iterator[Finding]:
        """The factors of every broker, and those that are left at three where there are fewer brokers."""
        for node in kafka.nodes(release):
            brokers = 0 if node.is_controller_only else kafka.brokers(release, node)
            if brokers:
                yield from self._told(node, brokers)
                yield from self._untold(node, brokers)

    def _told(self, node: Node, brokers: int) -> Iterator[Finding]:
        for name in (*_INTERNAL, _DEFAULT):
            setting = node.settings.get(name)
            if setting and setting.number and setting.number > brokers:
                yield self._finding(node, setting, f"{setting.told} is {setting.number}", name, brokers)

    def _untold(self, node: Node, brokers: int) -> Iterator[Finding]:
        if not node.is_complete or not node.is_of_kafka or brokers >= _USUAL:
            return
        for name in _INTERNAL:
            if name not in node.settings:
                yield self._finding(node, None, f"{name} is not set and so {_USUAL}", name, brokers)

    def _finding(self, node: Node, setting: Setting | None, told: str, name: str, brokers: int) -> Finding:
        text = setting.text if setting else None
        effect = _INTERNAL.get(name, "no topic can be made without a factor of its own")
        return self.finding(
            f"{told}, but there {'is 1 broker' if brokers == 1 else f'are {brokers} brokers'}: {effect}.",
            on=text.object if text else node.container.pod.object,
            span=setting.span(node.container) if setting else node.container.span(),
            locator=node.container.locator,
            subject=f"{node.container.locator}#{name}",
            severity=Severity.WARNING if name.startswith("transaction") and not setting else None,
            confidence=None if brokers == 1 else Confidence.MEDIUM,
        )
