"""Typed values of the `trino` chart: one coordinator, its workers and their catalogs.

Sources: Trino's documentation of its properties and of its connectors; Trino 476, started with what the chart writes.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from hmco_charts.values.base import Values
from hmco_charts.values.chart import ChartType
from hmco_charts.values.elasticsearch_client import ElasticsearchUser
from hmco_charts.values.kafka_client import KafkaTopics, security_protocol
from hmco_charts.values.kubernetes import PodSecurityContext, PortNumber, Resources
from hmco_charts.values.mysql_client import access_by
from hmco_charts.values.postgresql_client import (
    LEFT_OPEN,
    PostgresqlAccess,
    PostgresqlConnection,
    PostgresqlDatabase,
    SqlName,
    connection_values,
)
from hmco_charts.values.provision import GIVEN, Connection, Given, Ground, MetricsEndpoint, Need, OwnSecret, Wiring
from hmco_charts.values.rule import Rule
from hmco_charts.values.s3 import BucketPath, S3Connection
from hmco_charts.values.text import (
    DataKey,
    Host,
    ListOf,
    MapOf,
    ObjectName,
    OrEmpty,
    Pattern,
    Url,
    Word,
)
from hmco_charts.values.types import (
    CLOSED,
    PATIENT,
    Authority,
    ChartValues,
    Choice,
    HttpRoute,
    Image,
    Ingress,
    Metrics,
    NamedSecretRef,
    NetworkPolicy,
    Password,
    PodDisruptionBudget,
    Probe,
    Scheduling,
    SecretRef,
    Service,
    ServiceAccount,
    ServiceMonitor,
    Tls,
)
from hmco_charts.values.workload import HelmTest, ProgramEnvVar, StatelessWorkload, Workload
from hmco_charts.yamlio.shape import mapping, text

CatalogName = Annotated[str, Pattern("a name of a catalog", r"[a-z][a-z0-9_]{0,39}", "lake", 40)]
Environment = Annotated[
    str, Pattern("an environment of Trino: small letters, digits, _", r"[a-z0-9][_a-z0-9]*", "production", 63)
]
DataSize = Annotated[str, Pattern("a size as Trino writes it", r"[0-9]+(\.[0-9]+)?(kB|MB|GB|TB)", "4GB", 16)]
HostPort = Annotated[
    str, Pattern("a host and its port", r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?:[0-9]{1,5}", "kafka:9092", 259)
]
TableName = Annotated[str, Pattern("a table", r"[a-z0-9_]+(\.[A-Za-z0-9_.-]+)?", "sales.orders", 253)]
Thrift = Annotated[
    str, Pattern("a Thrift URL", r"thrift://[a-z0-9]([a-z0-9.-]*[a-z0-9])?:[0-9]{1,5}", "thrift://metastore:9083", 270)
]
Warehouse = Annotated[str, Pattern("a warehouse", r"[A-Za-z0-9][A-Za-z0-9._:/-]*", "platform", 1024)]
PropertyName = Annotated[
    str,
    Pattern("a property of the connector", r"[a-z0-9]+([._-][a-z0-9]+)*", "postgresql.fetch-size", 253),
]
PropertyValue = Annotated[
    str,
    Pattern(
        "a number, a size, a duration, a word in capitals or ${ENV:NAME}",
        r"true|false|[0-9]+(\.[0-9]+)?([a-zA-Z]{1,2})?|[A-Z][A-Z_]{0,30}|\$\{ENV:[A-Z][A-Z0-9_]*\}",
        "1000",
        253,
    ),
]


class PostgresqlCatalog(PostgresqlConnection):
    """Tables of a PostgreSQL database."""

    database: OrEmpty[SqlName] = Field("", description="Database.")
    username: OrEmpty[SqlName] = Field("", description="Role.")


class MysqlCatalog(Values):
    """Tables of a MySQL or MariaDB server, or of Doris by its MySQL protocol."""

    host: OrEmpty[Host] = Field("", description="Host.")
    port: PortNumber = Field(3306, description="Port; Doris has 9030.")
    username: OrEmpty[Word] = Field("", description="User.")
    password: Password = Field(Password(), description="The user's password.")
    ssl_mode: Literal["VERIFY_IDENTITY", "VERIFY_CA", "REQUIRED", "DISABLED"] = Field(
        "REQUIRED", description="What of the server's certificate is verified, by the JVM's authorities and this one."
    )
    authority: Authority = Field(Authority(), description="Who signed it, beside the JVM's own authorities.")


class KafkaCatalog(Values):
    """Topics of Kafka as tables."""

    nodes: ListOf[HostPort] = Field((), description="Brokers to ask first.")
    table_names: ListOf[TableName] = Field((), description="Topics, as `schema.topic`.")
    default_schema: Word = Field("default", description="Schema of topics that name none.")
    hide_internal_columns: bool = Field(default=True, description="Whether columns such as `_offset` are hidden.")
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_SSL"] = Field(
        "PLAINTEXT", description="How the brokers are spoken to; `SASL_SSL` by SCRAM-SHA-512."
    )
    authority: Authority = Field(
        Authority(), description="Who signed the brokers' certificates; empty means the JVM's own authorities."
    )
    username: OrEmpty[Word] = Field("", description="User, where there are passwords.")
    password: Password = Field(
        Password(), description="The user's password: no double quotes, backslashes or line breaks."
    )
    client_properties: SecretRef = Field(
        SecretRef(key="client.properties"), description="A whole file of properties instead of these four."
    )


class ElasticsearchCatalog(Values):
    """Indices of Elasticsearch."""

    host: OrEmpty[Host] = Field("", description="Host.")
    port: PortNumber = Field(9200, description="Port.")
    schema_: Word = Field("default", alias="schema", description="Schema in which the indices appear.")
    username: OrEmpty[Word] = Field("", description="User; empty means that none is asked for.")
    password: Password = Field(Password(), description="The user's password.")
    tls: bool = Field(default=True, description="Whether the connection is encrypted.")
    ca: Authority = Field(Authority(), description="Who signed the certificate; empty means the system's authorities.")


class HiveCatalog(Values):
    """Tables of a Hive metastore, in S3."""

    metastore: OrEmpty[Thrift] = Field("", description="URL of the metastore.")
    s3: S3Connection = Field(S3Connection(), description="The store of the files.")


class DeltaLakeCatalog(HiveCatalog):
    """Tables of Delta Lake, in S3."""


class IcebergHiveCatalog(HiveCatalog):
    """Tables of Iceberg in S3, which a Hive metastore knows."""


class IcebergRestCatalog(Values):
    """Tables of Iceberg in S3, which a REST catalog knows."""

    url: OrEmpty[Url] = Field("", description="URL of the REST catalog.")
    token: SecretRef = Field(SecretRef(key="token"), description="Token for it; empty means none.")
    warehouse: OrEmpty[Warehouse] = Field("", description="Name or place of the warehouse; empty means its default.")
    s3: S3Connection = Field(S3Connection(), description="The store of the files.")


class IcebergJdbcCatalog(PostgresqlCatalog):
    """Tables of Iceberg in S3, which a PostgreSQL database knows."""

    warehouse: OrEmpty[BucketPath] = Field("", description="Where new tables go.")
    s3: S3Connection = Field(S3Connection(), description="The store of the files.")


class TpchCatalog(Values):
    """Made-up tables of the TPC-H benchmark."""

    splits_per_node: Annotated[int, Field(ge=1, le=1024)] = Field(4, description="Splits of a worker.")


class TpcdsCatalog(TpchCatalog):
    """Made-up tables of the TPC-DS benchmark."""


class MemoryCatalog(Values):
    """Tables in the workers' memory, which go with the pods."""

    max_data_per_node: DataSize = Field("128MB", description="Most data of a worker.")


class Catalog(Choice):
    """A source of tables."""

    needed: ClassVar = {
        "postgresql": ("host", "database", "username", "password.name"),
        "mysql": ("host", "username", "password.name"),
        "kafka": ("nodes",),
        "elasticsearch": ("host",),
        "hive": ("metastore",),
        "deltaLake": ("metastore",),
        "icebergHive": ("metastore",),
        "icebergRest": ("url",),
        "icebergJdbc": ("host", "database", "username", "password.name", "warehouse"),
    }

    type: Literal[
        "postgresql",
        "mysql",
        "kafka",
        "elasticsearch",
        "hive",
        "deltaLake",
        "icebergHive",
        "icebergRest",
        "icebergJdbc",
        "tpch",
        "tpcds",
        "memory",
    ] = Field(description="Which connector.")
    postgresql: PostgresqlCatalog = Field(PostgresqlCatalog(), description="Used where type is `postgresql`.")
    mysql: MysqlCatalog = Field(MysqlCatalog(), description="Used where type is `mysql`.")
    kafka: KafkaCatalog = Field(KafkaCatalog(), description="Used where type is `kafka`.")
    elasticsearch: ElasticsearchCatalog = Field(
        ElasticsearchCatalog(), description="Used where type is `elasticsearch`."
    )
    hive: HiveCatalog = Field(HiveCatalog(), description="Used where type is `hive`.")
    delta_lake: DeltaLakeCatalog = Field(DeltaLakeCatalog(), description="Used where type is `deltaLake`.")
    iceberg_hive: IcebergHiveCatalog = Field(IcebergHiveCatalog(), description="Used where type is `icebergHive`.")
    iceberg_rest: IcebergRestCatalog = Field(IcebergRestCatalog(), description="Used where type is `icebergRest`.")
    iceberg_jdbc: IcebergJdbcCatalog = Field(IcebergJdbcCatalog(), description="Used where type is `icebergJdbc`.")
    tpch: TpchCatalog = Field(TpchCatalog(), description="Used where type is `tpch`.")
    tpcds: TpcdsCatalog = Field(TpcdsCatalog(), description="Used where type is `tpcds`.")
    memory: MemoryCatalog = Field(MemoryCatalog(), description="Used where type is `memory`.")
    properties: MapOf[PropertyName, PropertyValue] = Field(
        {}, description="Further properties of the connector; one that it does not know keeps Trino from starting."
    )


class Memory(Values):
    """Memory of the nodes and of queries; all of it follows from the memory limits."""

    heap_percentage: Annotated[int, Field(ge=50, le=85)] = Field(
        75, description="Heap, of the memory limit; code, threads and buffers need the rest."
    )
    query_percentage: Annotated[int, Field(ge=5, le=65)] = Field(
        30, description="What a query may take of a node's heap; Trino keeps 30 for what it does not count."
    )
    query_max: OrEmpty[DataSize] = Field("", description="What a query may take of all nodes; empty means their sum.")


class PasswordAuthentication(Values):
    """Users with passwords."""

    file: SecretRef = Field(SecretRef(key="password.db"), description="Users and their bcrypt or PBKDF2 hashes.")


class Authentication(Choice):
    """How clients log in."""

    needed: ClassVar = {"password": ("file.name",)}

    type: Literal["none", "password"] = Field("none", description="`none` believes any name; `password` needs `tls`.")
    password: PasswordAuthentication = Field(PasswordAuthentication(), description="Used where type is `password`.")


class CatalogRule(Values):
    """Who may use a catalog; the first that fits counts, and nobody may where none fits."""

    user: OrEmpty[Word] = Field("", description="User; empty means all.")
    catalog: OrEmpty[CatalogName] = Field("", description="Catalog; empty means all.")
    allow: Literal["all", "read-only", "none"] = Field("read-only", description="What is allowed.")


class NodeEnvVar(ProgramEnvVar):
    """A variable of the nodes that the chart does not set itself; `${ENV:NAME}` in `properties` reads it."""

    own: ClassVar[tuple[str, ...]] = ("TRINO_SHARED_SECRET", "TRINO_SPOOLING_KEY")


class Node(Workload, Scheduling):
    """What coordinator and workers have alike."""

    startup_probe: Probe = Field(
        Probe(period_seconds=5, failure_threshold=60), description="Whether the node has started."
    )
    liveness_probe: Probe = Field(PATIENT, description="Whether the node answers at all.")
    extra_env_vars: ListOf[NodeEnvVar] = Field((), description="Further variables of the node.")


class CoordinatorUpdate(Values):
    """How a change reaches the coordinator: workers must never find two."""

    type: Literal["Recreate"] = Field("Recreate", description="The old one stops first; queries are lost.")


class Coordinator(Node):
    """The node that clients talk to and that plans queries."""

    replica_count: Annotated[int, Field(ge=0, le=1)] = Field(1, description="1, or 0 to stop it.")
    resources: Resources = Field(
        Resources(
            requests={"cpu": "1", "memory": "4Gi", "ephemeral-storage": "1Gi"},
            limits={"memory": "4Gi", "ephemeral-storage": "4Gi"},
        ),
        description="Requests and limits; the heap is derived from the memory limit.",
    )
    update_strategy: CoordinatorUpdate = Field(CoordinatorUpdate(), description="How a change reaches it.")
    service: Service = Field(Service(), description="Service of clients and workers.")
    ingress: Ingress = Field(Ingress(), description="Ingress to it.")
    http_route: HttpRoute = Field(HttpRoute(), description="Route of the Gateway API to it.")


class Worker(Node, StatelessWorkload):
    """The nodes that execute queries."""

    replica_count: Annotated[int, Field(ge=0, le=1000)] = Field(
        2, description="Pods; with 0 and no autoscaling the coordinator executes queries itself."
    )
    resources: Resources = Field(
        Resources(
            requests={"cpu": "1", "memory": "8Gi", "ephemeral-storage": "1Gi"},
            limits={"memory": "8Gi", "ephemeral-storage": "8Gi"},
        ),
        description="Requests and limits; heap and query memory are derived from the memory limit.",
    )
    termination_grace_period_seconds: Annotated[int, Field(ge=20, le=86_400)] = Field(
        600,
        description="Seconds to stop: half of them at most until the others know, the rest for its tasks.",
    )
    pdb: PodDisruptionBudget = Field(PodDisruptionBudget(), description="Disruption budget.")


class Exchange(Values):
    """Fault-tolerant execution: what tasks exchange lies in S3, and a failed one is tried again."""

    enabled: bool = Field(default=False, description="Whether it is used (`retry-policy=TASK`).")
    directory: OrEmpty[BucketPath] = Field("", description="Where it lies.")
    s3: S3Connection = Field(S3Connection(), description="The store.")


class Spooling(Exchange):
    """Results lie in S3, from where clients that can take them."""

    enabled: bool = Field(default=False, description="Whether clients may ask for it.")
    shared_secret_key: SecretRef = Field(
        SecretRef(key="spooling-key"), description="What signs the places of results: 256 bits in base64."
    )


class ScrapeUser(Values):
    """As whom Prometheus asks: a Secret, as its operator wants, with user and password."""

    name: ObjectName = Field("trino-metrics", description="Name of the Secret.")
    username_key: DataKey = Field("username", description="Key of the user, whose name is `metrics.username`.")
    password_key: DataKey = Field("password", description="Key of the password; used with authentication alone.")


class TrinoMonitor(ServiceMonitor):
    """What Prometheus scrapes: Trino's own OpenMetrics of its MBeans, so no exporter is needed."""

    basic_auth: ScrapeUser = Field(ScrapeUser(), description="As whom Prometheus asks.")


class TrinoMetrics(Metrics):
    """Metrics, alerts and dashboards."""

    username: Word = Field("metrics", description="User who may read metrics and nothing else.")
    service_monitor: TrinoMonitor = Field(TrinoMonitor(), description="What Prometheus scrapes.")


RULES = (
    Rule(
        when={"authentication.type": "password"},
        then={"tls.type": ("existingSecret", "certManager")},
        because="Trino takes passwords over HTTPS only",
    ),
    *(
        Rule(when={f"{part}.enabled": True}, needed=(f"{part}.directory",), because="it is where the files lie")
        for part in ("exchange", "spooling")
    ),
    Rule(
        when={"spooling.enabled": True},
        needed=("spooling.sharedSecretKey.name",),
        because="Trino does not start without it",
    ),
)


class Trino(ChartValues):
    """One Trino cluster."""

    rules: ClassVar = RULES

    image: Image = Field(Image(registry="docker.io", repository="trinodb/trino"), description="Image of all nodes.")
    environment: Environment = Field("production", description="Name of the cluster, the same on all nodes.")
    shared_secret: NamedSecretRef = Field(
        NamedSecretRef(name="trino-internal", key="shared-secret"),
        description="Secret by which the nodes know each other.",
    )
    catalogs: MapOf[CatalogName, Catalog] = Field({}, description="Sources of tables, by name.")
    memory: Memory = Field(Memory(), description="Memory of nodes and queries.")
    authentication: Authentication = Field(Authentication(), description="How clients log in.")
    catalog_rules: ListOf[CatalogRule] = Field((), description="Who may use which catalog; empty means all may.")
    tls: Tls = Field(Tls(), description="The coordinator's certificate; with one it serves HTTPS on 8443.")
    coordinator: Coordinator = Field(Coordinator(), description="The coordinator.")
    worker: Worker = Field(Worker(), description="The workers.")
    exchange: Exchange = Field(Exchange(), description="Fault-tolerant execution.")
    spooling: Spooling = Field(Spooling(), description="Results by way of S3.")
    log_level: Literal["DEBUG", "INFO", "WARN", "ERROR"] = Field("INFO", description="Level of the log.")
    cluster_domain: Host = Field("cluster.local", description="Domain of the cluster.")
    service_account: ServiceAccount = Field(ServiceAccount(), description="ServiceAccount of the nodes.")
    network_policy: NetworkPolicy = Field(CLOSED, description="Network policy.")
    pod_security_context: PodSecurityContext = Field(
        PodSecurityContext(run_as_user=1000, run_as_group=1000, fs_group=1000), description="Security of all pods."
    )
    metrics: TrinoMetrics = Field(TrinoMetrics(), description="Metrics, alerts and dashboards.")
    tests: HelmTest = Field(
        HelmTest(
            resources=Resources(
                requests={"cpu": "100m", "memory": "256Mi", "ephemeral-storage": "16Mi"},
                limits={"memory": "512Mi", "ephemeral-storage": "64Mi"},
            )
        ),
        description="Pod of `helm test`.",
    )


_USER = "trino"

_LEFT_OPEN_SERVER = {"host": GIVEN, "username": _USER, "password": {"name": GIVEN}}
_LEFT_OPEN: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "postgresql": ("host", {**LEFT_OPEN, "username": _USER}),
    "icebergJdbc": ("host", {**LEFT_OPEN, "username": f"{_USER}_iceberg"}),
    "mysql": ("host", _LEFT_OPEN_SERVER),
    "elasticsearch": ("host", _LEFT_OPEN_SERVER),
    "kafka": ("nodes", {"nodes": [f"{GIVEN}:9092"], "username": _USER, "password": {"name": GIVEN}}),
}
"""By the type of a catalog: what users say of a server elsewhere, and what a platform is to give."""


def _defaults(ground: Ground) -> dict[str, Any]:
    """Servers of catalogs that users do not name are those of the platform."""
    catalogs: dict[str, Any] = {}
    for name, catalog in mapping(ground.told.get("catalogs")).items():
        kind = text(mapping(catalog).get("type"))
        said, left_open = _LEFT_OPEN.get(kind, ("", {}))
        if left_open and said not in mapping(mapping(catalog).get(kind)):
            catalogs[name] = {kind: left_open}
    return {"catalogs": catalogs}


def _need(catalog: Catalog) -> Need | None:
    """What a catalog needs of the platform."""
    if catalog.type == "kafka":
        nodes = catalog.kafka.nodes
        return KafkaTopics(name=catalog.kafka.username) if nodes and nodes[0].startswith(f"{GIVEN}:") else None
    server = getattr(catalog, _FIELDS[catalog.type]) if catalog.type in _FIELDS else None
    return _NEEDS[catalog.type](server) if server is not None and server.host == GIVEN else None


def _access(server: PostgresqlCatalog) -> Need:
    name = f"{server.username} in {server.database}"
    return PostgresqlAccess(name=name, database=server.database, role=server.username)


def _own_database(server: IcebergJdbcCatalog) -> Need:
    return PostgresqlDatabase(name=server.database, role=server.username, connections=_ICEBERG_CONNECTIONS)


def _by_mysql_s_protocol(server: MysqlCatalog) -> Need:
    kind = access_by(server.port)
    return kind(name=f"{server.username} in all", database="", user=server.username)


def _indices(server: ElasticsearchCatalog) -> Need:
    privileges = ("read", "view_index_metadata")
    return ElasticsearchUser(name=server.username, indices=("*",), privileges=privileges, cluster=("monitor",))


_ICEBERG_CONNECTIONS = 20
_METRICS = "metrics"
_FIELDS = {
    "postgresql": "postgresql",
    "icebergJdbc": "iceberg_jdbc",
    "mysql": "mysql",
    "elasticsearch": "elasticsearch",
}
_NEEDS: Mapping[str, Callable[[Any], Need]] = {
    "postgresql": _access,
    "icebergJdbc": _own_database,
    "mysql": _by_mysql_s_protocol,
    "elasticsearch": _indices,
}


def _needs(values: Trino) -> tuple[Need, ...]:
    found = (_need(catalog) for catalog in values.catalogs.values())
    return tuple(dict.fromkeys(need for need in found if need is not None))


def _met(each: Connection[Any]) -> dict[str, Any]:
    """The values of a catalog whose need is met."""
    if isinstance(each.need, PostgresqlAccess | PostgresqlDatabase):
        return connection_values(each)
    authority, password = each.authority.document(), {"name": each.secret}
    if isinstance(each.need, KafkaTopics):
        nodes = [f"{each.host}:{each.offer.port}"]
        protocol = security_protocol(each)
        return {"nodes": nodes, "securityProtocol": protocol, "authority": authority, "password": password}
    server = {"host": each.host, "port": each.offer.port, "password": password}
    if isinstance(each.need, ElasticsearchUser):
        return {**server, "tls": each.is_encrypted, "ca": authority}
    return {**server, "sslMode": "VERIFY_IDENTITY" if each.is_encrypted else "DISABLED", "authority": authority}


def _given(values: Trino, given: Given) -> dict[str, Any]:
    met = {each.need: _met(each) for each in given.connections}
    needs = {name: _need(catalog) for name, catalog in values.catalogs.items()}
    return {
        "sharedSecret": {"name": given.place.secret("internal")},
        "metrics": {"serviceMonitor": {"basicAuth": {"name": given.place.secret(_METRICS)}}},
        "catalogs": {name: {values.catalogs[name].type: met[need]} for name, need in needs.items() if need in met},
    }


def _secrets(values: Trino) -> tuple[OwnSecret, ...]:
    internal = OwnSecret(suffix="internal", keys={"shared-secret": 64})
    if values.metrics.service_monitor.enabled or values.authentication.type != "none":
        return internal, OwnSecret(suffix=_METRICS, keys={"username": 32, "password": 32}, is_random=False)
    return (internal,)


def _metrics(values: Trino) -> tuple[MetricsEndpoint, ...]:
    told: Any = {"labels": {"trino-metrics": "true"}, "username": values.metrics.username}
    coordinator = MetricsEndpoint(component="coordinator", name="http", service="-coordinator", **told)
    if values.authentication.type != "none":
        coordinator = replace(coordinator, name="https", is_plain=False, has_users=True, secret=_METRICS)
    scaling = values.worker.autoscaling
    workers = scaling.max_replicas if scaling.enabled else values.worker.replica_count
    return (coordinator, MetricsEndpoint(component="worker", name="http", **told)) if workers else (coordinator,)


CHART = ChartType(
    name="trino",
    model=Trino,
    version="0.1.0",
    app_version="480",
    description="A Trino cluster: typed catalogs, memory derived from the limits, workers that finish their work.",
    default_profile="ha",
    icon="https://trino.io/assets/trino.png",
    home="https://trino.io",
    sources=("https://github.com/trinodb/trino",),
    keywords=("trino", "sql", "query", "lakehouse"),
    category="database",
    wiring=Wiring(
        defaults=_defaults,
        metrics=_metrics,
        needs=_needs,
        secrets=_secrets,
        values=_given,
    ),
)
