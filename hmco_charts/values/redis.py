"""Typed values of the `redis` chart: one Redis server, or several with Sentinels that choose the master.

Sources: Redis' documentation of ACL, persistence, Sentinel and TLS, and `redis.conf` and `sentinel.conf` of the source.
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from hmco_charts.values.base import Values
from hmco_charts.values.chart import ChartType
from hmco_charts.values.kubernetes import PodSecurityContext, Resources
from hmco_charts.values.provision import Given, MetricsEndpoint, OwnSecret, Tenant, Wiring
from hmco_charts.values.redis_client import RedisServer, RedisUser
from hmco_charts.values.text import Host, ListOf, MapOf, OrEmpty, Pattern
from hmco_charts.values.types import (
    CLOSED,
    PATIENT,
    SMALL,
    ChartValues,
    ExistingTls,
    Metrics,
    NamedPassword,
    NetworkPolicy,
    Persistence,
    PodDisruptionBudget,
    Probe,
    Service,
    ServiceAccount,
    Tls,
    VersionedImage,
)
from hmco_charts.values.workload import Exporter, HelmTest, ProgramEnvVar, StatefulWorkload, VolumeBackup

Memory = Annotated[str, Pattern("an amount of memory as Redis writes it", r"[0-9]+(kb|mb|gb)", "384mb", 16)]
UserName = Annotated[str, Pattern("a user's name", r"[a-z][a-z0-9_]{0,62}", "lakefs", 63)]
KeyPattern = Annotated[str, Pattern("a pattern of names without blanks and quotes", r"[!#-&(-\[\]-~]+", "cache:*", 255)]
Command = Annotated[
    str, Pattern("a command or category, allowed or not", r"[+-]@?[a-z]+(\|[a-z-]+)?", "-@dangerous", 63)
]
EventClasses = Annotated[str, Pattern("classes of keyspace events", r"[KEg$lshzxetdmnA]+", "Ex", 16)]
Milliseconds = Annotated[int, Field(ge=1, le=86_400_000)]


class Admin(Values):
    """The user `_admin`: for replication, Sentinel, probes, backups and people, never for programs."""

    password: NamedPassword = Field(NamedPassword(name="redis-admin"), description="Its password, any characters.")


class User(Values):
    """A user of the ACL; `default` is the one of programs that send a password and no name."""

    password: NamedPassword = Field(description="Its password; a changed one counts when the pods start again.")
    keys: ListOf[KeyPattern] = Field(("*",), description="Names of the keys that it may use.")
    channels: ListOf[KeyPattern] = Field(("*",), description="Names of the channels that it may use.")
    commands: Annotated[ListOf[Command], Field(min_length=1)] = Field(
        ("+@all", "-@dangerous", "+info"), description="Commands and categories (`@`), the last word counts."
    )


class Snapshot(Values):
    """When the data are written as a whole."""

    seconds: Annotated[int, Field(ge=1, le=31_536_000)] = Field(description="After so many seconds …")
    changes: Annotated[int, Field(ge=1, le=1_000_000_000)] = Field(description="… if so many keys were changed.")


class Durability(Values):
    """What is written to the volume; nothing where `persistence.enabled` is off."""

    append_only: bool = Field(default=True, description="Whether each change is written (AOF).")
    append_fsync: Literal["everysec", "always", "no"] = Field(
        "everysec", description="When changes reach the disk; `everysec` may lose a second."
    )
    snapshots: ListOf[Snapshot] = Field((), description="When snapshots (RDB) are written; none where it is empty.")


Policy = Literal[
    "noeviction",
    "allkeys-lru",
    "allkeys-lfu",
    "allkeys-random",
    "volatile-lru",
    "volatile-lfu",
    "volatile-random",
    "volatile-ttl",
]


class Configuration(Values):
    """Keys of redis.conf; those that are unset are Redis' own."""

    maxmemory: OrEmpty[Memory] = Field(
        "",
        description="Memory of the data; empty means half of the memory limit, as a fork may copy them, "
        "and three quarters in a single pod without a volume.",
    )
    maxmemory_policy: Policy = Field(
        "noeviction",
        description="What goes when it is full: nothing, and writes are refused; `allkeys-lru` is a cache.",
    )
    databases: Annotated[int, Field(ge=1, le=16_384)] = Field(16, description="Databases, by number.")
    maxclients: Annotated[int, Field(ge=10, le=1_000_000)] | None = Field(None, description="Connections.")
    timeout: Annotated[int, Field(ge=0, le=31_536_000)] = Field(
        0, description="Seconds until an idle connection is closed; 0 means never."
    )
    tcp_keepalive: Annotated[int, Field(ge=0, le=86_400)] = Field(
        300, description="Seconds between signs of life of a connection."
    )
    notify_keyspace_events: OrEmpty[EventClasses] = Field("", description="Classes of events that clients may hear.")
    slowlog_log_slower_than: Annotated[int, Field(ge=-1, le=1_000_000_000)] = Field(
        10_000, description="Microseconds from which a command is in the slow log; -1 means none."
    )
    slowlog_max_len: Annotated[int, Field(ge=0, le=1_000_000)] = Field(128, description="Length of the slow log.")
    latency_monitor_threshold: Annotated[int, Field(ge=0, le=1_000_000)] = Field(
        0, description="Milliseconds from which events are in the latency monitor; 0 means none."
    )
    activedefrag: bool = Field(default=False, description="Whether memory is defragmented while it runs.")
    lazyfree_lazy_eviction: bool = Field(default=False, description="Whether evicted keys are freed in the background.")
    lazyfree_lazy_expire: bool = Field(default=False, description="Whether expired keys are freed in the background.")
    io_threads: Annotated[int, Field(ge=1, le=128)] | None = Field(None, description="Threads that read and write.")
    repl_backlog_size: Memory = Field("16mb", description="Changes kept for a replica that was away for a while.")
    min_replicas_to_write: Annotated[int, Field(ge=0, le=6)] = Field(
        1,
        description="Replicas without which a master refuses writes, so that one that is cut off takes none; "
        "a single pod ignores it.",
    )
    min_replicas_max_lag: Annotated[int, Field(ge=1, le=3600)] = Field(
        10, description="Seconds that such a replica may be behind."
    )


class Sentinel(Values):
    """The Sentinel in each pod, where there are several; a majority of them chooses a new master."""

    master_name: UserName = Field("main", description="Name by which clients ask Sentinels for the master.")
    down_after_milliseconds: Milliseconds = Field(5000, description="Silence after which a server counts as down.")
    failover_timeout: Milliseconds = Field(60_000, description="Milliseconds that a failover may take.")
    parallel_syncs: Annotated[int, Field(ge=1, le=6)] = Field(
        1, description="Replicas that may take the data from the new master at a time."
    )
    resources: Resources = Field(SMALL, description="Requests and limits.")


class ServerEnvVar(ProgramEnvVar):
    """A variable of the servers that the chart does not set itself."""

    own: ClassVar[tuple[str, ...]] = ("POD_NAME", "REDISCLI_AUTH")


class RedisExporter(Exporter):
    """The exporter beside each server; its user `_exporter` sees statistics and no keys."""

    image: VersionedImage = Field(
        VersionedImage(registry="docker.io", repository="oliver006/redis_exporter", tag="v1.67.0"), description="Image."
    )
    password: NamedPassword = Field(NamedPassword(name="redis-exporter"), description="Its password.")


class ServerMetrics(Metrics):
    """Metrics of the exporter, alerts and dashboards."""

    exporter: RedisExporter = Field(RedisExporter(), description="Exporter.")


class Redis(StatefulWorkload, ChartValues):
    """Redis with typed users, and Sentinels where there are several servers."""

    image: VersionedImage = Field(
        VersionedImage(registry="docker.io", repository="library/redis", tag="7.2.11-bookworm"),
        description="Image of the servers, the Sentinels and the backup, from Redis 7.0.",
    )
    replica_count: Literal[0, 1, 3, 5, 7] = Field(
        3, description="1 is a server alone; of several one is the master, and Sentinels choose another if it fails."
    )
    admin: Admin = Field(Admin(), description="The user `_admin`.")
    users: MapOf[UserName, User] = Field({}, description="Users of programs by name; others are refused.")
    durability: Durability = Field(Durability(), description="What is written to the volume.")
    configuration: Configuration = Field(Configuration(), description="Keys of redis.conf.")
    sentinel: Sentinel = Field(Sentinel(), description="The Sentinel in each pod, where there are several.")
    tls: Tls = Field(
        Tls(type="existingSecret", existing_secret=ExistingTls(name="redis-tls")),
        description="Where the servers' certificate comes from.",
    )
    cluster_domain: Host = Field("cluster.local", description="Domain of the cluster.")
    persistence: Persistence = Field(
        Persistence(), description="Volume of each pod; without one, Redis is a cache that starts empty."
    )
    resources: Resources = Field(
        Resources(
            requests={"cpu": "100m", "memory": "512Mi", "ephemeral-storage": "64Mi"},
            limits={"memory": "1Gi", "ephemeral-storage": "256Mi"},
        ),
        description="Requests and limits; `maxmemory` is derived from the memory limit.",
    )
    service_account: ServiceAccount = Field(ServiceAccount(), description="ServiceAccount of the servers.")
    service: Service = Field(Service(), description="Service of all servers, and of the Sentinels.")
    network_policy: NetworkPolicy = Field(CLOSED, description="Network policy.")
    pdb: PodDisruptionBudget = Field(PodDisruptionBudget(), description="Disruption budget.")
    pod_security_context: PodSecurityContext = Field(
        PodSecurityContext(run_as_user=999, run_as_group=999, fs_group=999), description="Security of all pods."
    )
    startup_probe: Probe = Field(
        Probe(period_seconds=5, failure_threshold=120), description="Whether the server answers."
    )
    readiness_probe: Probe = Field(Probe(), description="Whether the server has its data and lets users in.")
    liveness_probe: Probe = Field(PATIENT, description="Whether the server answers at all.")
    extra_env_vars: ListOf[ServerEnvVar] = Field((), description="Further variables of the servers.")
    metrics: ServerMetrics = Field(ServerMetrics(), description="Metrics, alerts and dashboards.")
    backup: VolumeBackup = Field(VolumeBackup(), description="Snapshots on a volume.")
    tests: HelmTest = Field(HelmTest(), description="Pod of `helm test`.")


def _offers(values: Redis) -> tuple[RedisServer, ...]:
    return (RedisServer(master_name=values.sentinel.master_name if values.replica_count > 1 else ""),)


def _user(tenant: Tenant[RedisUser]) -> dict[str, Any]:
    patterns = list(tenant.need.patterns)
    return {"password": {"name": tenant.secret}, "keys": patterns, "channels": patterns}


def _given(_: Redis, given: Given) -> dict[str, Any]:
    return {
        "admin": {"password": {"name": given.place.secret("admin")}},
        "users": {tenant.need.name: _user(tenant) for tenant in given.tenants_of(RedisUser)},
        "metrics": {"exporter": {"password": {"name": given.place.secret("exporter")}}},
    }


CHART = ChartType(
    name="redis",
    model=Redis,
    version="0.1.0",
    app_version="7.2.11",
    description="Redis with typed users, TLS, persistence, Sentinels, backups, metrics and alerts.",
    default_profile="ha",
    icon="https://redis.io/wp-content/uploads/2024/04/Logotype.svg",
    home="https://redis.io",
    sources=("https://github.com/redis/redis", "https://github.com/oliver006/redis_exporter"),
    keywords=("redis", "cache", "sentinel"),
    category="database",
    wiring=Wiring(
        offers=_offers,
        metrics=lambda _: (MetricsEndpoint(labels={"redis-headless": "true"}),),
        secrets=lambda _: (OwnSecret(suffix="admin"), OwnSecret(suffix="exporter")),
        values=_given,
    ),
)
