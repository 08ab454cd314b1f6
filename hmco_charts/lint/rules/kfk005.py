"""KFK005: a Kafka setting whose name is misspelt."""

import re
from collections.abc import Iterator

from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.programs import kafka
from hmco_charts.lint.programs.kafka import Node, Setting
from hmco_charts.lint.rule import Rule
from hmco_charts.nearest import nearest
from hmco_charts.objects import Release

_OPEN = re.compile(r"(listener\.name|config\.providers|confluent|metric\.reporters?|client\.quota\.callback)\..*")


class KafkaUnknownSetting(Rule):
    """Reports settings that Kafka does not know and that look like one that it does."""

    id = "KFK005"
    name = "kafka-unknown-setting"
    title = "A Kafka setting whose name is misspelt"
    why = (
        "Kafka takes names that it does not know without a word, as they may be for a plug-in: the default stays in"
        " force, such as 7 days of retention. In a variable `_` means a dot, `__` an underscore and `___` a hyphen."
    )
    remedy = "Write the setting as the documentation of the broker has it."
    source = "https://kafka.apache.org/documentation/#brokerconfigs"

    def check(self, release: Release) -> Iterator[Finding]:
        """The settings of every node that are a slip away from one that there is."""
        for node in kafka.nodes(release):
            for setting in node.settings.values():
                close = None if _is_known(setting.name) else nearest(setting.name, kafka.known())
                if close and setting.text:
                    yield self._finding(node, setting, close)

    def _finding(self, node: Node, setting: Setting, close: str) -> Finding:
        meant = "KAFKA_" + close.replace("_", "__").replace(".", "_").upper() if setting.variable else close
        return self.finding(
            f"Kafka does not know {setting.told}. Did you mean {meant}?",
            on=setting.text.object if setting.text else node.container.pod.object,
            span=setting.name_span,
            locator=node.container.locator,
            subject=f"{node.container.locator}#{setting.name}",
            severity=Severity.WARNING,
            confidence=Confidence.MEDIUM,
        )


def _is_known(name: str) -> bool:
    return name in kafka.known() or bool(_OPEN.fullmatch(name))
