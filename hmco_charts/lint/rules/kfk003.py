"""KFK003: as many replicas must be in sync as there are."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import kafka
from hmco_charts.lint.programs.kafka import Node, Setting
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_LEAST = "min.insync.replicas"
_LEAST_OF_TRANSACTIONS = "transaction.state.log.min.isr"
_FACTORS = {
    _LEAST: "default.replication.factor",
    _LEAST_OF_TRANSACTIONS: "transaction.state.log.replication.factor",
}
_USUAL = {_LEAST_OF_TRANSACTIONS: 2, _FACTORS[_LEAST_OF_TRANSACTIONS]: 3}


class KafkaMinInsyncReplicas(Rule):
    """Reports brokers that demand as many replicas in sync as a partition has, or more."""

    id = "KFK003"
    name = "kafka-min-insync-replicas"
    severity = Severity.WARNING
    title = "As many Kafka replicas must be in sync as there are"
    why = (
        "A write with acks=all is refused (NOT_ENOUGH_REPLICAS) while fewer replicas are in sync than"
        " min.insync.replicas. With as many as the replication factor, or more, that is whenever one broker restarts:"
        " the other replicas are of no use. Only a single replica is always in sync."
    )
    remedy = "Demand one less than the replication factor: factor 3 and 2 in sync."
    source = "https://kafka.apache.org/documentation/#brokerconfigs_min.insync.replicas"

    def check(self, release: Release) -> Iterator[Finding]:
        """The demands of every broker against the factor of the topics that they are for."""
        for node in kafka.nodes(release):
            for name, factor in _FACTORS.items() if not node.is_controller_only else ():
                least, replicas = _number(node, name), _number(node, factor)
                place = node.settings.get(name) or node.settings.get(factor)
                if place and least and replicas and least >= replicas > 1:
                    told = f"{name} is {least} and {factor} {replicas}"
                    yield self._finding(node, place, f"{told}: no such topic takes a write while one broker restarts")

    def _finding(self, node: Node, setting: Setting, told: str) -> Finding:
        return self.finding(
            f"{told}.",
            on=setting.text.object if setting.text else node.container.pod.object,
            span=setting.span(node.container),
            locator=node.container.locator,
            subject=f"{node.container.locator}#{setting.name}",
        )


def _number(node: Node, name: str) -> int | None:
    """What a setting is, or is where nobody sets it; `None` where that is not known."""
    if name in node.settings:
        return node.settings[name].number
    return _USUAL.get(name) if node.is_complete and node.is_of_kafka else None
