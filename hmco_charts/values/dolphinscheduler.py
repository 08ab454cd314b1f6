"""Typed values of the `dolphinscheduler` chart.

Sources: apache/dolphinscheduler 3.4.3, `common.properties` and what reads it, `ImmutablePriorityPropertyDelegate`
(a variable wins over the files), each server's `application.yaml`, `dolphinscheduler-dist/src/main/docker`.
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from hmco_charts.values.base import Values
from hmco_charts.values.chart import ChartType
from hmco_charts.values.cloud import ACCESS_KEY_ID, SECRET_ACCESS_KEY
from hmco_charts.values.kubernetes import EgressRule, Id, PodSecurityContext, PortNumber, Resources
from hmco_charts.values.postgresql_client import (
    LEFT_OPEN,
    PostgresqlClient,
    PostgresqlConnection,
    PostgresqlDatabase,
    SqlName,
    connection_values,
    is_left_open,
)
from hmco_charts.values.provision import GIVEN, Given, Ground, MetricsEndpoint, Need, OwnSecret, Wiring
from hmco_charts.values.rule import Rule
from hmco_charts.values.s3 import key_secret
from hmco_charts.values.text import (
    AbsolutePath,
    DataKey,
    Digest,
    Host,
    ListOf,
    OrEmpty,
    Registry,
    Repository,
    Tag,
    TimeZone,
    Url,
    Word,
)
from hmco_charts.values.types import (
    ChartValues,
    Choice,
    HttpRoute,
    Image,
    Ingress,
    LastingVolume,
    Metrics,
    NamedPassword,
    NetworkPolicy,
    Peer,
    Persistence,
    PodDisruptionBudget,
    Probe,
    Scheduling,
    SecretRef,
    Service,
    ServiceAccount,
    Tls,
)
from hmco_charts.values.workload import (
    HelmTest,
    ProgramEnvVar,
    StatefulUpdate,
    StatefulWorkload,
    StatelessUpdate,
    StatelessWorkload,
    Task,
    Workload,
)
from hmco_charts.values.zookeeper_client import ZookeeperRoot


class Digests(Values):
    """Digests of the images, which the tag names together."""

    api: OrEmpty[Digest] = Field("", description="Digest of `REPOSITORY-api`.")
    master: OrEmpty[Digest] = Field("", description="Digest of `REPOSITORY-master`.")
    worker: OrEmpty[Digest] = Field("", description="Digest of `REPOSITORY-worker`.")
    alert: OrEmpty[Digest] = Field("", description="Digest of `REPOSITORY-alert-server`.")
    tools: OrEmpty[Digest] = Field("", description="Digest of `REPOSITORY-tools`.")


class ProgramImage(Image):
    """Images of all parts: one tag, as the parts speak to each other in a form that changes between versions."""

    registry: OrEmpty[Registry] = Field("docker.io", description="Registry; `global.imageRegistry` wins over it.")
    repository: Repository = Field(
        "apache/dolphinscheduler", description="Beginning of the repositories; `-master` and so on follow."
    )
    tag: OrEmpty[Tag] = Field("", description="Tag of all; empty means the chart's appVersion.")
    digest: Literal[""] = Field("", description="Stays empty: `digests` has one for each image.")
    digests: Digests = Field(Digests(), description="Digests of the images.")


class Database(PostgresqlConnection):
    """A PostgreSQL database, whose role owns it; the workers never see it."""

    host: Host = Field("postgresql", description="Host of the database.")
    database: SqlName = Field("dolphinscheduler", description="Database.")
    username: SqlName = Field("dolphinscheduler", description="Role, owner of the database.")
    password: NamedPassword = Field(
        NamedPassword(name="dolphinscheduler-postgresql"), description="The role's password, any characters."
    )
    max_connections: Annotated[int, Field(ge=5, le=1000)] = Field(25, description="Connections of each server at most.")
    client: PostgresqlClient = Field(
        PostgresqlClient(), description="Client that waits for the schema, and sets the administrator's password."
    )


class ZooKeeperDigest(SecretRef):
    """User and password of ZooKeeper in a Secret."""

    key: DataKey = Field("digest", description="Key in it, whose value is `user:password`.")


class ZooKeeper(Values):
    """The registry: who is there, who is master."""

    servers: Annotated[ListOf[Host], Field(min_length=1)] = Field(("zookeeper",), description="Hosts.")
    port: PortNumber = Field(2181, description="Their port for clients.")
    tls: bool = Field(
        default=False, description="Whether it is spoken to by TLS, with the certificate and the authority of `tls`."
    )
    namespace: Word = Field("dolphinscheduler", description="Node under which all is kept.")
    digest: ZooKeeperDigest = Field(ZooKeeperDigest(), description="Who it is to ZooKeeper's ACL; empty means nobody.")


class S3(Values):
    """S3 or what speaks it; without keys in a Secret, the identity of the node."""

    bucket: Word = Field("dolphinscheduler", description="Bucket, which must be there.")
    region: Word = Field("us-east-1", description="Region.")
    endpoint: OrEmpty[Url] = Field("", description="Endpoint, such as that of MinIO; empty means AWS.")
    access_key_id: SecretRef = Field(ACCESS_KEY_ID, description="Access key's id.")
    secret_access_key: SecretRef = Field(SECRET_ACCESS_KEY, description="Access key's secret.")


class Hdfs(Values):
    """Hadoop's file system."""

    default_fs: Url = Field("hdfs://namenode:8020", alias="defaultFS", description="Its name node.")
    root_user: Word = Field("hdfs", description="User who may make folders in its root.")


class SharedVolume(LastingVolume):
    """A volume of all parts."""

    access_modes: ListOf[Literal["ReadWriteMany", "ReadWriteOnce"]] = Field(
        ("ReadWriteMany",), description="Access modes; `ReadWriteOnce` where one node runs all parts."
    )


class ResourceStore(Choice):
    """Where files are that tasks use."""

    type: Literal["s3", "hdfs", "volume"] = Field(
        "s3", description="`volume` is for one node, or for a claim that many may write."
    )
    base_path: AbsolutePath = Field("/dolphinscheduler", description="Folder in it.")
    s3: S3 = Field(S3(), description="Used where type is `s3`.")
    hdfs: Hdfs = Field(Hdfs(), description="Used where type is `hdfs`.")
    volume: SharedVolume = Field(SharedVolume(), description="Used where type is `volume`.")


class Admin(Values):
    """The user `admin`, whom the schema brings with a password that everybody knows."""

    password: NamedPassword = Field(
        NamedPassword(name="dolphinscheduler-admin"),
        description="Its password; set once, in place of the known one, before any server starts.",
    )


class Schema(Task):
    """The Job that makes and converts the tables; the servers wait for it."""

    resources: Resources = Field(
        Resources(
            requests={"cpu": "100m", "memory": "512Mi", "ephemeral-storage": "64Mi"},
            limits={"memory": "1Gi", "ephemeral-storage": "256Mi"},
        ),
        description="Requests and limits.",
    )


class ProgramSecurity(PodSecurityContext):
    """Security of the pods; the images start as root, and need not."""

    run_as_user: Id | None = Field(1000, description="User id; the images have no user of their own.")
    run_as_group: Id | None = Field(1000, description="Group id.")
    fs_group: Id | None = Field(1000, description="Group that owns the volumes.")


class ServerEnvVar(ProgramEnvVar):
    """A variable of a server that the chart does not set itself."""

    own: ClassVar[tuple[str, ...]] = (
        *(
            "SPRING_DATASOURCE_URL",
            "SPRING_DATASOURCE_USERNAME",
            "SPRING_DATASOURCE_PASSWORD",
            "SPRING_PROFILES_ACTIVE",
        ),
        *("DATABASE", "JAVA_OPTS", "REGISTRY_TYPE", "REGISTRY_ZOOKEEPER_CONNECT_STRING", "REGISTRY_ZOOKEEPER_DIGEST"),
        *("REGISTRY_ZOOKEEPER_NAMESPACE", "RESOURCE_STORAGE_TYPE", "AWS_S3_ACCESS_KEY_ID", "AWS_S3_ACCESS_KEY_SECRET"),
        *("SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE", "JAVA_TOOL_OPTIONS"),
        *("SUDO_ENABLE", "MASTER_LISTEN_PORT", "WORKER_LISTEN_PORT", "ALERT_PORT", "SERVER_PORT", "HOME"),
    )


def _resources(memory: str) -> Resources:
    return Resources(
        requests={"cpu": "250m", "memory": memory, "ephemeral-storage": "256Mi"},
        limits={"memory": memory, "ephemeral-storage": "2Gi"},
    )


Replicas = Annotated[int, Field(ge=0, le=100)]


class Api(StatelessWorkload, Scheduling):
    """The servers of the user interface and its API; sessions are in the database."""

    replica_count: Replicas = Field(2, description="Pods, unless they are autoscaled.")
    resources: Resources = Field(_resources("1536Mi"), description="Requests and limits; the heap is 512 MiB less.")
    startup_probe: Probe = Field(Probe(failure_threshold=60), description="Whether the server has started.")
    extra_env_vars: ListOf[ServerEnvVar] = Field((), description="Further variables of the server.")
    service: Service = Field(Service(), description="Service of the servers.")
    ingress: Ingress = Field(Ingress(), description="Ingress to the servers, path `/dolphinscheduler`.")
    http_route: HttpRoute = Field(HttpRoute(), description="Route of the Gateway API to the servers.")
    pdb: PodDisruptionBudget = Field(PodDisruptionBudget(), description="Disruption budget.")


class Master(StatefulWorkload, Scheduling):
    """The servers that take workflows apart; any of them takes over for another."""

    replica_count: Replicas = Field(2, description="Pods.")
    resources: Resources = Field(_resources("2Gi"), description="Requests and limits; the heap is 512 MiB less.")
    startup_probe: Probe = Field(Probe(failure_threshold=60), description="Whether the server has started.")
    extra_env_vars: ListOf[ServerEnvVar] = Field((), description="Further variables of the server.")
    pdb: PodDisruptionBudget = Field(PodDisruptionBudget(), description="Disruption budget.")
    persistence: Persistence = Field(Persistence(size="5Gi"), description="Volume of the logs of logical tasks.")


class Worker(StatefulWorkload, Scheduling):
    """The servers that run tasks, in their own pods."""

    replica_count: Replicas = Field(2, description="Pods.")
    heap: Annotated[int, Field(ge=256, le=65_536)] = Field(
        1024, description="Heap in MiB; the rest of the memory limit is for the tasks."
    )
    resources: Resources = Field(_resources("4Gi"), description="Requests and limits, of the worker and its tasks.")
    update_strategy: StatefulUpdate = Field(
        StatefulUpdate(type="OnDelete"),
        description="How a change reaches the pods; a worker that stops kills its tasks.",
    )
    startup_probe: Probe = Field(Probe(failure_threshold=60), description="Whether the server has started.")
    extra_env_vars: ListOf[ServerEnvVar] = Field((), description="Further variables; tasks can read them.")
    pdb: PodDisruptionBudget = Field(PodDisruptionBudget(), description="Disruption budget.")
    persistence: LastingVolume = Field(
        LastingVolume(size="20Gi"), description="Volume of the tasks' logs, which the interface shows from here."
    )


class Alert(Workload, Scheduling):
    """The servers that send alerts; one works, the others wait."""

    replica_count: Replicas = Field(1, description="Pods.")
    resources: Resources = Field(_resources("1Gi"), description="Requests and limits; the heap is 512 MiB less.")
    update_strategy: StatelessUpdate = Field(StatelessUpdate(), description="How a change reaches the pods.")
    startup_probe: Probe = Field(Probe(failure_threshold=60), description="Whether the server has started.")
    extra_env_vars: ListOf[ServerEnvVar] = Field((), description="Further variables of the server.")
    pdb: PodDisruptionBudget = Field(PodDisruptionBudget(), description="Disruption budget.")


class Servers(Values):
    """Whom the pods may reach; without labels, everyone on the port that the values name."""

    postgresql: Peer = Field(Peer(), description="Pods of the database.")
    zookeeper: Peer = Field(Peer(), description="Pods of ZooKeeper.")
    resource_store: Peer = Field(Peer(), description="Pods of the object store or the name node.")


class ServerNetworkPolicy(NetworkPolicy):
    """Who may reach the pods, and whom they may reach; the ports of the parts' own protocol are for the parts alone."""

    allow_external_egress: bool = Field(default=False, description="Whether pods may reach everything.")
    task_egress: ListOf[EgressRule] = Field(
        (EgressRule(),), description="Whom tasks, data sources and alerts may reach; one empty rule means everyone."
    )
    servers: Servers = Field(Servers(), description="Whom the pods may reach.")


RULES = (
    Rule(
        when={"zookeeper.tls": True},
        then={"tls.type": ("existingSecret", "certManager")},
        because="TLS needs an authority, and ZooKeeper asks for a certificate",
    ),
    Rule(
        when={"resourceStore.type": "volume", "resourceStore.volume.accessModes": ["ReadWriteOnce"]},
        then={
            **dict.fromkeys([f"{part}.replicaCount" for part in ("api", "master", "worker", "alert")], (0, 1)),
            **dict.fromkeys(["api.updateStrategy.type", "alert.updateStrategy.type"], ("Recreate",)),
            "api.autoscaling.enabled": (False,),
        },
        because="a second pod may come to another node, where the volume is not",
    ),
)


class Dolphinscheduler(ChartValues):
    """Apache DolphinScheduler on Kubernetes."""

    rules: ClassVar = RULES

    image: ProgramImage = Field(ProgramImage(), description="Images of all parts.")
    api: Api = Field(Api(), description="Servers of the user interface and its API.")
    master: Master = Field(Master(), description="Servers that take workflows apart.")
    worker: Worker = Field(Worker(), description="Servers that run tasks.")
    alert: Alert = Field(Alert(), description="Servers that send alerts.")
    schema_: Schema = Field(Schema(), alias="schema", description="Job that makes and converts the tables.")
    database: Database = Field(Database(), description="Where workflows, users and sessions are.")
    zookeeper: ZooKeeper = Field(ZooKeeper(), description="The registry.")
    resource_store: ResourceStore = Field(ResourceStore(), description="Where files are that tasks use.")
    admin: Admin = Field(Admin(), description="The user `admin`.")
    tls: Tls = Field(
        Tls(), description="Who the servers are to ZooKeeper; its Secret tells who signed others' certificates."
    )
    time_zone: TimeZone = Field("UTC", description="Time zone of the servers and the schedules.")
    service_account: ServiceAccount = Field(ServiceAccount(), description="ServiceAccount of all servers.")
    network_policy: ServerNetworkPolicy = Field(ServerNetworkPolicy(), description="Network policy.")
    pod_security_context: ProgramSecurity = Field(ProgramSecurity(), description="Security of all pods.")
    metrics: Metrics = Field(Metrics(), description="Metrics, alerts and dashboards.")
    tests: HelmTest = Field(HelmTest(), description="Pod of `helm test`.")


def _defaults(ground: Ground) -> dict[str, Any]:
    told: dict[str, Any] = {"database": LEFT_OPEN, "zookeeper": {"servers": [GIVEN]}}
    if ground.nodes > 1:
        told["resourceStore"] = {"volume": {"accessModes": ["ReadWriteMany"]}}
    return told


def _needs(values: Dolphinscheduler) -> tuple[Need, ...]:
    needs: list[Need] = []
    if is_left_open(values.database):
        needs.append(_database(values))
    if values.zookeeper.servers == (GIVEN,):
        needs.append(ZookeeperRoot(name=values.zookeeper.namespace))
    return tuple(needs)


def _database(values: Dolphinscheduler) -> PostgresqlDatabase:
    api = values.api.autoscaling.max_replicas if values.api.autoscaling.enabled else values.api.replica_count
    at_a_rollout = 2  # a new API server and a new alert server beside the old ones
    servers = api + values.master.replica_count + values.alert.replica_count + at_a_rollout
    database = values.database
    return PostgresqlDatabase(
        name=database.database, role=database.username, connections=servers * database.max_connections
    )


def _secrets(values: Dolphinscheduler) -> tuple[OwnSecret, ...]:
    s3 = values.resource_store.s3
    store = key_secret(s3.access_key_id, s3.secret_access_key) if values.resource_store.type == "s3" else ()
    return (OwnSecret(suffix="admin"), *store)


def _given(values: Dolphinscheduler, given: Given) -> dict[str, Any]:
    told: dict[str, Any] = {"admin": {"password": {"name": given.place.secret("admin")}}}
    servers: dict[str, Any] = {}
    for database in given.connections_of(PostgresqlDatabase):
        told["database"] = connection_values(database)
        servers["postgresql"] = database.provider.peer.document()
    for root in given.connections_of(ZookeeperRoot):
        told["zookeeper"] = {"servers": [root.host], "port": root.offer.port, "tls": root.is_encrypted}
        servers["zookeeper"] = root.provider.peer.document()
    if len(_secrets(values)) > 1:
        keys = {"name": given.place.secret("s3")}
        told["resourceStore"] = {"s3": {"accessKeyId": keys, "secretAccessKey": keys}}
    return {**told, "networkPolicy": {"servers": servers}}


_LABELS = {"dolphinscheduler-metrics": "true"}
_API = MetricsEndpoint(labels=_LABELS, component="api", name="http", path="/dolphinscheduler/actuator/prometheus")
_METRICS = (_API, MetricsEndpoint(labels=_LABELS, name="actuator", path="/actuator/prometheus"))

CHART = ChartType(
    name="dolphinscheduler",
    model=Dolphinscheduler,
    version="0.1.0",
    app_version="3.4.3",
    description="Apache DolphinScheduler on PostgreSQL and ZooKeeper; no probe speaks HTTP to a port of its RPC.",
    default_profile="ha",
    icon="https://dolphinscheduler.apache.org/img/hlogo_colorful.svg",
    home="https://dolphinscheduler.apache.org",
    sources=("https://github.com/apache/dolphinscheduler",),
    keywords=("dolphinscheduler", "workflow", "scheduler"),
    category="integration-delivery",
    wiring=Wiring(defaults=_defaults, metrics=lambda _: _METRICS, needs=_needs, secrets=_secrets, values=_given),
)
