"""Typed values of the `kafka` chart: Apache Kafka with KRaft, without ZooKeeper.

Sources: Kafka's documentation of broker, topic and KRaft configuration; apache/kafka, `bin/kafka-run-class.sh` and
`docker/jvm/Dockerfile`. Kafka 4.4.0 was run.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field
from pydantic_core import PydanticCustomError

from hmco_charts.values.base import Values
from hmco_charts.values.chart import ChartType
from hmco_charts.values.kafka_client import KafkaCluster, KafkaTopic, KafkaTopics
from hmco_charts.values.kubernetes import Annotations, PodSecurityContext, PortNumber, Resources, Seconds
from hmco_charts.values.provision import Given, Ground, MetricsEndpoint, Wiring
from hmco_charts.values.rule import Rule
from hmco_charts.values.text import (
    AbsolutePath,
    Host,
    ListOf,
    MapOf,
    OrEmpty,
    Pattern,
    Repository,
    Tag,
)
from hmco_charts.values.types import (
    CLOSED,
    ChartValues,
    Choice,
    Image,
    Metrics,
    NamedPassword,
    NetworkPolicy,
    Persistence,
    PodDisruptionBudget,
    Probe,
    Service,
    ServiceAccount,
    Tls,
)
from hmco_charts.values.workload import HelmTest, ProgramEnvVar, StatefulWorkload, Task, VolumeBackup

ClusterId = Annotated[str, Pattern("22 characters of base64", r"[A-Za-z0-9_-]{22}", "MkU3OEVBNTcwNTJENDM2Qg", 22)]
TopicName = Annotated[str, Pattern("a name of a topic", r"[A-Za-z0-9_][A-Za-z0-9._-]{0,248}", "orders", 249)]
UserName = Annotated[str, Pattern("a name of a user", r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}", "datahub", 63)]
Protocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
Bytes = Annotated[int, Field(ge=-1, le=2**53)]
Milliseconds = Annotated[int, Field(ge=-1, le=2**53)]
Positive = Annotated[int, Field(ge=1, le=2**31 - 1)]
MOST_REPLICAS = 9


class AgentImage(Image):
    """An image of yours with Prometheus' agent for MBeans, and `cp`; nobody publishes a maintained one."""

    repository: OrEmpty[Repository] = Field("", description="Repository; empty means that Kafka's image has the agent.")
    tag: Tag = Field("1.0.1", description="Tag.")


class KafkaEnvVar(ProgramEnvVar):
    """A variable of a node that the chart does not set itself."""

    own: ClassVar = (
        *("POD_NAME", "MEMORY_MIB", "NODE_ID", "NODE_IP", "EXTERNAL_PORT", "EXTRA_ARGS", "LOG_DIR", "JMX_PORT"),
        *("KAFKA_HEAP_OPTS", "KAFKA_LOG4J_OPTS"),
    )


class ClientListener(Values):
    """Clients in the cluster."""

    protocol: Protocol = Field("PLAINTEXT", description="With TLS (SSL), with passwords (SASL), both or none.")
    port: PortNumber = Field(9092, description="Port.")


class InternalListener(Values):
    """Brokers and controllers among each other, and the Job that makes topics."""

    protocol: Literal["PLAINTEXT", "SSL"] = Field("PLAINTEXT", description="`SSL` asks both sides for a certificate.")
    port: PortNumber = Field(9094, description="Port of brokers.")
    controller_port: PortNumber = Field(9093, description="Port of controllers.")


class NodePorts(Values):
    """A port of the nodes for each broker; clients reach it at the address of the broker's node."""

    first: Annotated[int, Field(ge=1024, le=65000)] = Field(31090, description="Port of the first broker.")


class LoadBalancers(Values):
    """A load balancer for each broker."""

    domain: OrEmpty[Host] = Field("", description="Brokers are advertised as `POD.DOMAIN`.")
    annotations: Annotations = Field({}, description="Annotations of the Services.")


class ExternalListener(Choice):
    """Clients outside of the cluster."""

    needed: ClassVar = {"loadBalancer": ("domain",)}

    type: Literal["none", "nodePort", "loadBalancer"] = Field("none", description="How they reach each broker.")
    protocol: Protocol = Field("PLAINTEXT", description="With TLS (SSL), with passwords (SASL), both or none.")
    port: PortNumber = Field(9095, description="Port of brokers.")
    node_port: NodePorts = Field(NodePorts(), description="Used where type is `nodePort`.")
    load_balancer: LoadBalancers = Field(LoadBalancers(), description="Used where type is `loadBalancer`.")


class Listeners(Values):
    """Where nodes listen, and what they advertise: the names of their pods."""

    client: ClientListener = Field(ClientListener(), description="Clients in the cluster.")
    internal: InternalListener = Field(InternalListener(), description="Nodes among each other.")
    external: ExternalListener = Field(ExternalListener(), description="Clients outside of the cluster.")


class BrokerTls(Tls):
    """Where the certificate of all nodes comes from; its key must be in PKCS #8."""

    client_auth: Literal["none", "requested", "required"] = Field(
        "none", description="Whether clients show a certificate of the same authority."
    )


class User(Values):
    """A user of listeners with SASL (SCRAM-SHA-512)."""

    password: NamedPassword = Field(description="Secret and key with the password, any characters but line breaks.")


class Topic(Values):
    """A topic; what is unset is the brokers' default."""

    partitions: Annotated[int, Field(ge=1, le=100_000)] = Field(
        1, description="Partitions; they can grow, which moves keys to others."
    )
    replication_factor: Annotated[int, Field(ge=1, le=MOST_REPLICAS)] | None = Field(
        None, description="Replicas; unset means three, or all brokers where they are fewer."
    )
    cleanup_policy: Literal["", "delete", "compact", "compact,delete"] = Field(
        "", description="Whether old records go by age or by key."
    )
    retention_ms: Milliseconds | None = Field(None, description="Milliseconds that records stay; -1 for ever.")
    retention_bytes: Bytes | None = Field(None, description="Bytes that a partition keeps; -1 all.")
    segment_bytes: Positive | None = Field(None, description="Bytes of a segment.")
    max_message_bytes: Positive | None = Field(None, description="Largest batch of records.")
    compression_type: Literal["", "producer", "uncompressed", "zstd", "lz4", "snappy", "gzip"] = Field(
        "", description="How the broker keeps records."
    )


class BrokerConfig(Values):
    """Further settings of the brokers; unset ones are not written."""

    auto_create_topics_enable: bool = Field(default=False, description="Whether the first use makes a topic.")
    delete_topic_enable: bool | None = Field(None, description="Whether topics can be deleted.")
    num_partitions: Positive | None = Field(None, description="Partitions of topics that name none.")
    message_max_bytes: Positive | None = Field(None, description="Largest batch of records.")
    log_retention_hours: Annotated[int, Field(ge=-1, le=2**31 - 1)] | None = Field(
        None, description="Hours that records stay."
    )
    log_retention_bytes: Bytes | None = Field(None, description="Bytes that a partition keeps.")
    log_segment_bytes: Positive | None = Field(None, description="Bytes of a segment.")
    offsets_retention_minutes: Positive | None = Field(None, description="Minutes that offsets of idle groups stay.")
    num_network_threads: Positive | None = Field(None, description="Threads for the network.")
    num_io_threads: Positive | None = Field(None, description="Threads for disks.")
    connections_max_idle_ms: Positive | None = Field(None, description="Milliseconds until an idle client is dropped.")


class Nodes(StatefulWorkload):
    """What brokers and controllers have alike."""

    startup_probe: Probe = Field(Probe(failure_threshold=60), description="Whether the node has read its log.")
    liveness_probe: Probe = Field(Probe(failure_threshold=6), description="Whether the port is open.")
    extra_env_vars: ListOf[KafkaEnvVar] = Field((), description="Further variables of the program.")
    pdb: PodDisruptionBudget = Field(PodDisruptionBudget(), description="Disruption budget.")


class Controllers(Nodes):
    """Controllers in pods of their own."""

    replica_count: Literal[1, 3, 5, 7] = Field(3, description="Controllers; an even number tolerates no more losses.")
    persistence: Persistence = Field(Persistence(), description="Volume of each controller.")
    resources: Resources = Field(
        Resources(
            requests={"cpu": "250m", "memory": "1Gi", "ephemeral-storage": "64Mi"},
            limits={"memory": "1Gi", "ephemeral-storage": "512Mi"},
        ),
        description="Requests and limits; half of the memory limit is the heap.",
    )


class Quorum(Choice):
    """Who keeps the metadata; do not change it on a running cluster."""

    type: Literal["combined", "separate"] = Field(
        "combined", description="Every broker, or controllers in pods of their own."
    )
    separate: Controllers = Field(Controllers(), description="Used where type is `separate`.")


class Agent(Values):
    """Prometheus' agent in the JVM of each node."""

    image: AgentImage = Field(AgentImage(), description="Image that has it.")
    path: AbsolutePath = Field("/jmx_prometheus_javaagent.jar", description="Where it is in that image.")
    port: PortNumber = Field(5556, description="Port of the metrics.")


class KafkaMetrics(Metrics):
    """Metrics, alerts and dashboards."""

    enabled: bool = Field(default=False, description="Whether metrics are served; the image alone has no agent.")
    agent: Agent = Field(Agent(), description="What serves them.")


class Provisioning(Task):
    """The Job of each revision that makes users and topics, and changes what they are told."""

    resources: Resources = Field(
        Resources(
            requests={"cpu": "100m", "memory": "256Mi", "ephemeral-storage": "16Mi"},
            limits={"memory": "512Mi", "ephemeral-storage": "64Mi"},
        ),
        description="Requests and limits.",
    )


class TopicBackup(VolumeBackup):
    """Topics with their settings, offsets of groups, and records of small topics, on a volume."""

    records: ListOf[TopicName] = Field(
        (), description="Topics whose records are kept too, with keys: small ones, of a line each; from Kafka 4.2."
    )
    resources: Resources = Field(
        Resources(
            requests={"cpu": "100m", "memory": "256Mi", "ephemeral-storage": "16Mi"},
            limits={"memory": "512Mi", "ephemeral-storage": "256Mi"},
        ),
        description="Requests and limits.",
    )


@dataclass(frozen=True, slots=True)
class FactorRule:
    """No topic has more replicas than there are brokers; without `replicaCount` there are `usual`."""

    usual: int

    def schema(self) -> dict[str, Any]:
        """The rule as JSON Schema."""
        return {"allOf": [self._of(brokers) for brokers in range(1, MOST_REPLICAS)]}

    def enforce(self, document: Mapping[str, Any]) -> None:
        """Refuse a topic with more.

        Raises:
            PydanticCustomError: There is one.
        """
        for name, topic in document["topics"].items():
            if (topic.get("replicationFactor") or 1) > document["replicaCount"]:
                raise PydanticCustomError(
                    "rule",
                    "topics.{name}.replicationFactor must be at most replicaCount: each replica needs a broker",
                    {"name": name},
                )

    def _of(self, brokers: int) -> dict[str, Any]:
        factor = {"replicationFactor": {"anyOf": [{"type": "null"}, {"type": "integer", "maximum": brokers}]}}
        topics = {"additionalProperties": {"properties": factor}}
        required = {} if brokers == self.usual else {"required": ["replicaCount"]}
        return {
            "if": {"properties": {"replicaCount": {"const": brokers}}} | required,
            "then": {"properties": {"topics": topics}},
        }


_WITH_PASSWORDS = ("SASL_PLAINTEXT", "SASL_SSL")
RULES: tuple[Rule | FactorRule, ...] = (
    Rule(
        when={"quorum.type": "combined"},
        then={"replicaCount": (1, 3, 5, 7)},
        because="an even number of controllers tolerates no more losses than one less",
    ),
    Rule(
        when={"quorum.type": "combined", "persistence.enabled": False},
        then={"replicaCount": (1,)},
        because="an empty majority of controllers begins an empty cluster",
    ),
    Rule(
        when={"tls.type": "none"},
        then={
            "listeners.client.protocol": ("PLAINTEXT",),
            "listeners.internal.protocol": ("PLAINTEXT",),
            "listeners.external.protocol": ("PLAINTEXT",),
        },
        because="there is no certificate, and without one on the internal listener passwords protect nothing",
    ),
    *(
        Rule(
            when={f"listeners.{name}.protocol": protocol},
            then={"listeners.internal.protocol": ("SSL",)},
            because="who reaches an internal listener without TLS needs no password",
        )
        for name in ("client", "external")
        for protocol in _WITH_PASSWORDS
    ),
    FactorRule(usual=3),
)


class Kafka(Nodes, ChartValues):
    """Apache Kafka on Kubernetes."""

    rules: ClassVar = RULES

    image: Image = Field(
        Image(registry="docker.io", repository="apache/kafka"),
        description="Image with a JVM, from 4.0; the native one has no tools.",
    )
    replica_count: Annotated[int, Field(ge=1, le=99)] = Field(3, description="Brokers.")
    quorum: Quorum = Field(Quorum(), description="Who keeps the metadata.")
    cluster_id: OrEmpty[ClusterId] = Field(
        "", description="Id of the cluster, for ever; empty means made of namespace and release."
    )
    listeners: Listeners = Field(Listeners(), description="Where nodes listen.")
    tls: BrokerTls = Field(BrokerTls(), description="Where the certificate comes from.")
    users: MapOf[UserName, User] = Field({}, description="Users of listeners with SASL, by name.")
    topics: MapOf[TopicName, Topic] = Field({}, description="Topics, by name; what is taken out here stays.")
    provisioning: Provisioning = Field(Provisioning(), description="Job that makes users and topics.")
    config: BrokerConfig = Field(BrokerConfig(), description="Further settings of the brokers.")
    log_level: Literal["DEBUG", "INFO", "WARN", "ERROR"] = Field("INFO", description="Level of the log.")
    persistence: Persistence = Field(Persistence(size="50Gi"), description="Volume of each broker.")
    resources: Resources = Field(
        Resources(
            requests={"cpu": "500m", "memory": "2Gi", "ephemeral-storage": "64Mi"},
            limits={"memory": "2Gi", "ephemeral-storage": "512Mi"},
        ),
        description="Requests and limits; half of the memory limit is the heap, the rest the cache of pages.",
    )
    cluster_domain: Host = Field("cluster.local", description="Domain of the cluster.")
    pod_security_context: PodSecurityContext = Field(
        PodSecurityContext(run_as_user=1000, run_as_group=1000, fs_group=1000), description="Security of all pods."
    )
    service_account: ServiceAccount = Field(ServiceAccount(), description="ServiceAccount of all nodes.")
    service: Service = Field(Service(), description="Service of all brokers, for a client's first request.")
    network_policy: NetworkPolicy = Field(CLOSED, description="Network policy.")
    termination_grace_period_seconds: Seconds = Field(120, description="Seconds to hand partitions over and stop.")
    metrics: KafkaMetrics = Field(KafkaMetrics(), description="Metrics, alerts and dashboards.")
    backup: TopicBackup = Field(TopicBackup(), description="What topics are and who has read how far, on a volume.")
    tests: HelmTest = Field(
        HelmTest(
            resources=Resources(
                requests={"cpu": "100m", "memory": "256Mi", "ephemeral-storage": "16Mi"},
                limits={"memory": "512Mi", "ephemeral-storage": "64Mi"},
            )
        ),
        description="Pod of `helm test`.",
    )


def _offers(values: Kafka) -> tuple[KafkaCluster, ...]:
    port = values.listeners.client.port
    return (KafkaCluster(port=port, has_users=_has_users(values), brokers=values.replica_count),)


def _defaults(ground: Ground) -> dict[str, Any]:
    """With certificates, whoever is no node logs in."""
    listeners = {"client": {"protocol": "SASL_SSL"}, "internal": {"protocol": "SSL"}}
    return {"listeners": listeners} if ground.has_certificates else {}


_USUAL_BYTES = 1_048_588
"""Kafka's own `message.max.bytes`."""


def _topic(topic: KafkaTopic) -> dict[str, Any]:
    told = {"partitions": topic.partitions, "cleanupPolicy": topic.cleanup_policy}
    return told if topic.retention_ms is None else {**told, "retentionMs": topic.retention_ms}


def _given(values: Kafka, given: Given) -> dict[str, Any]:
    tenants = list(given.tenants_of(KafkaTopics))
    topics = {topic.name: _topic(topic) for each in tenants for topic in each.need.topics}
    kept = [topic.name for each in tenants for topic in each.need.topics if topic.is_kept]
    told: dict[str, Any] = {"topics": topics, "backup": {"records": kept}}
    if (largest := max((each.need.message_bytes for each in tenants), default=0)) > _USUAL_BYTES:
        told["config"] = {"messageMaxBytes": largest}
    if _has_users(values):
        told["users"] = {each.need.name: {"password": {"name": each.secret}} for each in tenants}
    if given.node_port:
        told["listeners"] = {"external": {"nodePort": {"first": given.node_port}}}
    return told


def _has_users(values: Kafka) -> bool:
    return values.listeners.client.protocol in _WITH_PASSWORDS


def _node_ports(values: Kafka) -> int:
    return values.replica_count if values.listeners.external.type == "nodePort" else 0


CHART = ChartType(
    name="kafka",
    model=Kafka,
    version="0.1.0",
    app_version="4.4.0",
    description="Apache Kafka with KRaft: listeners by type, TLS, SCRAM users, topics and metrics.",
    default_profile="ha",
    icon="https://kafka.apache.org/images/apache-kafka.png",
    home="https://kafka.apache.org",
    sources=("https://github.com/apache/kafka",),
    keywords=("kafka", "kraft", "streaming", "messages"),
    category="streaming-messaging",
    wiring=Wiring(
        defaults=_defaults,
        offers=_offers,
        metrics=lambda _: (MetricsEndpoint(labels={"kafka-headless": "true"}),),
        node_ports=_node_ports,
        values=_given,
    ),
)
