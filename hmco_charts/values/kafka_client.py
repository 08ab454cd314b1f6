"""What programs ask of a Kafka cluster."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from hmco_charts.values.provision import Need, Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaCluster(Offer):
    """A Kafka cluster that makes topics and users for others.

    Attributes:
        has_users: Whether clients log in, with SCRAM-SHA-512 over TLS.
    """

    has_users: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaTopic:
    """A topic; it has as many replicas as the brokers' default.

    Attributes:
        name: Its name.
        partitions: How many partitions it has.
        cleanup_policy: Whether old records go by age or by key; empty means the brokers' default.
    """

    name: str
    partitions: int = 1
    cleanup_policy: Literal["", "delete", "compact", "compact,delete"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaTopics(Need):
    """Topics of a Kafka cluster, and the user, named like the need, who uses them.

    Attributes:
        topics: The topics.
    """

    of: ClassVar = KafkaCluster
    kind: ClassVar = "kafka"

    topics: tuple[KafkaTopic, ...]
