"""Typed values of the `datahub` chart.

Sources: acryldata/datahub-helm 1.1.0, `charts/datahub` (variables of each part, order of the Jobs);
datahub-project/datahub, `docker/datahub-gms`, `docker/datahub-frontend`.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar, Literal, cast

from pydantic import Field

from hmco_charts.values.base import Values
from hmco_charts.values.chart import ChartType
from hmco_charts.values.elasticsearch_client import ElasticsearchUser
from hmco_charts.values.kafka_client import KafkaTopic, KafkaTopics, offered, security_protocol
from hmco_charts.values.kubernetes import EgressRule, PodSecurityContext, PortNumber, Resources, Seconds
from hmco_charts.values.monitoring_client import url
from hmco_charts.values.mysql_client import MysqlDatabase
from hmco_charts.values.neo4j_client import USER as NEO4J_USER
from hmco_charts.values.neo4j_client import Neo4jDatabase, Neo4jServer
from hmco_charts.values.postgresql_client import (
    LEFT_OPEN,
    PostgresqlClient,
    PostgresqlConnection,
    PostgresqlDatabase,
    SqlName,
    connection_values,
    is_left_open,
)
from hmco_charts.values.provision import GIVEN, Connection, Given, Ground, MetricsEndpoint, Need, OwnSecret, Wiring
from hmco_charts.values.rule import Rule
from hmco_charts.values.schema_registry_client import Schemas
from hmco_charts.values.text import (
    DataKey,
    Digest,
    Host,
    ListOf,
    ObjectName,
    OrEmpty,
    Registry,
    Repository,
    Tag,
    Url,
    Word,
)
from hmco_charts.values.types import (
    Authority,
    ChartValues,
    Choice,
    ClientTls,
    HttpRoute,
    Image,
    Ingress,
    Metrics,
    NamedPassword,
    NetworkPolicy,
    Password,
    Peer,
    PodDisruptionBudget,
    Probe,
    Scheduling,
    SecretRef,
    Service,
    ServiceAccount,
)
from hmco_charts.values.workload import (
    HelmTest,
    ProgramEnvVar,
    StatelessUpdate,
    StatelessWorkload,
    Task,
    Workload,
)


class Digests(Values):
    """Digests of the images, which the tag names together."""

    gms: OrEmpty[Digest] = Field("", description="Digest of `REPOSITORY-gms`.")
    frontend: OrEmpty[Digest] = Field("", description="Digest of `REPOSITORY-frontend-react`.")
    actions: OrEmpty[Digest] = Field("", description="Digest of `REPOSITORY-actions`.")
    upgrade: OrEmpty[Digest] = Field("", description="Digest of `REPOSITORY-upgrade`.")


class DatahubImage(Image):
    """Images of all parts: one tag, as GMS waits for an upgrade of its own version."""

    registry: OrEmpty[Registry] = Field("docker.io", description="Registry; `global.imageRegistry` wins over it.")
    repository: Repository = Field(
        "acryldata/datahub", description="Beginning of the repositories; `-gms` and so on follow."
    )
    tag: OrEmpty[Tag] = Field("", description="Tag of all; empty means the chart's appVersion.")
    digest: Literal[""] = Field("", description="Stays empty: `digests` has one for each image.")
    digests: Digests = Field(Digests(), description="Digests of the images.")


class Postgresql(PostgresqlConnection):
    """A PostgreSQL database, whose role owns it."""

    host: Host = Field("postgresql", description="Host of the database.")
    database: SqlName = Field("datahub", description="Database.")
    username: SqlName = Field("datahub", description="Role, owner of the database.")
    password: NamedPassword = Field(
        NamedPassword(name="datahub-postgresql"), description="The role's password, any characters."
    )
    client: PostgresqlClient = Field(PostgresqlClient(), description="Client of the init container that waits.")


class Mysql(Values):
    """A MySQL database, whose user may create tables in it."""

    host: Host = Field("mysql", description="Host of the database.")
    port: PortNumber = Field(3306, description="Its port.")
    database: SqlName = Field("datahub", description="Database.")
    username: SqlName = Field("datahub", description="User.")
    password: NamedPassword = Field(
        NamedPassword(name="datahub-mysql"), description="The user's password, any characters."
    )
    ssl_mode: Literal["VERIFY_IDENTITY", "REQUIRED", "DISABLED"] = Field(
        "VERIFY_IDENTITY", description="What of the certificate is verified, by the JVM's authorities and this one."
    )
    authority: Authority = Field(Authority(), description="Who signed it, beside the JVM's own authorities.")


class Database(Choice):
    """Where the metadata is; all else can be made of it again."""

    type: Literal["postgresql", "mysql"] = Field("postgresql", description="Kind of the database.")
    max_connections: Annotated[int, Field(ge=5, le=1000)] = Field(
        30, description="Connections of GMS, and of each Job, at most."
    )
    postgresql: Postgresql = Field(Postgresql(), description="Used where type is `postgresql`.")
    mysql: Mysql = Field(Mysql(), description="Used where type is `mysql`.")


class Sasl(Values):
    """Who DataHub is to Kafka, where `securityProtocol` begins with SASL."""

    mechanism: Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"] = Field("SCRAM-SHA-512", description="Mechanism.")
    username: Word = Field("datahub", description="User.")
    password: Password = Field(Password(), description="Its password, without quotes and backslashes.")


class Topics(Values):
    """How the Job makes topics."""

    partitions: Annotated[int, Field(ge=1, le=1000)] = Field(1, description="Partitions of each topic.")
    replication_factor: Annotated[int, Field(ge=1, le=10)] = Field(
        3, description="Replicas of each topic, not more than there are brokers."
    )


class Kafka(Values):
    """Kafka, whose `message.max.bytes` must be at least 5242880."""

    servers: Annotated[ListOf[Host], Field(min_length=1)] = Field(("kafka",), description="Hosts of brokers.")
    port: PortNumber = Field(9092, description="Their port for clients.")
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_SSL", "SASL_PLAINTEXT"] = Field(
        "PLAINTEXT", description="How the brokers are spoken to."
    )
    authority: Authority = Field(
        Authority(), description="Who signed the brokers' certificates; empty means the images' own authorities."
    )
    sasl: Sasl = Field(Sasl(), description="Who DataHub is to Kafka.")
    topics: Topics = Field(Topics(), description="How the Job makes topics.")


class ConfluentRegistry(Values):
    """A schema registry as Confluent's."""

    url: Url = Field("http://schema-registry:8081", description="Its URL.")


class SchemaRegistry(Choice):
    """Where schemas of the topics are."""

    type: Literal["internal", "confluent"] = Field("internal", description="`internal` is GMS itself.")
    confluent: ConfluentRegistry = Field(ConfluentRegistry(), description="Used where type is `confluent`.")


class Elasticsearch(Values):
    """Elasticsearch or OpenSearch: the search, and the graph."""

    host: Host = Field("elasticsearch", description="Host.")
    port: PortNumber = Field(9200, description="Its port.")
    tls: bool = Field(default=True, description="Whether it speaks TLS.")
    authority: Authority = Field(
        Authority(), description="Who signed its certificate, beside the JVM's own authorities."
    )
    username: Word = Field("elastic", description="User, where a password is set.")
    password: Password = Field(Password(), description="Its password; empty means that nobody logs in.")
    index_prefix: OrEmpty[Word] = Field("", description="Beginning of the names of indices.")


class Neo4j(Values):
    """Neo4j, by Bolt."""

    host: Host = Field("neo4j", description="Host.")
    port: PortNumber = Field(7687, description="Its port for Bolt.")
    tls: bool = Field(default=True, description="Whether it speaks TLS.")
    authority: Authority = Field(
        Authority(), description="Who signed its certificate, beside the JVM's own authorities."
    )
    database: Word = Field("neo4j", description="Database; the server's default one, as the free edition has no other.")
    username: Word = Field("neo4j", description="User.")
    password: NamedPassword = Field(NamedPassword(name="neo4j-auth"), description="Its password.")


class Graph(Choice):
    """Where it is kept what is made of what."""

    type: Literal["elasticsearch", "neo4j"] = Field("elasticsearch", description="Kind; the other is left empty.")
    neo4j: Neo4j = Field(Neo4j(), alias="neo4j", description="Used where type is `neo4j`.")


class SecretKeys(Values):
    """Keys of the Secret with random values; back it up together with the database."""

    system_client: DataKey = Field("system-client-secret", description="What the parts tell each other.")
    token_signing: DataKey = Field("token-signing-key", description="Signs access tokens.")
    token_salt: DataKey = Field("token-salt", description="Salts them.")
    encryption: DataKey = Field("encryption-key", description="Encrypts the credentials of sources.")
    session: DataKey = Field("session-key", description="Signs sessions of the frontend.")


class Users(SecretRef):
    """A file with lines `user:password` in a Secret."""

    name: OrEmpty[ObjectName] = Field("datahub-users", description="Name of the Secret; empty means `admin` alone.")
    key: DataKey = Field("user.props", description="Key in it.")


class Admin(Values):
    """The one user where no file of users is named."""

    username: Word = Field("datahub", description="Name; the program makes `datahub` its administrator.")
    password: Password = Field(Password(), description="Its password, without line breaks.")


class Auth(Values):
    """Authentication, which is always on."""

    existing_secret: ObjectName = Field("datahub", description="Secret with the random values, the same for all parts.")
    secret_keys: SecretKeys = Field(SecretKeys(), description="Keys in it.")
    users: Users = Field(Users(), description="Users; without the file everybody knows `datahub:datahub`.")
    admin: Admin = Field(Admin(), description="The one user where no file of users is named.")


class SystemUpdate(Task):
    """The Jobs that set up and convert database, indices and topics: one before GMS serves, one after."""

    active_deadline_seconds: Annotated[int, Field(ge=60, le=86_400)] = Field(3600, description="Seconds each may take.")
    resources: Resources = Field(
        Resources(
            requests={"cpu": "100m", "memory": "1Gi", "ephemeral-storage": "64Mi"},
            limits={"memory": "2Gi", "ephemeral-storage": "1Gi"},
        ),
        description="Requests and limits.",
    )


class IndexRestore(SystemUpdate):
    """The Job, made by people, that makes search and graph of the database again, as after a restore."""

    active_deadline_seconds: Annotated[int, Field(ge=60, le=86_400)] = Field(86_400, description="Seconds it may take.")
    batch_size: Annotated[int, Field(ge=1, le=100_000)] = Field(1000, description="Rows of a step.")


class OffProbe(Probe):
    """A probe that is off, as the image is not known to answer one."""

    enabled: bool = Field(default=False, description="Whether it is used: a connection to port 9093.")


class ServerEnvVar(ProgramEnvVar):
    """A variable of a part that the chart does not set itself."""

    own: ClassVar[tuple[str, ...]] = (
        *("EBEAN_DATASOURCE_PASSWORD", "EBEAN_DATASOURCE_URL", "EBEAN_DATASOURCE_HOST", "ELASTICSEARCH_PASSWORD"),
        *("DATAHUB_SYSTEM_CLIENT_SECRET", "DATAHUB_TOKEN_SERVICE_SIGNING_KEY", "DATAHUB_TOKEN_SERVICE_SALT"),
        *("SECRET_SERVICE_ENCRYPTION_KEY", "DATAHUB_SECRET", "METADATA_SERVICE_AUTH_ENABLED", "DATAHUB_REVISION"),
        *("DATAHUB_GMS_HOST", "DATAHUB_GMS_PORT", "SCHEMA_REGISTRY_TYPE", "KAFKA_BOOTSTRAP_SERVER", "HOME"),
        *("EBEAN_MAX_CONNECTIONS", "GRAPH_SERVICE_IMPL", "NEO4J_PASSWORD", "NEO4J_URI", "JAVA_TOOL_OPTIONS"),
    )


class GmsUpdate(StatelessUpdate):
    """How a change reaches GMS; two versions side by side do not suit each other."""

    type: Literal["RollingUpdate", "Recreate"] = Field("Recreate", description="`Recreate` stops the old pod first.")


class Gms(Workload, Scheduling):
    """GMS, the metadata service."""

    replica_count: Annotated[int, Field(ge=0, le=1)] = Field(
        1, description="1, or 0 to stop it: several need consumers of their own, and a shared cache."
    )
    resources: Resources = Field(
        Resources(
            requests={"cpu": "500m", "memory": "3Gi", "ephemeral-storage": "128Mi"},
            limits={"memory": "3Gi", "ephemeral-storage": "2Gi"},
        ),
        description="Requests and limits; 60 of a hundred parts of the memory limit are heap.",
    )
    update_strategy: GmsUpdate = Field(GmsUpdate(), description="How a change reaches the pod.")
    startup_probe: Probe = Field(Probe(failure_threshold=360), description="Whether GMS has started.")
    extra_env_vars: ListOf[ServerEnvVar] = Field((), description="Further variables.")
    service: Service = Field(Service(), description="Service of GMS.")
    termination_grace_period_seconds: Seconds = Field(120, description="Seconds to stop.")


class Frontend(StatelessWorkload, Scheduling):
    """The user interface."""

    replica_count: Annotated[int, Field(ge=0, le=100)] = Field(2, description="Pods, unless they are autoscaled.")
    resources: Resources = Field(
        Resources(
            requests={"cpu": "100m", "memory": "1536Mi", "ephemeral-storage": "64Mi"},
            limits={"memory": "1536Mi", "ephemeral-storage": "1Gi"},
        ),
        description="Requests and limits.",
    )
    startup_probe: Probe = Field(Probe(failure_threshold=60), description="Whether it has started.")
    extra_env_vars: ListOf[ServerEnvVar] = Field((), description="Further variables, such as those of OIDC.")
    service: Service = Field(Service(), description="Service of the frontend.")
    ingress: Ingress = Field(Ingress(), description="Ingress to the frontend.")
    http_route: HttpRoute = Field(HttpRoute(), description="Route of the Gateway API to the frontend.")
    pdb: PodDisruptionBudget = Field(PodDisruptionBudget(), description="Disruption budget.")
    termination_grace_period_seconds: Seconds = Field(120, description="Seconds to stop.")


class Actions(Workload, Scheduling):
    """What runs ingestions and other actions."""

    replica_count: Annotated[int, Field(ge=0, le=1)] = Field(1, description="1, or 0 to do without.")
    resources: Resources = Field(
        Resources(
            requests={"cpu": "100m", "memory": "1Gi", "ephemeral-storage": "1Gi"},
            limits={"memory": "2Gi", "ephemeral-storage": "8Gi"},
        ),
        description="Requests and limits, of the ingestions too.",
    )
    update_strategy: StatelessUpdate = Field(StatelessUpdate(), description="How a change reaches the pod.")
    startup_probe: OffProbe = Field(OffProbe(), description="Whether it has started.")
    readiness_probe: OffProbe = Field(OffProbe(), description="Whether it can serve.")
    liveness_probe: OffProbe = Field(OffProbe(), description="Whether it answers at all.")
    extra_env_vars: ListOf[ServerEnvVar] = Field((), description="Further variables.")
    termination_grace_period_seconds: Seconds = Field(150, description="Seconds to stop.")


class Servers(Values):
    """Whom the pods may reach; without labels, everyone on the port that the values name."""

    database: Peer = Field(Peer(), description="Pods of the database.")
    kafka: Peer = Field(Peer(), description="Pods of Kafka.")
    elasticsearch: Peer = Field(Peer(), description="Pods of Elasticsearch.")
    schema_registry: Peer = Field(Peer(), description="Pods of the schema registry, where type is `confluent`.")
    neo4j: Peer = Field(Peer(), alias="neo4j", description="Pods of Neo4j, where the graph is there.")


class ServerNetworkPolicy(NetworkPolicy):
    """Who may reach the pods, and whom they may reach."""

    allow_external_egress: bool = Field(default=False, description="Whether pods may reach everything.")
    ingestion_egress: ListOf[EgressRule] = Field(
        (EgressRule(),), description="Whom ingestions may reach: their sources, and where packages come from."
    )
    servers: Servers = Field(Servers(), description="Whom the pods may reach.")


RULES = (
    *(
        Rule(
            when={"kafka.securityProtocol": protocol},
            needed=("kafka.sasl.password.name",),
            because="a user without a password is nobody to Kafka",
        )
        for protocol in ("SASL_SSL", "SASL_PLAINTEXT")
    ),
    Rule(
        when={"auth.users.name": ""},
        needed=("auth.admin.password.name",),
        because="without a file of users everybody knows datahub:datahub",
    ),
)


class Datahub(ChartValues):
    """DataHub on Kubernetes."""

    rules: ClassVar = RULES

    image: DatahubImage = Field(DatahubImage(), description="Images of all parts.")
    gms: Gms = Field(Gms(), description="The metadata service.")
    frontend: Frontend = Field(Frontend(), description="The user interface.")
    actions: Actions = Field(Actions(), description="What runs ingestions.")
    system_update: SystemUpdate = Field(SystemUpdate(), description="Jobs that set up and convert.")
    index_restore: IndexRestore = Field(IndexRestore(), description="Job that makes search and graph again.")
    database: Database = Field(Database(), description="Where the metadata is.")
    kafka: Kafka = Field(Kafka(), description="Kafka.")
    schema_registry: SchemaRegistry = Field(SchemaRegistry(), description="Where schemas of the topics are.")
    elasticsearch: Elasticsearch = Field(Elasticsearch(), description="The search, and the graph.")
    graph: Graph = Field(Graph(), description="Where it is kept what is made of what.")
    tls: ClientTls = Field(ClientTls(), description="Certificate whose Secret tells who signed those of the servers.")
    auth: Auth = Field(Auth(), description="Authentication.")
    service_account: ServiceAccount = Field(ServiceAccount(), description="ServiceAccount of all parts.")
    network_policy: ServerNetworkPolicy = Field(ServerNetworkPolicy(), description="Network policy.")
    pod_security_context: PodSecurityContext = Field(
        PodSecurityContext(run_as_user=1000, run_as_group=1000, fs_group=1000), description="Security of all pods."
    )
    metrics: Metrics = Field(Metrics(), description="Metrics, alerts and dashboards.")
    tests: HelmTest = Field(HelmTest(), description="Pod of `helm test`.")


_HISTORY = KafkaTopic(name="DataHubUpgradeHistory_v1", retention_ms=-1)
"""GMS waits for ever where its last message is gone."""

_LARGEST_MESSAGE = 5_242_880
_PROGRAMS = 3
"""GMS and both Jobs, which open connections at the same time."""

_CLUSTER_PRIVILEGES = ("monitor", "manage_ilm", "manage_index_templates")


def _defaults(_: Ground) -> dict[str, Any]:
    """Names of a user of its own, and what the connections give."""
    plain = {"host": GIVEN, "password": {"name": GIVEN}}
    return {
        "database": {"postgresql": LEFT_OPEN, "mysql": plain},
        "kafka": {"servers": [GIVEN], "sasl": {"password": {"name": GIVEN}}},
        "elasticsearch": {**plain, "username": "datahub", "indexPrefix": "datahub"},
        "graph": {"neo4j": plain},
        "auth": {"users": {"name": ""}, "admin": {"password": {"name": GIVEN}}},
    }


def _needs(values: Datahub) -> tuple[Need, ...]:
    return tuple(
        need
        for is_open, need in (
            (_is_open(values.database), _database(values.database)),
            (values.kafka.servers == (GIVEN,), _topics(values.kafka)),
            (values.elasticsearch.host == GIVEN, _search(values.elasticsearch)),
            (values.graph.type == "neo4j" and values.graph.neo4j.host == GIVEN, Neo4jDatabase()),
            (_asks_for_registry(values.schema_registry), Schemas()),
        )
        if is_open
    )


def _is_open(database: Database) -> bool:
    return is_left_open(database.postgresql) if database.type == "postgresql" else database.mysql.host == GIVEN


def _asks_for_registry(registry: SchemaRegistry) -> bool:
    return registry.type == "confluent" and registry.confluent.url == ConfluentRegistry().url


def _database(database: Database) -> PostgresqlDatabase | MysqlDatabase:
    connections = database.max_connections * _PROGRAMS
    if database.type == "mysql":
        mysql = database.mysql
        return MysqlDatabase(name=mysql.database, user=mysql.username, connections=connections)
    postgresql = database.postgresql
    return PostgresqlDatabase(name=postgresql.database, role=postgresql.username, connections=connections)


def _topics(kafka: Kafka) -> KafkaTopics:
    return KafkaTopics(name=kafka.sasl.username, topics=(_HISTORY,), message_bytes=_LARGEST_MESSAGE)


def _search(search: Elasticsearch) -> ElasticsearchUser:
    indices = (f"{search.index_prefix}*",)
    return ElasticsearchUser(name=search.username, indices=indices, privileges=("all",), cluster=_CLUSTER_PRIVILEGES)


def _given(_: Datahub, given: Given) -> dict[str, Any]:
    keys, admin = given.place.secret("keys"), given.place.secret("admin")
    told: dict[str, Any] = {"auth": {"existingSecret": keys, "admin": {"password": {"name": admin}}}}
    servers: dict[str, Any] = {}
    for each in given.connections:
        key, peer, values = _MET[type(each.need)](each)
        told[key] = values
        servers[peer] = each.provider.peer.document()
    return {**told, "networkPolicy": {"servers": servers}}


def _by_postgresql(each: Connection[PostgresqlDatabase]) -> tuple[str, str, dict[str, Any]]:
    return "database", "database", {"postgresql": connection_values(each)}


def _by_mysql(each: Connection[MysqlDatabase]) -> tuple[str, str, dict[str, Any]]:
    mode = "VERIFY_IDENTITY" if each.is_encrypted else "DISABLED"
    return "database", "database", {"mysql": {**_server(each), "sslMode": mode}}


def _by_kafka(each: Connection[KafkaTopics]) -> tuple[str, str, dict[str, Any]]:
    kafka = {
        "servers": [each.host],
        "port": each.offer.port,
        "securityProtocol": security_protocol(each),
        "authority": each.authority.document(),
        "sasl": {"password": {"name": each.secret}},
        "topics": {"replicationFactor": offered(each).replication},
    }
    return "kafka", "kafka", kafka


def _by_elasticsearch(each: Connection[ElasticsearchUser]) -> tuple[str, str, dict[str, Any]]:
    return "elasticsearch", "elasticsearch", {**_server(each), "tls": each.is_encrypted}


def _by_neo4j(each: Connection[Neo4jDatabase]) -> tuple[str, str, dict[str, Any]]:
    database = cast("Neo4jServer", each.offer).database
    neo4j = {**_server(each), "tls": each.is_encrypted, "username": NEO4J_USER, "database": database}
    return "graph", "neo4j", {"neo4j": neo4j}


def _by_registry(each: Connection[Schemas]) -> tuple[str, str, dict[str, Any]]:
    return "schemaRegistry", "schemaRegistry", {"confluent": {"url": url(each)}}


def _server(each: Connection[Any]) -> dict[str, Any]:
    return {
        "host": each.host,
        "port": each.offer.port,
        "password": {"name": each.secret},
        "authority": each.authority.document(),
    }


_MET: Mapping[type[Need], Callable[[Any], tuple[str, str, dict[str, Any]]]] = {
    PostgresqlDatabase: _by_postgresql,
    MysqlDatabase: _by_mysql,
    KafkaTopics: _by_kafka,
    ElasticsearchUser: _by_elasticsearch,
    Neo4jDatabase: _by_neo4j,
    Schemas: _by_registry,
}
"""The values of a connection by its need: their key, the key of its peer, and they themselves."""


def _secrets(values: Datahub) -> tuple[OwnSecret, ...]:
    keys = OwnSecret(suffix="keys", keys=dict.fromkeys(values.auth.secret_keys.document().values(), 32))
    return (keys,) if values.auth.users.name else (keys, OwnSecret(suffix="admin"))


CHART = ChartType(
    name="datahub",
    model=Datahub,
    version="0.1.0",
    app_version="v1.7.0",
    description="DataHub on PostgreSQL or MySQL, Kafka and Elasticsearch, its upgrade ordered without hooks.",
    default_profile="ha",
    icon="https://datahubproject.io/img/datahub-logo-color-mark.svg",
    home="https://datahubproject.io",
    sources=("https://github.com/datahub-project/datahub", "https://github.com/acryldata/datahub-helm"),
    keywords=("datahub", "metadata", "catalog"),
    category="database",
    wiring=Wiring(
        defaults=_defaults,
        metrics=lambda _: (MetricsEndpoint(labels={"datahub-metrics": "true"}),),
        needs=_needs,
        secrets=_secrets,
        values=_given,
    ),
)
