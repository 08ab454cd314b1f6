"""Typed values of the `seatunnel` chart: a Flink session cluster, and SeaTunnel's jobs on it.

Sources: Flink's documentation of its configuration and of its Docker image; Flink 1.20.3, started with what the chart
writes; SeaTunnel's documentation of jobs, of "Quick Start With Flink" and of the connectors named here.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from hmco_charts.values.base import Values
from hmco_charts.values.chart import ChartType
from hmco_charts.values.kafka_client import KafkaTopic, KafkaTopics, security_protocol
from hmco_charts.values.kubernetes import PodSecurityContext, PortNumber, Resources
from hmco_charts.values.mysql_client import MysqlAccess, access_by
from hmco_charts.values.postgresql_client import PostgresqlAccess
from hmco_charts.values.provision import GIVEN, Connection, Given, Ground, MetricsEndpoint, Need, OwnSecret, Wiring
from hmco_charts.values.rule import Rule
from hmco_charts.values.s3 import BucketPath, S3Connection, key_secret
from hmco_charts.values.text import (
    DnsLabel,
    Duration,
    Host,
    ListOf,
    MapOf,
    ObjectName,
    OrEmpty,
    Pattern,
    Registry,
    Repository,
    Tag,
    Word,
)
from hmco_charts.values.types import (
    SMALL,
    Authority,
    ChartValues,
    Choice,
    ClientTls,
    Image,
    Metrics,
    NetworkPolicy,
    Password,
    PodDisruptionBudget,
    Probe,
    Scheduling,
    SecretRef,
    Service,
    ServiceAccount,
)
from hmco_charts.values.workload import HelmTest, ProgramEnvVar, StatelessWorkload, Task, Workload
from hmco_charts.yamlio.shape import mapping, text

HostPort = Annotated[
    str, Pattern("a host and its port", r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?:[0-9]{1,5}", "kafka:9092", 259)
]
JdbcUrl = Annotated[
    str,
    Pattern(
        "a JDBC URL without user and password",
        r"jdbc:[a-z0-9]+://[A-Za-z0-9._:,-]+(/[A-Za-z0-9_]*)?([?&][A-Za-z]+=[A-Za-z0-9_./-]+)*",
        "jdbc:postgresql://postgresql:5432/sales?sslmode=verify-full",
        1024,
    ),
]
ClassName = Annotated[str, Pattern("a class", r"[A-Za-z_][A-Za-z0-9_.$]*", "org.postgresql.Driver", 253)]
Query = Annotated[str, Pattern("a query in one line", r"[ !#-~]+", "SELECT id, name FROM customers", 4096)]
FieldName = Annotated[str, Pattern("a field", r"[A-Za-z_][A-Za-z0-9_]*", "id", 128)]
FieldType = Annotated[str, Pattern("a type of SeaTunnel", r"[a-z]+([(<][a-z0-9, ()<>]+[)>])?", "bigint", 128)]
Topic = Annotated[str, Pattern("a topic", r"[A-Za-z0-9._-]{1,249}", "orders", 249)]
TableName = Annotated[str, Pattern("a table", r"[A-Za-z0-9_]+(\.[A-Za-z0-9_]+){0,2}", "public.customers", 253)]
Percent = Annotated[int, Field(ge=0, le=80)]


class FlinkImage(Image):
    """Flink's official image; SeaTunnel has no starter for Flink 2."""

    registry: OrEmpty[Registry] = Field("docker.io", description="Registry; `global.imageRegistry` wins over it.")
    repository: Repository = Field("library/flink", description="Repository.")
    tag: OrEmpty[Tag] = Field("1.20.5-scala_2.12-java11", description="Tag; 1.20 for SeaTunnel's starter.")


class FlinkDeployment(Values):
    """The custom resource of the Flink operator."""

    flink_version: Literal["v1_19", "v1_20"] = Field("v1_20", description="Version, as the operator names it.")
    mode: Literal["native", "standalone"] = Field("native", description="`native` lets Flink make its task managers.")
    service_account: ObjectName = Field("flink", description="ServiceAccount that the operator's chart makes for jobs.")


class Deployment(Choice):
    """Who makes the pods."""

    type: Literal["standalone", "flinkDeployment"] = Field(
        "standalone", description="Workloads of this chart, or a custom resource for the Flink operator."
    )
    flink_deployment: FlinkDeployment = Field(FlinkDeployment(), description="Used where type is `flinkDeployment`.")


class S3Storage(S3Connection):
    """Checkpoints, savepoints and what a new leader needs, in S3."""

    directory: OrEmpty[BucketPath] = Field("", description="Where they lie.")


class ClaimStorage(Values):
    """The same on a volume that all pods mount."""

    existing_claim: OrEmpty[ObjectName] = Field("", description="Claim with the access mode ReadWriteMany.")


class Storage(Choice):
    """Where state lies that outlives the pods."""

    needed: ClassVar = {"s3": ("directory",), "claim": ("existingClaim",)}

    type: Literal["none", "s3", "claim"] = Field(
        "none", description="`none` keeps checkpoints in the job manager's memory: for development."
    )
    s3: S3Storage = Field(S3Storage(), description="Used where type is `s3`.")
    claim: ClaimStorage = Field(ClaimStorage(), description="Used where type is `claim`.")


class Checkpoints(Values):
    """How often state is kept."""

    interval: OrEmpty[Duration] = Field(
        "1m", description="Time between checkpoints of streaming jobs; empty means none."
    )
    timeout: Duration = Field("10m", description="Time until one fails.")
    retained: Annotated[int, Field(ge=1, le=100)] = Field(3, description="Checkpoints that stay.")
    state_backend: Literal["hashmap", "rocksdb"] = Field(
        "rocksdb",
        description="Where state is meanwhile: in the heap, or on the task manager's disk.",
    )


class RestartStrategy(Values):
    """What becomes of a job whose task failed."""

    type: Literal["exponential-delay", "fixed-delay", "none"] = Field(
        "exponential-delay", description="Tries again after longer and longer times, a few times, or never."
    )


class HighAvailability(Values):
    """Jobs go on after the job manager was restarted: it keeps its leader in ConfigMaps, and the rest in `storage`."""

    enabled: bool = Field(default=False, description="Whether it does; without it all jobs end with the job manager.")


class FlinkEnvVar(ProgramEnvVar):
    """A variable of Flink that the chart does not set itself."""

    own: ClassVar[tuple[str, ...]] = (
        *("FLINK_PROPERTIES", "JOB_MANAGER_RPC_ADDRESS", "TASK_MANAGER_NUMBER_OF_TASK_SLOTS", "FLINK_CONF_DIR"),
        *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "POD_IP"),
    )


class ManagerUpdate(Values):
    """How a change reaches the job manager."""

    type: Literal["Recreate"] = Field("Recreate", description="The old one stops first.")


class JobManager(Workload, Scheduling):
    """The process that plans jobs and restarts them."""

    replica_count: Annotated[int, Field(ge=0, le=5)] = Field(
        1, description="Pods; more than one only with `highAvailability`, the others wait."
    )
    resources: Resources = Field(
        Resources(
            requests={"cpu": "250m", "memory": "1600Mi", "ephemeral-storage": "64Mi"},
            limits={"memory": "1600Mi", "ephemeral-storage": "1Gi"},
        ),
        description="Requests and limits; Flink's memory is the memory limit, 1Gi at least.",
    )
    update_strategy: ManagerUpdate = Field(ManagerUpdate(), description="How a change reaches it.")
    startup_probe: Probe = Field(Probe(period_seconds=5, failure_threshold=60), description="Whether it has started.")
    extra_env_vars: ListOf[FlinkEnvVar] = Field((), description="Further variables.")
    service: Service = Field(Service(), description="Service of the web interface and of task managers.")
    pdb: PodDisruptionBudget = Field(PodDisruptionBudget(), description="Disruption budget.")


class TaskManager(StatelessWorkload, Scheduling):
    """The processes that execute jobs."""

    replica_count: Annotated[int, Field(ge=0, le=1000)] = Field(2, description="Pods.")
    slots: Annotated[int, Field(ge=1, le=128)] = Field(2, description="Tasks of a pod at a time.")
    managed_memory_percentage: Percent = Field(
        40, description="Of Flink's memory, what RocksDB and batch jobs take; 0 for state in the heap."
    )
    resources: Resources = Field(
        Resources(
            requests={"cpu": "500m", "memory": "2Gi", "ephemeral-storage": "256Mi"},
            limits={"memory": "2Gi", "ephemeral-storage": "8Gi"},
        ),
        description="Requests and limits; Flink's memory is the memory limit, 1Gi at least.",
    )
    startup_probe: Probe = Field(Probe(period_seconds=5, failure_threshold=60), description="Whether it has started.")
    extra_env_vars: ListOf[FlinkEnvVar] = Field((), description="Further variables.")
    pdb: PodDisruptionBudget = Field(PodDisruptionBudget(), description="Disruption budget.")


class FakeSource(Values):
    """Made-up rows."""

    rows: Annotated[int, Field(ge=1, le=10_000_000)] = Field(16, description="Rows.")
    fields: MapOf[FieldName, FieldType] = Field(
        {"id": "bigint", "name": "string"}, description="Fields and their types."
    )


POSTGRESQL, MYSQL = "org.postgresql.Driver", "com.mysql.cj.jdbc.Driver"
_OTHER_DRIVER: Any = {
    "if": {"properties": {"driver": {"not": {"enum": [POSTGRESQL, MYSQL]}}}, "required": ["driver"]},
    "then": {"properties": {"host": {"maxLength": 0}}},
}


class JdbcConnection(Values):
    """A database, by a driver that is in SeaTunnel's image."""

    model_config = ConfigDict(json_schema_extra={"allOf": [_OTHER_DRIVER]})

    url: OrEmpty[JdbcUrl] = Field("", description="URL; empty means made of what follows, for PostgreSQL and MySQL.")
    driver: ClassName = Field(POSTGRESQL, description="Class of the driver; MySQL's is com.mysql.cj.jdbc.Driver.")
    host: OrEmpty[Host] = Field("", description="Host.")
    port: PortNumber | None = Field(None, description="Port; unset means the one that is usual; Doris has 9030.")
    database: OrEmpty[Word] = Field("", description="Database.")
    tls: bool = Field(default=True, description="Whether it speaks TLS, with a certificate that is verified.")
    username: OrEmpty[Word] = Field("", description="User.")
    password: Password = Field(Password(), description="His password, any characters but three quotes in a row.")

    @model_validator(mode="after")
    def _address_is_known(self) -> "JdbcConnection":
        if self.host and self.driver not in (POSTGRESQL, MYSQL):
            raise PydanticCustomError("driver", "host needs a driver of PostgreSQL or MySQL; others need url")
        return self


class JdbcSource(JdbcConnection):
    """Rows of a query."""

    query: OrEmpty[Query] = Field("", description="Query.")


class JdbcSink(JdbcConnection):
    """A table that gets the rows."""

    table: OrEmpty[TableName] = Field("", description="Table.")


class KafkaTopicOfJob(Values):
    """A topic in JSON."""

    servers: ListOf[HostPort] = Field((), description="Brokers to ask first.")
    topic: OrEmpty[Topic] = Field("", description="Topic.")
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_SSL"] = Field(
        "PLAINTEXT", description="How the brokers are spoken to; `SASL_SSL` by SCRAM-SHA-512."
    )
    username: OrEmpty[Word] = Field("", description="User, where there are passwords.")
    password: Password = Field(Password(), description="His password, any characters.")


class KafkaSource(KafkaTopicOfJob):
    """A topic that is read."""

    group: Word = Field("seatunnel", description="Consumer group.")
    fields: MapOf[FieldName, FieldType] = Field({}, description="Fields and their types.")


class KafkaSink(KafkaTopicOfJob):
    """A topic that gets the rows."""


class Source(Choice):
    """Where rows come from."""

    needed: ClassVar = {
        "jdbc": ("url|host", "username", "password.name", "query"),
        "kafka": ("servers", "topic", "fields"),
    }

    type: Literal["fake", "jdbc", "kafka"] = Field("fake", description="Which connector.")
    fake: FakeSource = Field(FakeSource(), description="Used where type is `fake`.")
    jdbc: JdbcSource = Field(JdbcSource(), description="Used where type is `jdbc`.")
    kafka: KafkaSource = Field(KafkaSource(), description="Used where type is `kafka`.")


class Sink(Choice):
    """Where rows go."""

    needed: ClassVar = {
        "jdbc": ("url|host", "username", "password.name", "database", "table"),
        "kafka": ("servers", "topic"),
    }

    type: Literal["console", "jdbc", "kafka"] = Field("console", description="Which connector.")
    jdbc: JdbcSink = Field(JdbcSink(), description="Used where type is `jdbc`.")
    kafka: KafkaSink = Field(KafkaSink(), description="Used where type is `kafka`.")


class Pipeline(Values):
    """Rows from one place to another."""

    source: Source = Field(Source(), description="Where they come from.")
    sink: Sink = Field(Sink(), description="Where they go.")


class Job(Choice):
    """A job of SeaTunnel."""

    needed: ClassVar = {"file": ("name",)}

    type: Literal["pipeline", "file"] = Field("pipeline", description="From one source to one sink, or a whole file.")
    pipeline: Pipeline = Field(Pipeline(), description="Used where type is `pipeline`.")
    file: SecretRef = Field(SecretRef(key="job.conf"), description="Used where type is `file`.")
    is_streaming: bool = Field(
        default=False, description="Whether it runs for ever; else it ends, and so does its pod."
    )
    parallelism: Annotated[int, Field(ge=1, le=1000)] = Field(1, description="Tasks at a time, of a `pipeline`.")


class Submission(Task):
    """The pods that bring jobs to the cluster; each revision of a job has one."""

    resources: Resources = Field(
        Resources(
            requests={"cpu": "100m", "memory": "512Mi", "ephemeral-storage": "1Gi"},
            limits={"memory": "1Gi", "ephemeral-storage": "4Gi"},
        ),
        description="Requests and limits; SeaTunnel and its connectors lie on the pod's disk.",
    )


class FlinkNetworkPolicy(NetworkPolicy):
    """Who may reach the pods: by default the release's own, as Flink asks nobody who he is."""

    allow_external: bool = Field(
        default=False, description="Whether every pod may reach the ports; whoever reaches 8081 may run code."
    )


RULES = (
    Rule(
        when={"highAvailability.enabled": True},
        then={"storage.type": ("s3", "claim")},
        because="a new leader reads jobs and checkpoints from there",
    ),
    Rule(
        when={"highAvailability.enabled": False},
        then={"jobManager.replicaCount": (0, 1)},
        because="each further job manager would be a cluster of its own",
    ),
)


class Seatunnel(ChartValues):
    """SeaTunnel on Flink."""

    rules: ClassVar = RULES

    image: FlinkImage = Field(FlinkImage(), description="Image of Flink.")
    seatunnel_image: Image = Field(
        Image(registry="docker.io", repository="apache/seatunnel"),
        description="Image of SeaTunnel, of which jobs take `/opt/seatunnel`; build one with the connectors of yours.",
    )
    deployment: Deployment = Field(Deployment(), description="Who makes the pods.")
    job_manager: JobManager = Field(JobManager(), description="The job manager.")
    task_manager: TaskManager = Field(TaskManager(), description="The task managers.")
    storage: Storage = Field(Storage(), description="Where state lies that outlives the pods.")
    checkpoints: Checkpoints = Field(Checkpoints(), description="How often state is kept.")
    restart_strategy: RestartStrategy = Field(RestartStrategy(), description="What becomes of a job that failed.")
    high_availability: HighAvailability = Field(HighAvailability(), description="Jobs outlive the job manager.")
    jobs: MapOf[DnsLabel, Job] = Field({}, description="Jobs by name.")
    authority: Authority = Field(
        Authority(), description="Who signed the certificates of the servers of jobs, beside the JVM's own authorities."
    )
    tls: ClientTls = Field(ClientTls(), description="Certificate whose Secret tells who signed those of the servers.")
    submission: Submission = Field(Submission(), description="Pods that bring jobs to the cluster.")
    service_account: ServiceAccount = Field(ServiceAccount(), description="ServiceAccount of Flink.")
    network_policy: FlinkNetworkPolicy = Field(FlinkNetworkPolicy(), description="Network policy.")
    pod_security_context: PodSecurityContext = Field(
        PodSecurityContext(run_as_user=9999, run_as_group=9999, fs_group=9999), description="Security of all pods."
    )
    metrics: Metrics = Field(Metrics(), description="Metrics, alerts and dashboards.")
    preparation: HelmTest = Field(HelmTest(resources=SMALL), description="Init containers that lay out files.")
    tests: HelmTest = Field(
        HelmTest(
            resources=Resources(
                requests={"cpu": "100m", "memory": "256Mi", "ephemeral-storage": "16Mi"},
                limits={"memory": "512Mi", "ephemeral-storage": "64Mi"},
            )
        ),
        description="Pod of `helm test`.",
    )


def _secrets(values: Seatunnel) -> tuple[OwnSecret, ...]:
    s3 = values.storage.s3
    return key_secret(s3.access_key, s3.secret_key) if values.storage.type == "s3" else ()


_USER = "seatunnel"
_OPEN_JDBC = {"host": GIVEN, "username": _USER, "password": {"name": GIVEN}}
_OPEN_KAFKA = {"servers": [f"{GIVEN}:9092"], "username": _USER, "password": {"name": GIVEN}}
_ENDS = ("source", "sink")


def _defaults(ground: Ground) -> dict[str, Any]:
    """Servers of jobs that users do not name are those of the platform."""
    jobs: dict[str, Any] = {}
    for name, job in mapping(ground.told.get("jobs")).items():
        pipeline = mapping(mapping(job).get("pipeline"))
        told = {end: opened for end in _ENDS if (opened := _opened(mapping(pipeline.get(end))))}
        if told:
            jobs[name] = {"pipeline": told}
    return {"jobs": jobs}


def _opened(end: Mapping[str, Any]) -> dict[str, Any]:
    """What a platform is to give to a source or sink."""
    kind, told = end.get("type"), mapping(end.get(text(end.get("type"))))
    if kind == "jdbc" and not {"url", "host"} & told.keys():
        return {"jdbc": _OPEN_JDBC}
    return {"kafka": _OPEN_KAFKA} if kind == "kafka" and "servers" not in told else {}


def _open_ends(values: Seatunnel) -> Iterator[tuple[str, str, JdbcConnection | KafkaTopicOfJob]]:
    """Sources and sinks whose servers a platform is to give, by job and end."""
    for name, job in values.jobs.items():
        pipeline = job.pipeline
        ends: dict[str, Source | Sink] = {"source": pipeline.source, "sink": pipeline.sink}
        for end, chosen in ends.items() if job.type == "pipeline" else ():
            if chosen.type == "jdbc" and chosen.jdbc.host == GIVEN:
                yield name, end, chosen.jdbc
            if chosen.type == "kafka" and chosen.kafka.servers[0].startswith(f"{GIVEN}:"):
                yield name, end, chosen.kafka


def _needs(values: Seatunnel) -> tuple[Need, ...]:
    topics: dict[str, dict[str, KafkaTopic]] = {}
    writes: dict[tuple[type[PostgresqlAccess | MysqlAccess], str, str], bool] = {}
    for _, end, server in _open_ends(values):
        if isinstance(server, KafkaTopicOfJob):
            topics.setdefault(server.username, {})[server.topic] = KafkaTopic(name=server.topic)
        else:
            key = _access_to(server), server.database, server.username
            writes[key] = writes.get(key, False) or end == "sink"
    accesses = (_access(*key, is_written=is_written) for key, is_written in writes.items())
    return (*accesses, *(KafkaTopics(name=user, topics=tuple(each.values())) for user, each in topics.items()))


def _access_to(server: JdbcConnection) -> type[PostgresqlAccess | MysqlAccess]:
    return PostgresqlAccess if server.driver == POSTGRESQL else access_by(server.port)


def _access(kind: type[PostgresqlAccess | MysqlAccess], database: str, user: str, *, is_written: bool) -> Need:
    name = f"{user} in {database}"
    privileges: Literal["read", "write"] = "write" if is_written else "read"
    if issubclass(kind, PostgresqlAccess):
        return kind(name=name, database=database, role=user, privileges=privileges)
    return kind(name=name, database=database, user=user, privileges=privileges)


def _given(values: Seatunnel, given: Given) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if _secrets(values):
        keys = {"name": given.place.secret("s3")}
        told["storage"] = {"s3": {"accessKey": keys, "secretKey": keys}}
    jobs: dict[str, Any] = {}
    for name, end, server in _open_ends(values):
        for each in given.connections:
            if _meets(each.need, server):
                jobs.setdefault(name, {}).setdefault("pipeline", {})[end] = _server(each)
                told |= {"authority": each.authority.document()} if each.authority.name else {}
    return {**told, "jobs": jobs}


def _meets(need: Need, server: JdbcConnection | KafkaTopicOfJob) -> bool:
    if isinstance(server, KafkaTopicOfJob):
        return isinstance(need, KafkaTopics) and need.name == server.username
    return type(need) is _access_to(server) and need.name == f"{server.username} in {server.database}"


def _server(each: Connection[Any]) -> dict[str, Any]:
    password = {"name": each.secret}
    if isinstance(each.need, KafkaTopics):
        servers = [f"{each.host}:{each.offer.port}"]
        return {"kafka": {"servers": servers, "securityProtocol": security_protocol(each), "password": password}}
    address = {"host": each.host, "port": each.offer.port, "tls": each.is_encrypted}
    return {"jdbc": {**address, "password": password}}


def _resources(values: Seatunnel) -> tuple[str, ...]:
    return ("FlinkDeployment",) if values.deployment.type == "flinkDeployment" else ()


CHART = ChartType(
    name="seatunnel",
    model=Seatunnel,
    version="0.1.0",
    app_version="2.3.13",
    description="SeaTunnel's jobs on a Flink session cluster: state in S3, memory by the limits, metrics and alerts.",
    default_profile="ha",
    icon="https://seatunnel.apache.org/image/logo.png",
    home="https://seatunnel.apache.org",
    sources=("https://github.com/apache/seatunnel", "https://github.com/apache/flink"),
    keywords=("seatunnel", "flink", "etl", "streaming"),
    category="streaming-messaging",
    wiring=Wiring(
        defaults=_defaults,
        metrics=lambda _: (MetricsEndpoint(labels={"seatunnel-metrics": "true"}),),
        needs=_needs,
        secrets=_secrets,
        values=_given,
        resources=_resources,
    ),
)
