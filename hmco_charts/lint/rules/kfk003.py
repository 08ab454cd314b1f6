"""KFK003: as many replicas must be in sync as there are."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import kafka
from hmco_charts.lint.programs.kafka import Node, Setting
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_PAIRS = {
    "min.insync.replicas": ("default.replication.factor", 1),
    "transaction.state.log.min.isr": ("transaction.state.log.replication.factor", 3),
}
_MIN_ISR_OF_TRANSACTIONS = 2


class KafkaMinInsyncReplicas(Rule):
    """Reports brokers that demand as many replicas in sync as a partition has, or more."""

    id = "KFK003"
    name = "kafka-min-insync-replicas"
    title = "As many Kafka replicas must be in sync as there are"
    why = (
        "A write with acks=all is refused (NOT_ENOUGH_REPLICAS) while fewer replicas are in sync than"
        " min.insync.replicas: with more than the replication factor always, with as many whenever one broker restarts."
    )
    remedy = "Demand one less than the replication factor: factor 3 and 2 in sync; factor 1 and 1."
    source = "https://kafka.apache.org/documentation/#brokerconfigs_min.insync.replicas"

    def check(self, release: Release) -> Iterator[Finding]:
        """The demands of every broker against the factor of the topics that they are for."""
        for node in kafka.nodes(release):
            if not node.is_controller_only:
                for name, (factor, usual) in _PAIRS.items():
                    yield from self._pair(node, name, factor, usual)

    def _pair(self, node: Node, name: str, factor: str, usual: int) -> Iterator[Finding]:
        setting, against = node.settings.get(name), node.settings.get(factor)
        replicas = against.number if against else usual if self._is_usual(node, name) else None
        least = setting.number if setting else self._default(node, name)
        if least is None or replicas is None:
            return
        place = setting or against
        if place and least > replicas:
            yield self._finding(node, place, f"{name} is {least} with {factor} {replicas}: no such topic takes a write")
        elif setting and least == replicas > 1:
            told = f"{name} is {least}, as is {factor}: no such topic takes a write while one broker restarts"
            yield self._finding(node, setting, told, Severity.WARNING)

    @staticmethod
    def _is_usual(node: Node, name: str) -> bool:
        """Whether topics with the default factor come to be: those that a client's first use makes."""
        makes = node.fixed("auto.create.topics.enable")
        return node.is_complete and node.is_of_kafka and (name != "min.insync.replicas" or makes != "false")

    @staticmethod
    def _default(node: Node, name: str) -> int | None:
        is_known = node.is_complete and node.is_of_kafka and name.startswith("transaction")
        return _MIN_ISR_OF_TRANSACTIONS if is_known else None

    def _finding(self, node: Node, setting: Setting, told: str, severity: Severity | None = None) -> Finding:
        return self.finding(
            f"{told}.",
            on=setting.text.object if setting.text else node.container.pod.object,
            span=setting.span(node.container),
            locator=node.container.locator,
            subject=f"{node.container.locator}#{setting.name}",
            severity=severity,
        )
