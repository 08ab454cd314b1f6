"""What programs ask of a Kafka cluster."""

from dataclasses import dataclass
from typing import ClassVar, Literal, cast

from hmco_charts.values.provision import Connection, Need, Offer

SCRAM = "SCRAM-SHA-512"


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaCluster(Offer):
    """A Kafka cluster that makes topics and users for others; these log in with SCRAM-SHA-512 over TLS.

    Attributes:
        brokers: How many there are.
    """

    brokers: int

    @property
    def replication(self) -> int:
        """Replicas of a topic that others make: three, or all brokers where they are fewer."""
        return min(3, self.brokers)


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaTopic:
    """A topic; it has as many replicas as the brokers' default.

    Attributes:
        name: Its name.
        partitions: How many partitions it has.
        cleanup_policy: Whether old records go by age or by key; empty means the brokers' default.
        retention_ms: Milliseconds that records stay; -1 for ever, `None` means the brokers' default.
        is_kept: Whether backups hold its records, which must be few and of a line each.
    """

    name: str
    partitions: int = 1
    cleanup_policy: Literal["", "delete", "compact", "compact,delete"] = ""
    retention_ms: int | None = None
    is_kept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaTopics(Need):
    """Topics of a Kafka cluster, and the user, named like the need, who uses them.

    Attributes:
        topics: The topics.
        message_bytes: The largest batch of records that the brokers must take; 0 where any will do.
    """

    of: ClassVar = KafkaCluster
    kind: ClassVar = "kafka"

    topics: tuple[KafkaTopic, ...] = ()
    message_bytes: int = 0


def offered(connection: Connection[KafkaTopics]) -> KafkaCluster:
    """The cluster of a connection."""
    return cast("KafkaCluster", connection.offer)


def security_protocol(connection: Connection[KafkaTopics]) -> Literal["PLAINTEXT", "SSL", "SASL_SSL"]:
    """How the brokers are spoken to."""
    if not connection.is_encrypted:
        return "PLAINTEXT"
    return "SASL_SSL" if offered(connection).has_users else "SSL"
