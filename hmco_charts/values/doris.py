"""Typed values of the `doris` chart.

Sources: apache/doris, `docker/runtime/{fe,be}/resource/*_entrypoint.sh`, `bin/start_be.sh`, `conf/{fe,be}.conf`;
apache/doris-operator 26.0.0, `api/doris/v1/types.go`.
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from hmco_charts.values.base import Values
from hmco_charts.values.chart import ChartType
from hmco_charts.values.kubernetes import ContainerSecurityContext, PodSecurityContext, Resources, Seconds
from hmco_charts.values.mysql_client import DorisAccess, DorisServer, UserName
from hmco_charts.values.provision import Given, MetricsEndpoint, OwnSecret, Wiring
from hmco_charts.values.rule import Rule
from hmco_charts.values.s3 import BucketPath, S3Connection, key_secret
from hmco_charts.values.text import Digest, ListOf, MapOf, OrEmpty, Pattern, Registry, Repository, Tag
from hmco_charts.values.types import (
    CLOSED,
    SMALL,
    BackupSchedule,
    ChartValues,
    Image,
    LastingVolume,
    Metrics,
    NamedPassword,
    NetworkPolicy,
    PodDisruptionBudget,
    Probe,
    Scheduling,
    Service,
    ServiceAccount,
)
from hmco_charts.values.workload import HelmTest, ProgramEnvVar, StatefulWorkload, Task

SomeDatabases = Annotated[str, Pattern("a plain name of a database, or *", r"\*|[a-z_][a-z0-9_]{0,62}", "sales", 63)]


class Digests(Values):
    """Digests of the images, which the tag names together."""

    fe: OrEmpty[Digest] = Field("", description="Digest of `REPOSITORY:fe-TAG`.")
    be: OrEmpty[Digest] = Field("", description="Digest of `REPOSITORY:be-TAG`.")


class DorisImage(Image):
    """Images of both parts: one repository, and the part at the beginning of the tag."""

    registry: OrEmpty[Registry] = Field("docker.io", description="Registry; `global.imageRegistry` wins over it.")
    repository: Repository = Field("apache/doris", description="Repository.")
    tag: OrEmpty[Tag] = Field("", description="Tag after `fe-` and `be-`; empty means the chart's appVersion.")
    digest: Literal[""] = Field("", description="Stays empty: `digests` has one for each image.")
    digests: Digests = Field(Digests(), description="Digests of the images.")


class Operator(Values):
    """Doris' operator, which must be there with its CRD."""

    enabled: bool = Field(
        default=False, description="Whether a DorisCluster is written, of which the operator makes the StatefulSets."
    )


class Root(Task):
    """The user `root`, who has no password until the Job sets it."""

    password: NamedPassword = Field(
        NamedPassword(name="doris-root"), description="Its password, of letters and digits."
    )


class User(Values):
    """A user, whom root's Job makes at each upgrade again."""

    password: NamedPassword = Field(description="Its password; a changed one is set at the next upgrade.")
    databases: MapOf[SomeDatabases, Literal["read", "write", "all"]] = Field(
        {}, description="Databases, which are made where they are missing, and what it may do in each; `*` is all."
    )


class RootUser(PodSecurityContext):
    """Security of the pods; the images start as root, and their scripts change files that root owns."""

    run_as_non_root: bool | None = Field(default=False, description="The images start as root.")


class RootContainer(ContainerSecurityContext):
    """Security of the containers; the entry points write to `conf`."""

    run_as_non_root: bool | None = Field(default=False, description="The images start as root.")
    read_only_root_filesystem: bool | None = Field(default=False, description="The entry points write to `conf`.")


class ServerEnvVar(ProgramEnvVar):
    """A variable that the chart does not set itself; with one for a proxy BE does not start."""

    own: ClassVar[tuple[str, ...]] = (
        *("USER", "PASSWD", "DORIS_ROOT", "POD_NAME", "POD_IP", "POD_NAMESPACE", "POD_FQDN", "CONFIGMAP_MOUNT_PATH"),
        *("ELECT_NUMBER", "FE_QUERY_PORT", "SKIP_CHECK_ULIMIT", "HOST_TYPE"),
        *("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"),
    )


class Part(StatefulWorkload, Scheduling):
    """What both parts have."""

    startup_probe: Probe = Field(Probe(failure_threshold=60), description="Whether the server has started.")
    liveness_probe: Probe = Field(Probe(failure_threshold=12), description="Whether the server answers at all.")
    extra_env_vars: ListOf[ServerEnvVar] = Field((), description="Further variables of the server.")
    pdb: PodDisruptionBudget = Field(PodDisruptionBudget(), description="Disruption budget.")
    pod_security_context: RootUser = Field(RootUser(), description="Security of the pods.")
    container_security_context: RootContainer = Field(RootContainer(), description="Security of the containers.")


class FrontendConfiguration(Values):
    """Keys of fe.conf; ports, names and heap are the chart's."""

    qe_max_connection: Annotated[int, Field(ge=1, le=100_000)] = Field(1024, description="Connections of each FE.")
    sys_log_level: Literal["INFO", "WARN", "ERROR"] = Field("INFO", description="Level of the log.")
    lower_case_table_names: Literal[0, 1, 2] = Field(0, description="Counts when the first FE starts, never after.")


class Frontend(Part):
    """FE: plans queries and keeps the metadata; a majority of the followers must be there."""

    replica_count: Literal[0, 1, 3, 5, 7] = Field(3, description="Pods, all of them followers; one may be lost of 3.")
    configuration: FrontendConfiguration = Field(FrontendConfiguration(), description="Keys of fe.conf.")
    persistence: LastingVolume = Field(
        LastingVolume(size="20Gi"), description="Volume of the metadata; FE stops with less than 5 GiB free."
    )
    resources: Resources = Field(
        Resources(
            requests={"cpu": "1", "memory": "8Gi", "ephemeral-storage": "1Gi"},
            limits={"memory": "8Gi", "ephemeral-storage": "8Gi"},
        ),
        description="Requests and limits; three quarters of the memory limit are heap.",
    )
    service: Service = Field(Service(), description="Service of the FEs, for clients.")
    termination_grace_period_seconds: Seconds = Field(120, description="Seconds to stop.")


class BackendConfiguration(Values):
    """Keys of be.conf; ports, folder, heap and memory are the chart's."""

    sys_log_level: Literal["INFO", "WARNING", "ERROR"] = Field("INFO", description="Level of the log.")


class Backend(Part):
    """BE: stores and computes; tables have three replicas unless they say otherwise."""

    replica_count: Annotated[int, Field(ge=0, le=1000)] = Field(
        3, description="Pods; before it falls, decommission those with the highest numbers."
    )
    skip_node_checks: bool = Field(
        default=False,
        description="Whether BE starts on a node with vm.max_map_count below 2000000, swap, or less than 60000 files.",
    )
    configuration: BackendConfiguration = Field(BackendConfiguration(), description="Keys of be.conf.")
    persistence: LastingVolume = Field(LastingVolume(size="200Gi"), description="Volume of the data.")
    resources: Resources = Field(
        Resources(
            requests={"cpu": "2", "memory": "16Gi", "ephemeral-storage": "1Gi"},
            limits={"memory": "16Gi", "ephemeral-storage": "8Gi"},
        ),
        description="Requests and limits; three quarters of the memory limit are BE's `mem_limit`, an eighth its heap.",
    )
    termination_grace_period_seconds: Seconds = Field(200, description="Seconds to stop.")


class BackupStore(S3Connection):
    """A store of snapshots; Doris deletes none of them, so give the bucket a rule for old ones."""

    directory: OrEmpty[BucketPath] = Field("", description="Where they lie.")


class SnapshotBackup(BackupSchedule):
    """A snapshot of each database in an object store."""

    store: BackupStore = Field(BackupStore(), description="The store.")
    resources: Resources = Field(SMALL, description="Requests and limits.")


RULES = (
    Rule(
        when={"backup.enabled": True},
        needed=("backup.store.directory", "backup.store.accessKey.name", "backup.store.secretKey.name"),
        because="a snapshot needs a store",
    ),
)


class Doris(ChartValues):
    """Apache Doris on Kubernetes."""

    rules: ClassVar = RULES

    image: DorisImage = Field(DorisImage(), description="Images of both parts.")
    operator: Operator = Field(Operator(), description="Doris' operator.")
    fe: Frontend = Field(Frontend(), description="Frontends.")
    be: Backend = Field(Backend(), description="Backends.")
    root: Root = Field(Root(), description="The user `root`, and the Job that sets its password and makes users.")
    users: MapOf[UserName, User] = Field({}, description="Users of programs by name; who is taken out here stays.")
    service_account: ServiceAccount = Field(ServiceAccount(), description="ServiceAccount of the servers.")
    network_policy: NetworkPolicy = Field(CLOSED, description="Network policy.")
    pod_security_context: PodSecurityContext = Field(
        PodSecurityContext(run_as_user=1000, run_as_group=1000, fs_group=1000),
        description="Security of the other pods.",
    )
    metrics: Metrics = Field(Metrics(), description="Metrics, alerts and dashboards.")
    backup: SnapshotBackup = Field(SnapshotBackup(), description="Snapshots in an object store.")
    tests: HelmTest = Field(HelmTest(), description="Pod of `helm test`.")


def _secrets(values: Doris) -> tuple[OwnSecret, ...]:
    store = values.backup.store
    keys = key_secret(store.access_key, store.secret_key) if values.backup.enabled else ()
    return (OwnSecret(suffix="root"), *keys)


def _given(values: Doris, given: Given) -> dict[str, Any]:
    users: dict[str, Any] = {}
    for tenant in given.tenants_of(DorisAccess):
        user = users.setdefault(tenant.need.user, {"password": {"name": tenant.secret}, "databases": {}})
        user["databases"][tenant.need.database or "*"] = tenant.need.privileges
    told: dict[str, Any] = {"root": {"password": {"name": given.place.secret("root")}}, "users": users}
    if len(_secrets(values)) > 1:
        keys = {"name": given.place.secret("s3")}
        told["backup"] = {"store": {"accessKey": keys, "secretKey": keys}}
    return told


def _resources(values: Doris) -> tuple[str, ...]:
    return ("DorisCluster",) if values.operator.enabled else ()


def _metrics(values: Doris) -> tuple[MetricsEndpoint, ...]:
    return () if values.operator.enabled else (MetricsEndpoint(labels={"doris-metrics": "true"}, name="http"),)


CHART = ChartType(
    name="doris",
    model=Doris,
    version="0.1.0",
    app_version="4.0.7",
    description="Apache Doris: a majority of frontends and storing backends, as StatefulSets or by Doris' operator.",
    default_profile="ha",
    icon="https://doris.apache.org/images/logo.svg",
    home="https://doris.apache.org",
    sources=("https://github.com/apache/doris", "https://github.com/apache/doris-operator"),
    keywords=("doris", "olap", "sql", "analytics"),
    category="database",
    wiring=Wiring(
        offers=lambda _: (DorisServer(),), metrics=_metrics, secrets=_secrets, values=_given, resources=_resources
    ),
)
