"""Typed values of the `postgresql` chart: one PostgreSQL server that other charts share.

Sources: PostgreSQL's documentation of server configuration and of pg_hba.conf; docker-library/postgres,
`docker-entrypoint.sh`.
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from hmco_charts.values.base import Values
from hmco_charts.values.chart import ChartType
from hmco_charts.values.database import Grant, Owner, Provisioning
from hmco_charts.values.kubernetes import Id, PodSecurityContext, Resources, Seconds
from hmco_charts.values.postgresql_client import PostgresqlAccess, PostgresqlDatabase, PostgresqlServer, SqlName
from hmco_charts.values.provision import Given, MetricsEndpoint, OwnSecret, Tenant, Wiring
from hmco_charts.values.text import (
    Host,
    ListOf,
    MapOf,
    OrEmpty,
    Pattern,
    Quantity,
    Registry,
    Repository,
    Tag,
    Word,
)
from hmco_charts.values.types import (
    CLOSED,
    PATIENT,
    ChartValues,
    ExistingTls,
    Image,
    Metrics,
    NamedPassword,
    NetworkPolicy,
    Persistence,
    Probe,
    Service,
    ServiceAccount,
    Tls,
    VersionedImage,
)
from hmco_charts.values.workload import Exporter, HelmTest, ProgramEnvVar, StatefulWorkload, VolumeBackup

Memory = Annotated[str, Pattern("an amount of memory as PostgreSQL writes it", r"[0-9]+(kB|MB|GB|TB)", "64MB", 16)]
Period = Annotated[str, Pattern("a time as PostgreSQL writes it", r"-1|[0-9]+(ms|s|min|h|d)?", "30s", 16)]
ExtensionName = Annotated[str, Pattern("an extension", r"[a-z][a-z0-9_-]{0,62}", "pg_trgm", 63)]
Address = Annotated[str, Pattern("an IP range or `all`", r"all|samehost|samenet|[0-9a-fA-F.:]+/[0-9]{1,3}", "all", 49)]
DatabaseWord = Annotated[str, Pattern("a database or `all`", r"[a-z_][a-z0-9_]{0,62}", "all", 63)]


class ServerImage(Image):
    """The official image; its Debian and Alpine variants differ in user and collation: never swap them on a volume."""

    registry: OrEmpty[Registry] = Field("docker.io", description="Registry; `global.imageRegistry` wins over it.")
    repository: Repository = Field("library/postgres", description="Repository.")
    tag: OrEmpty[Tag] = Field("18.3-bookworm", description="Tag; a new major version needs a dump and a restore.")


class Admin(Values):
    """The superuser `postgres`: for provisioning, backups and people, never for programs."""

    password: NamedPassword = Field(
        NamedPassword(name="postgresql-admin"),
        description="Its password. The image sets it once, on an empty volume; change it in SQL too.",
    )


class Database(Values):
    """A database that nobody but its roles may connect to."""

    owner: Owner = Field(description="Role that owns it.")
    schemas: ListOf[SqlName] = Field((), description="Schemas beside `public`.")
    extensions: ListOf[ExtensionName] = Field((), description="Extensions, which the superuser creates.")
    grants: MapOf[SqlName, Grant] = Field({}, description="Further roles by name.")
    exclude_table_data: ListOf[SqlName] = Field(
        (), description="Tables that backups hold empty, such as `vault_ha_locks`."
    )


class Initdb(Values):
    """What only counts on an empty volume."""

    locale: Word = Field("C.UTF-8", description="Locale; `C.UTF-8` sorts alike after every update of the image.")
    data_checksums: bool = Field(default=True, description="Whether pages have checksums.")


class Configuration(Values):
    """Keys of postgresql.conf; those that are unset are derived from the memory limit, or PostgreSQL's own."""

    max_connections: Annotated[int, Field(ge=10, le=10_000)] | None = Field(
        None, description="Connections; unset means one for each 10 MiB of the memory limit, 25 to 500."
    )
    shared_buffers: OrEmpty[Memory] = Field("", description="Empty means a quarter of the memory limit.")
    effective_cache_size: OrEmpty[Memory] = Field("", description="Empty means three quarters of the memory limit.")
    work_mem: OrEmpty[Memory] = Field(
        "", description="Empty means a quarter of the memory limit, divided by the connections."
    )
    maintenance_work_mem: OrEmpty[Memory] = Field(
        "", description="Empty means a sixteenth of the memory limit, 2 GB at most."
    )
    max_wal_size: Memory = Field("1GB", description="WAL between checkpoints; it lies on the volume too.")
    min_wal_size: Memory = Field("80MB", description="WAL that is kept for reuse.")
    wal_level: Literal["replica", "logical"] = Field("replica", description="`logical` is for change data capture.")
    max_wal_senders: Annotated[int, Field(ge=0, le=1000)] = Field(10, description="Connections of replication.")
    max_replication_slots: Annotated[int, Field(ge=0, le=1000)] = Field(10, description="Replication slots.")
    max_slot_wal_keep_size: Memory = Field(
        "2GB", description="WAL that a slot may hold back; a forgotten one would fill the volume."
    )
    checkpoint_timeout: Period = Field("15min", description="Time between checkpoints.")
    statement_timeout: Period = Field("0", description="Longest time of a statement; 0 means no limit.")
    lock_timeout: Period = Field("0", description="Longest wait for a lock; 0 means no limit.")
    idle_in_transaction_session_timeout: Period = Field("10min", description="Longest idle time in a transaction.")
    log_min_duration_statement: Period = Field(
        "-1", description="Statements that take longer are logged, with their literals; -1 logs none."
    )
    log_connections: bool = Field(default=False, description="Whether connections are logged.")
    random_page_cost: Annotated[int, Field(ge=1, le=100)] | None = Field(
        None, description="1 or 2 suits solid-state disks; unset means PostgreSQL's own 4."
    )
    max_locks_per_transaction: Annotated[int, Field(ge=10, le=10_000)] | None = Field(None, description="Locks.")
    max_worker_processes: Annotated[int, Field(ge=0, le=1000)] | None = Field(None, description="Worker processes.")
    max_parallel_workers: Annotated[int, Field(ge=0, le=1000)] | None = Field(None, description="Parallel workers.")
    shared_preload_libraries: ListOf[ExtensionName] = Field((), description="Libraries loaded at the start.")


class AccessRule(Values):
    """A line of pg_hba.conf."""

    type: Literal["hostssl", "host", "local"] = Field("hostssl", description="`host` admits connections without TLS.")
    databases: ListOf[DatabaseWord] = Field(("all",), description="Databases.")
    users: ListOf[DatabaseWord] = Field(("all",), description="Roles.")
    address: Address = Field("all", description="Where clients come from; not used where type is `local`.")
    method: Literal["scram-sha-256", "cert", "reject"] = Field("scram-sha-256", description="How they log in.")


class ServerSecurity(PodSecurityContext):
    """Security of the pods; user and group are those of the Debian image, `null` lets OpenShift choose."""

    run_as_user: Id | None = Field(999, description="User id; 70 for the Alpine image.")
    run_as_group: Id | None = Field(999, description="Group id; 70 for the Alpine image.")
    fs_group: Id | None = Field(999, description="Group that owns the volumes.")


class ServerEnvVar(ProgramEnvVar):
    """A variable of the server that the chart does not set itself."""

    own: ClassVar[tuple[str, ...]] = (
        *("POSTGRES_PASSWORD", "POSTGRES_PASSWORD_FILE", "POSTGRES_USER", "POSTGRES_USER_FILE", "POSTGRES_DB"),
        *("POSTGRES_DB_FILE", "POSTGRES_INITDB_ARGS", "POSTGRES_INITDB_ARGS_FILE", "POSTGRES_INITDB_WALDIR"),
        *("POSTGRES_HOST_AUTH_METHOD", "PGDATA", "PGUSER", "PGPASSWORD", "PGHOST", "PGPORT", "PGDATABASE"),
    )


class PostgresExporter(Exporter):
    """The exporter beside the server; its role, which the Job makes, sees statistics and no rows."""

    image: VersionedImage = Field(
        VersionedImage(registry="quay.io", repository="prometheuscommunity/postgres-exporter", tag="v0.17.1"),
        description="Image.",
    )
    username: SqlName = Field("postgres_exporter", description="Role.")
    password: NamedPassword = Field(NamedPassword(name="postgresql-exporter"), description="Its password.")


class ServerMetrics(Metrics):
    """Metrics of the exporter, alerts and dashboards."""

    exporter: PostgresExporter = Field(PostgresExporter(), description="Exporter.")


class SharedMemory(Values):
    """The pod's `/dev/shm`, for parallel queries; Kubernetes gives 64 MiB where none is asked for."""

    size_limit: Quantity = Field("256Mi", description="Size; it counts against the memory limit.")


class Postgresql(StatefulWorkload, ChartValues):
    """One PostgreSQL server with its databases, roles, backups and metrics."""

    image: ServerImage = Field(ServerImage(), description="Image of the server, the Jobs and the backup.")
    replica_count: Annotated[int, Field(ge=0, le=1)] = Field(
        1, description="1, or 0 to stop the server: pods beside it would be servers of their own, not replicas."
    )
    admin: Admin = Field(Admin(), description="The superuser.")
    databases: MapOf[SqlName, Database] = Field({}, description="Databases by name, and their roles.")
    provisioning: Provisioning = Field(Provisioning(), description="Job that makes roles and databases.")
    configuration: Configuration = Field(Configuration(), description="Keys of postgresql.conf.")
    access: ListOf[AccessRule] = Field(
        (), description="Lines of pg_hba.conf before those of the databases' roles; the first that fits counts."
    )
    initdb: Initdb = Field(Initdb(), description="What only counts on an empty volume.")
    tls: Tls = Field(
        Tls(type="existingSecret", existing_secret=ExistingTls(name="postgresql-tls")),
        description="Where the server's certificate comes from.",
    )
    cluster_domain: Host = Field("cluster.local", description="Domain of the cluster.")
    persistence: Persistence = Field(Persistence(), description="Volume of the data.")
    shared_memory: SharedMemory = Field(SharedMemory(), description="The pod's `/dev/shm`.")
    resources: Resources = Field(
        Resources(
            requests={"cpu": "250m", "memory": "1Gi", "ephemeral-storage": "64Mi"},
            limits={"memory": "2Gi", "ephemeral-storage": "1Gi"},
        ),
        description="Requests and limits; the configuration is derived from the memory limit.",
    )
    service_account: ServiceAccount = Field(ServiceAccount(), description="ServiceAccount of the server.")
    service: Service = Field(Service(), description="Service of the server.")
    network_policy: NetworkPolicy = Field(CLOSED, description="Network policy.")
    pod_security_context: ServerSecurity = Field(ServerSecurity(), description="Security of all pods.")
    startup_probe: Probe = Field(
        Probe(period_seconds=5, failure_threshold=240), description="Whether the server has started."
    )
    liveness_probe: Probe = Field(PATIENT, description="Whether the server answers at all.")
    termination_grace_period_seconds: Seconds = Field(120, description="Seconds for the shutdown's checkpoint.")
    extra_env_vars: ListOf[ServerEnvVar] = Field((), description="Further variables of the server.")
    metrics: ServerMetrics = Field(ServerMetrics(), description="Metrics, alerts and dashboards.")
    backup: VolumeBackup = Field(VolumeBackup(), description="Dumps of each database on a volume.")
    tests: HelmTest = Field(HelmTest(), description="Pod of `helm test`.")


_SPARE_CONNECTIONS = 5
"""Of each role, for the Jobs and the backups of its program."""

_OWN_CONNECTIONS = 15
"""For administrators, backups, the exporter and whoever looks."""


def _tenant(tenant: Tenant[PostgresqlDatabase]) -> dict[str, Any]:
    need = tenant.need
    owner = {
        "name": need.role,
        "password": {"name": tenant.secret},
        "connectionLimit": need.connections + _SPARE_CONNECTIONS,
    }
    return {
        "owner": owner,
        "schemas": list(need.schemas),
        "extensions": list(need.extensions),
        "excludeTableData": list(need.exclude_table_data),
    }


def _grant(tenant: Tenant[PostgresqlAccess]) -> dict[str, Any]:
    need = tenant.need
    told = {"privileges": need.privileges, "password": {"name": tenant.secret}, "connectionLimit": need.connections}
    return {need.role: told}


def _given(_: Postgresql, given: Given) -> dict[str, Any]:
    databases = {tenant.need.name: _tenant(tenant) for tenant in given.tenants_of(PostgresqlDatabase)}
    limits = sum(each["owner"]["connectionLimit"] for each in databases.values())
    for tenant in given.tenants_of(PostgresqlAccess):
        databases.setdefault(tenant.need.database, {}).setdefault("grants", {}).update(_grant(tenant))
        limits += max(0, tenant.need.connections)
    return {
        "admin": {"password": {"name": given.place.secret("admin")}},
        "databases": databases,
        "configuration": {"maxConnections": limits + _OWN_CONNECTIONS},
        "metrics": {"exporter": {"password": {"name": given.place.secret("exporter")}}},
    }


CHART = ChartType(
    name="postgresql",
    model=Postgresql,
    version="0.1.0",
    app_version="18.3",
    description="One PostgreSQL server with typed databases and roles, TLS, backups, metrics and alerts.",
    default_profile="ha",
    icon="https://www.postgresql.org/media/img/about/press/elephant.png",
    home="https://www.postgresql.org",
    sources=("https://github.com/docker-library/postgres", "https://github.com/prometheus-community/postgres_exporter"),
    keywords=("postgresql", "database", "sql"),
    category="database",
    wiring=Wiring(
        offers=lambda _: (PostgresqlServer(),),
        metrics=lambda _: (MetricsEndpoint(labels={"postgresql-headless": "true"}),),
        secrets=lambda _: (OwnSecret(suffix="admin"), OwnSecret(suffix="exporter")),
        values=_given,
    ),
)
