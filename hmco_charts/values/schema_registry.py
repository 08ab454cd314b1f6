"""Typed values of the `schema-registry` chart: Confluent's registry of schemas, which keeps them in Kafka.

Sources: confluentinc/schema-registry-images `schema-registry/include/etc/confluent/docker/configure`; Confluent's
documentation of the registry's configuration.
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from hmco_charts.values.base import Values
from hmco_charts.values.chart import ChartType
from hmco_charts.values.kafka_client import KafkaTopic, KafkaTopics, offered, security_protocol
from hmco_charts.values.kubernetes import PodSecurityContext, Resources
from hmco_charts.values.provision import Given, Wiring
from hmco_charts.values.schema_registry_client import SchemaRegistryServer
from hmco_charts.values.text import ListOf, OrEmpty, Pattern, Word
from hmco_charts.values.types import (
    KUBECTL,
    PATIENT,
    Authority,
    ChartValues,
    Choice,
    ClientTls,
    Image,
    NetworkPolicy,
    Password,
    Peer,
    PodDisruptionBudget,
    Probe,
    Service,
    ServiceAccount,
    VersionedImage,
    Watch,
)
from hmco_charts.values.workload import HelmTest, ProgramEnvVar, StatelessWorkload

Broker = Annotated[
    str,
    Pattern("a broker's host and port", r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?:[0-9]{1,5}", "kafka.streams.svc:9092", 260),
]
Topic = Annotated[str, Pattern("a topic", r"[A-Za-z0-9._-]{1,249}", "_schemas", 249)]
Replication = Annotated[int, Field(ge=1, le=99)]


class SaslPassword(Password):
    """A user's password in a Secret: letters and digits only, as it becomes part of a line in quotes."""


class Sasl(Values):
    """How the registry logs in."""

    mechanism: Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"] = Field("SCRAM-SHA-512", description="Mechanism.")
    username: OrEmpty[Word] = Field("", description="User.")
    password: SaslPassword = Field(SaslPassword(), description="Its password.")


class Tls(Values):
    """Whom the registry trusts."""

    authority: Authority = Field(Authority(), description="Authority of the brokers; unset means those of the image.")


class Protected(Values):
    """Passwords over TLS."""

    sasl: Sasl = Field(Sasl(), description="How the registry logs in.")
    tls: Tls = Field(Tls(), description="Whom it trusts.")


class Protocol(Choice):
    """How the registry talks to Kafka."""

    needed: ClassVar = {"SASL_SSL": ("sasl.username", "sasl.password.name")}

    type: Literal["PLAINTEXT", "SSL", "SASL_SSL"] = Field("PLAINTEXT", description="`PLAINTEXT` is for development.")
    ssl: Tls = Field(Tls(), alias="SSL", description="Used where type is `SSL`.")
    sasl_ssl: Protected = Field(Protected(), alias="SASL_SSL", description="Used where type is `SASL_SSL`.")


class Kafka(Values):
    """The cluster that keeps the schemas."""

    bootstrap_servers: Annotated[ListOf[Broker], Field(min_length=1)] = Field(
        ("kafka:9092",), description="Brokers to begin with."
    )
    protocol: Protocol = Field(Protocol(), description="How the registry talks to them.")
    topic: Topic = Field("_schemas", description="Topic of the schemas, compacted, with one partition.")
    replication_factor: Replication = Field(
        3, description="Copies of the topic; the registry waits for so many brokers before it makes it."
    )
    timeout_seconds: Annotated[int, Field(ge=10, le=3600)] = Field(120, description="Seconds it waits for them.")


class Servers(Values):
    """Whom the pods may reach; without labels, everyone on the port that the values name."""

    kafka: Peer = Field(Peer(), description="Pods of Kafka.")


class ServerNetworkPolicy(NetworkPolicy):
    """Who may reach the pods, and whom they may reach: by default each other, Kafka's ports and the resolver."""

    allow_external_egress: bool = Field(default=False, description="Whether pods may reach everything.")
    servers: Servers = Field(Servers(), description="Whom the pods may reach.")


class ServerEnvVar(ProgramEnvVar):
    """A variable of the registry; the image makes settings of those that begin with SCHEMA_REGISTRY_."""

    own: ClassVar[tuple[str, ...]] = (
        *("KAFKA_PASSWORD", "SCHEMA_REGISTRY_PORT", "SCHEMA_REGISTRY_HOST_NAME", "SCHEMA_REGISTRY_LISTENERS"),
        *("SCHEMA_REGISTRY_HEAP_OPTS", "SCHEMA_REGISTRY_KAFKASTORE_CONNECTION_URL"),
        *("SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS", "SCHEMA_REGISTRY_KAFKASTORE_SECURITY_PROTOCOL"),
        *("SCHEMA_REGISTRY_KAFKASTORE_SASL_JAAS_CONFIG", "SCHEMA_REGISTRY_KAFKASTORE_SASL_MECHANISM"),
        *("SCHEMA_REGISTRY_KAFKASTORE_TOPIC", "SCHEMA_REGISTRY_KAFKASTORE_TOPIC_REPLICATION_FACTOR"),
    )


class ClientTest(HelmTest):
    """The pod of `helm test`; the registry's own image has no client."""

    image: VersionedImage = Field(KUBECTL, description="Image with a shell and `wget`.")


class SchemaRegistry(StatelessWorkload, ChartValues):
    """Confluent's Schema Registry on a Kafka cluster."""

    image: Image = Field(
        Image(registry="docker.io", repository="confluentinc/cp-schema-registry"), description="Image."
    )
    replica_count: Annotated[int, Field(ge=0, le=99)] = Field(2, description="Pods; one of them takes the writes.")
    kafka: Kafka = Field(Kafka(), description="The cluster that keeps the schemas.")
    tls: ClientTls = Field(ClientTls(), description="Certificate whose Secret tells who signed the brokers'.")
    compatibility: Literal[
        "none", "backward", "backward_transitive", "forward", "forward_transitive", "full", "full_transitive"
    ] = Field("backward", description="How a new schema must fit those before, where a subject says nothing else.")
    resources: Resources = Field(
        Resources(
            requests={"cpu": "100m", "memory": "768Mi", "ephemeral-storage": "64Mi"},
            limits={"memory": "1Gi", "ephemeral-storage": "512Mi"},
        ),
        description="Requests and limits; the heap is half of the memory limit.",
    )
    service_account: ServiceAccount = Field(ServiceAccount(), description="ServiceAccount of the pods.")
    service: Service = Field(Service(), description="Service.")
    network_policy: ServerNetworkPolicy = Field(ServerNetworkPolicy(), description="Network policy.")
    pdb: PodDisruptionBudget = Field(PodDisruptionBudget(), description="Disruption budget.")
    pod_security_context: PodSecurityContext = Field(
        PodSecurityContext(run_as_user=1000, run_as_group=1000, fs_group=1000), description="Security of all pods."
    )
    startup_probe: Probe = Field(Probe(failure_threshold=60), description="Whether it has read the schemas.")
    liveness_probe: Probe = Field(PATIENT, description="Whether it answers at all.")
    extra_env_vars: ListOf[ServerEnvVar] = Field((), description="Further variables of the registry.")
    metrics: Watch = Field(Watch(), description="Alerts and dashboards.")
    tests: ClientTest = Field(ClientTest(), description="Pod of `helm test`.")


_USER = "schema-registry"


def _needs(values: SchemaRegistry) -> tuple[KafkaTopics, ...]:
    kafka = values.kafka
    if kafka.bootstrap_servers != Kafka().bootstrap_servers:
        return ()
    schemas = KafkaTopic(name=kafka.topic, cleanup_policy="compact", is_kept=True)
    return (KafkaTopics(name=kafka.protocol.sasl_ssl.sasl.username or _USER, topics=(schemas,)),)


def _given(_: SchemaRegistry, given: Given) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for each in given.connections_of(KafkaTopics):
        tls = {"authority": each.authority.document()}
        sasl = {"username": each.need.name, "password": {"name": each.secret}}
        protocol = {"type": security_protocol(each), "SSL": tls, "SASL_SSL": {"sasl": sasl, "tls": tls}}
        told["kafka"] = {
            "bootstrapServers": [f"{each.host}:{each.offer.port}"],
            "protocol": protocol,
            "replicationFactor": offered(each).replication,
        }
        told["networkPolicy"] = {"servers": {"kafka": each.provider.peer.document()}}
    return told


CHART = ChartType(
    name="schema-registry",
    model=SchemaRegistry,
    version="0.1.0",
    app_version="8.1.0",
    description="Confluent's Schema Registry on a Kafka cluster, without the collisions of its environment.",
    default_profile="ha",
    icon="https://avatars.githubusercontent.com/u/9439498",
    home="https://docs.confluent.io/platform/current/schema-registry/",
    sources=(
        "https://github.com/confluentinc/schema-registry",
        "https://github.com/confluentinc/schema-registry-images",
    ),
    keywords=("schema-registry", "kafka", "avro"),
    category="streaming-messaging",
    wiring=Wiring(offers=lambda _: (SchemaRegistryServer(),), needs=_needs, values=_given),
)
