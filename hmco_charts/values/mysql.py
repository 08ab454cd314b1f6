"""Typed values of the `mysql` chart: one MySQL server that other charts share.

Sources: MySQL's reference manual, "Server System Variables" and "Using Option Files"; docker-library/mysql,
`docker-entrypoint.sh`; prometheus/mysqld_exporter, `config/config.go`.
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from hmco_charts.values.base import Values
from hmco_charts.values.chart import ChartType
from hmco_charts.values.database import Grant, Owner, Provisioning
from hmco_charts.values.kubernetes import PodSecurityContext, Resources, Seconds
from hmco_charts.values.mysql_client import DatabaseName, MysqlAccess, MysqlDatabase, MysqlServer, UserName
from hmco_charts.values.provision import Given, MetricsEndpoint, OwnSecret, Tenant, Wiring
from hmco_charts.values.text import Host, ListOf, MapOf, OrEmpty, Pattern
from hmco_charts.values.types import (
    CLOSED,
    PATIENT,
    ChartValues,
    ExistingTls,
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

Memory = Annotated[str, Pattern("an amount of memory as MySQL writes it", r"[0-9]+[KMG]?", "64M", 16)]
SetName = Annotated[str, Pattern("a character set or collation", r"[a-z][a-z0-9_]{0,63}", "utf8mb4", 64)]
SqlModes = Annotated[str, Pattern("modes, with commas between them", r"[A-Z_]+(,[A-Z_]+)*", "ANSI_QUOTES", 512)]


class Admin(Values):
    """The user `root`: for provisioning, backups and people, never for programs."""

    password: NamedPassword = Field(
        NamedPassword(name="mysql-admin"),
        description="Its password, without quotes and backslashes, which the image does not escape. The image sets it "
        "once, on an empty volume; change it in SQL too.",
    )


class UserOwner(Owner):
    """The user that may do all in a database."""

    name: OrEmpty[UserName] = Field("", description="Name; empty means the database's.")


class Database(Values):
    """A database, and the users that may do something in it."""

    owner: UserOwner = Field(description="User that may do all in it.")
    grants: MapOf[UserName, Grant] = Field({}, description="Further users by name.")
    character_set: SetName = Field("utf8mb4", description="Character set of a new database.")
    collation: OrEmpty[SetName] = Field("", description="Collation of a new database; empty means the set's own.")


class Initialization(Values):
    """What only counts on an empty volume."""

    lower_case_table_names: Literal[0, 1] = Field(
        0,
        description="1 makes names of tables small; it never can be changed, and a server with another does not start.",
    )
    time_zones: bool = Field(default=True, description="Whether named time zones are loaded.")


class BinaryLog(Values):
    """The log of changes, for replication, change data capture and recovery to a point in time."""

    enabled: bool = Field(default=True, description="Whether it is written.")
    expire_logs_seconds: Annotated[int, Field(ge=3600, le=31_536_000)] = Field(
        259_200, description="Seconds until a log goes; it fills the volume meanwhile."
    )


class Configuration(Values):
    """Settings of the server; those that are unset are derived from the memory limit, or MySQL's own."""

    max_connections: Annotated[int, Field(ge=10, le=10_000)] | None = Field(
        None, description="Connections; unset means one for each 10 MiB of the memory limit, 25 to 500."
    )
    innodb_buffer_pool_size: OrEmpty[Memory] = Field("", description="Empty means half of the memory limit.")
    performance_schema: bool | None = Field(
        None, description="Whether the server watches itself; unset means from 1 GiB of memory."
    )
    innodb_flush_log_at_trx_commit: Literal[0, 1, 2] = Field(1, description="1 loses no transaction, 2 up to a second.")
    sync_binlog: Annotated[int, Field(ge=0, le=1_000_000)] = Field(
        1, description="Transactions until the log is synced."
    )
    max_allowed_packet: Memory = Field("64M", description="Longest statement or row.")
    character_set_server: SetName = Field("utf8mb4", description="Character set of databases that name none.")
    collation_server: OrEmpty[SetName] = Field("", description="Their collation; empty means the set's own.")
    transaction_isolation: Literal["READ-UNCOMMITTED", "READ-COMMITTED", "REPEATABLE-READ", "SERIALIZABLE"] = Field(
        "REPEATABLE-READ", description="Isolation of transactions."
    )
    wait_timeout: Annotated[int, Field(ge=1, le=31_536_000)] = Field(
        28_800, description="Seconds until an idle connection is closed."
    )
    innodb_lock_wait_timeout: Annotated[int, Field(ge=1, le=86_400)] = Field(
        50, description="Seconds to wait for a row's lock."
    )
    slow_query_log: bool = Field(default=False, description="Whether slow statements are logged, with their literals.")
    long_query_time: Annotated[int, Field(ge=0, le=86_400)] = Field(10, description="Seconds from which one is slow.")
    sql_mode: OrEmpty[SqlModes] = Field("", description="Modes; empty means MySQL's own.")


class ServerEnvVar(ProgramEnvVar):
    """A variable of the server that the chart does not set itself."""

    own: ClassVar[tuple[str, ...]] = (
        *(
            "MYSQL_ROOT_PASSWORD",
            "MYSQL_ROOT_PASSWORD_FILE",
            "MYSQL_ALLOW_EMPTY_PASSWORD",
            "MYSQL_RANDOM_ROOT_PASSWORD",
        ),
        *("MYSQL_ONETIME_PASSWORD", "MYSQL_ROOT_HOST", "MYSQL_ROOT_HOST_FILE", "MYSQL_INITDB_SKIP_TZINFO", "MYSQL_PWD"),
        *("MYSQL_DATABASE", "MYSQL_DATABASE_FILE", "MYSQL_USER", "MYSQL_USER_FILE", "MYSQL_PASSWORD"),
        *("MYSQL_PASSWORD_FILE", "MYSQL_HOST", "MYSQL_TCP_PORT", "MYSQL_UNIX_PORT"),
    )


class MysqldExporter(Exporter):
    """The exporter beside the server; its user, which the Job makes, sees statistics and no rows."""

    image: VersionedImage = Field(
        VersionedImage(registry="docker.io", repository="prom/mysqld-exporter", tag="v0.17.2"),
        description="Image of the exporter, from 0.15.",
    )
    username: UserName = Field("mysqld_exporter", description="User.")
    password: NamedPassword = Field(NamedPassword(name="mysql-exporter"), description="Its password.")


class ServerMetrics(Metrics):
    """Metrics of the exporter, alerts and dashboards."""

    exporter: MysqldExporter = Field(MysqldExporter(), description="Exporter.")


class Mysql(StatefulWorkload, ChartValues):
    """One MySQL server with its databases, users, backups and metrics."""

    image: VersionedImage = Field(
        VersionedImage(registry="docker.io", repository="library/mysql", tag="8.4.10"),
        description="Image of the server, the Jobs and the backup; no version reads the volume of a newer one.",
    )
    replica_count: Annotated[int, Field(ge=0, le=1)] = Field(
        1, description="1, or 0 to stop the server: pods beside it would be servers of their own, not replicas."
    )
    admin: Admin = Field(Admin(), description="The user `root`.")
    databases: MapOf[DatabaseName, Database] = Field({}, description="Databases by name, and their users.")
    provisioning: Provisioning = Field(Provisioning(), description="Job that makes users and databases.")
    configuration: Configuration = Field(Configuration(), description="Settings of the server.")
    binary_log: BinaryLog = Field(BinaryLog(), description="The log of changes.")
    initialization: Initialization = Field(Initialization(), description="What only counts on an empty volume.")
    tls: Tls = Field(
        Tls(type="existingSecret", existing_secret=ExistingTls(name="mysql-tls")),
        description="Where the server's certificate comes from.",
    )
    cluster_domain: Host = Field("cluster.local", description="Domain of the cluster.")
    persistence: Persistence = Field(Persistence(), description="Volume of the data.")
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
    pod_security_context: PodSecurityContext = Field(
        PodSecurityContext(run_as_user=999, run_as_group=999, fs_group=999), description="Security of all pods."
    )
    startup_probe: Probe = Field(
        Probe(period_seconds=5, failure_threshold=240), description="Whether the server has started."
    )
    liveness_probe: Probe = Field(PATIENT, description="Whether the server answers at all.")
    termination_grace_period_seconds: Seconds = Field(120, description="Seconds to write what is in memory.")
    extra_env_vars: ListOf[ServerEnvVar] = Field((), description="Further variables of the server.")
    metrics: ServerMetrics = Field(ServerMetrics(), description="Metrics, alerts and dashboards.")
    backup: VolumeBackup = Field(VolumeBackup(), description="Dumps of each database on a volume.")
    tests: HelmTest = Field(HelmTest(), description="Pod of `helm test`.")


_SPARE_CONNECTIONS = 5
"""Of each user, for the Jobs and the backups of its program."""

_OWN_CONNECTIONS = 15
"""For administrators, backups, the exporter and whoever looks."""

_USUAL_CONNECTIONS = 20
"""Of users that name no number."""


def _tenant(tenant: Tenant[MysqlDatabase]) -> dict[str, Any]:
    limit = tenant.need.connections + _SPARE_CONNECTIONS
    return {"owner": {"name": tenant.need.user, "password": {"name": tenant.secret}, "connectionLimit": limit}}


def _grant(tenant: Tenant[MysqlAccess]) -> dict[str, Any]:
    need = tenant.need
    told = {"privileges": need.privileges, "password": {"name": tenant.secret}, "connectionLimit": _USUAL_CONNECTIONS}
    return {need.user: told}


def _given(values: Mysql, given: Given) -> dict[str, Any]:
    databases = {tenant.need.name: _tenant(tenant) for tenant in given.tenants_of(MysqlDatabase)}
    limits = sum(each["owner"]["connectionLimit"] for each in databases.values())
    everywhere = (*databases, *values.databases)
    for tenant in given.tenants_of(MysqlAccess):
        for name in (tenant.need.database,) if tenant.need.database else everywhere:
            databases.setdefault(name, {}).setdefault("grants", {}).update(_grant(tenant))
        limits += _USUAL_CONNECTIONS
    return {
        "admin": {"password": {"name": given.place.secret("admin")}},
        "databases": databases,
        "configuration": {"maxConnections": limits + _OWN_CONNECTIONS},
        "metrics": {"exporter": {"password": {"name": given.place.secret("exporter")}}},
    }


CHART = ChartType(
    name="mysql",
    model=Mysql,
    version="0.1.0",
    app_version="8.4.10",
    description="One MySQL server with typed databases and users, TLS, backups, metrics and alerts.",
    default_profile="ha",
    icon="https://www.mysql.com/common/logos/logo-mysql-170x115.png",
    home="https://www.mysql.com",
    sources=("https://github.com/docker-library/mysql", "https://github.com/prometheus/mysqld_exporter"),
    keywords=("mysql", "database", "sql"),
    category="database",
    wiring=Wiring(
        offers=lambda _: (MysqlServer(),),
        metrics=lambda _: (MetricsEndpoint(labels={"mysql-headless": "true"}),),
        secrets=lambda _: (OwnSecret(suffix="admin"), OwnSecret(suffix="exporter")),
        values=_given,
    ),
)
