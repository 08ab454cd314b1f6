"""Apache Kafka: its nodes, what they are told, and which settings there are.

Sources: apache/kafka `docker/resources/common-scripts/configure`, `core/src/main/scala/kafka/docker`
(KafkaDockerWrapper), confluentinc/common-docker `utility-belt`, bitnami/containers `libkafka.sh`; Kafka 4.4.0 was run.
"""

from hmco_charts.lint.programs.kafka.cluster import brokers
from hmco_charts.lint.programs.kafka.listeners import Listener, listeners
from hmco_charts.lint.programs.kafka.node import Node, Setting, nodes
from hmco_charts.lint.programs.kafka.settings import known

__all__ = ["Listener", "Node", "Setting", "brokers", "known", "listeners", "nodes"]
