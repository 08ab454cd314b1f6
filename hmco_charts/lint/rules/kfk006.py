"""KFK006: Kafka's data beside the volume that is for them."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.programs import kafka
from hmco_charts.lint.programs.kafka import Node, Setting
from hmco_charts.lint.programs.volumes import claimed, is_claimed
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_NAMES = ("log.dirs", "log.dir")


class KafkaLogDirs(Rule):
    """Reports nodes with a volume of their own that keep their data elsewhere, or in its root."""

    id = "KFK006"
    name = "kafka-log-dirs"
    profile = "min"
    title = "Kafka's data beside the volume that is for them"
    why = (
        "`log.dirs` holds all topics and the quorum's metadata. Outside of the volume they go with the pod, and a"
        " single node begins anew as an empty cluster. In the root of an ext4 volume lies `lost+found`, and Kafka"
        " stops: 'log directories should only contain Kafka topic data'."
    )
    remedy = "Set log.dirs to a folder inside the mount of the volume, such as /var/lib/kafka/data/logs."
    source = "https://kafka.apache.org/documentation/#brokerconfigs_log.dirs"

    def check(self, release: Release) -> Iterator[Finding]:
        """The folders of nodes that mount a claim, against the places where they mount it."""
        for node in kafka.nodes(release):
            mounts = claimed(node.container)
            setting = next((node.settings[name] for name in _NAMES if name in node.settings), None)
            if mounts and setting and setting.fixed:
                for folder in setting.fixed.split(","):
                    yield from self._folder(node, setting, folder.strip())
            elif mounts and setting is None and node.is_complete and node.is_of_kafka and not _is_confluent(node):
                told = f"log.dirs is not set: the data lie in /tmp, not in {mounts[0]}"
                yield self._finding(node, None, told, Severity.ERROR)

    def _folder(self, node: Node, setting: Setting, folder: str) -> Iterator[Finding]:
        volume, inside = node.container.in_volume(folder)
        if not is_claimed(node.container.pod, volume):
            told = f"{folder} does not lie in {' or '.join(claimed(node.container))}: it goes with the pod"
            yield self._finding(node, setting, told, Severity.ERROR)
        elif inside == PurePosixPath("/"):
            told = f"{folder} is the root of its volume: where that holds lost+found Kafka does not start"
            yield self._finding(node, setting, told, Severity.WARNING)

    def _finding(self, node: Node, setting: Setting | None, told: str, severity: Severity) -> Finding:
        text = setting.text if setting else None
        return self.finding(
            f"{told}.",
            on=text.object if text else node.container.pod.object,
            span=setting.span(node.container) if setting else node.container.span(),
            locator=node.container.locator,
            subject=f"{node.container.locator}#log.dirs",
            severity=severity,
            confidence=Confidence.MEDIUM if severity is Severity.WARNING else None,
        )


def _is_confluent(node: Node) -> bool:
    """Whether the image's start script sets a folder of its own, /var/lib/kafka/data."""
    return node.container.image.base.startswith("cp-")
