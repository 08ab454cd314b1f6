"""Typed values of the `neo4j` chart: one Neo4j server of the community edition.

Sources: neo4j/docker-neo4j `docker-image-src/5/coredb/docker-entrypoint.sh`; Neo4j's documentation of its configuration
and of `neo4j-admin database dump`.
"""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from hmco_charts.values.base import Values
from hmco_charts.values.chart import ChartType
from hmco_charts.values.kubernetes import PodSecurityContext, Resources, Seconds
from hmco_charts.values.neo4j_client import Neo4jServer
from hmco_charts.values.provision import Given, OwnSecret, Wiring
from hmco_charts.values.rule import Rule
from hmco_charts.values.text import Host, ListOf, OrEmpty, Pattern, Registry, Repository, Tag
from hmco_charts.values.types import (
    CLOSED,
    KUBECTL,
    ChartValues,
    ExistingCertificate,
    Image,
    NamedPassword,
    NetworkPolicy,
    Persistence,
    Probe,
    Service,
    ServiceAccount,
    ServingTls,
    VersionedImage,
    Watch,
)
from hmco_charts.values.workload import HelmTest, ProgramEnvVar, StatefulWorkload, VolumeBackup

Memory = Annotated[str, Pattern("an amount of memory as Neo4j writes it", r"[0-9]+[kmgKMG]", "512m", 16)]
Period = Annotated[str, Pattern("a time as Neo4j writes it", r"[0-9]+(ms|s|m|h|d)", "60s", 16)]
Retention = Annotated[
    str,
    Pattern(
        "what is kept of the log",
        r"keep_all|keep_none|[0-9]+[kKmMgG]? (files|size|txs|entries|hours|days)",
        "2 days",
        32,
    ),
]
DatabaseName = Annotated[str, Pattern("a database", r"[a-z][a-z0-9.-]{2,62}", "graph.db", 63)]
Procedure = Annotated[str, Pattern("procedures", r"[a-z*][A-Za-z0-9.*_]{0,126}", "apoc.*", 127)]


class ServerImage(Image):
    """The official image, community edition."""

    registry: OrEmpty[Registry] = Field("docker.io", description="Registry; `global.imageRegistry` wins over it.")
    repository: Repository = Field("library/neo4j", description="Repository.")
    tag: OrEmpty[Tag] = Field("5.26.30-community", description="Tag; a store never goes back to an older version.")


class Auth(Values):
    """The user `neo4j`, the only one the chart makes."""

    password: NamedPassword = Field(
        NamedPassword(name="neo4j-auth"),
        description="Its password. The image sets it once, on an empty volume; change it in Cypher too.",
    )


class Configuration(Values):
    """Keys of neo4j.conf; empty ones are derived from the memory limit, or Neo4j's own."""

    heap_size: OrEmpty[Memory] = Field("", description="Heap; empty means two fifths of the memory limit.")
    pagecache_size: OrEmpty[Memory] = Field("", description="Page cache; empty means a quarter of the memory limit.")
    default_database: DatabaseName = Field("neo4j", description="Database; it counts only on an empty volume.")
    transaction_timeout: OrEmpty[Period] = Field("", description="Longest time of a transaction; empty means no limit.")
    transaction_log_retention: OrEmpty[Retention] = Field("", description="Transaction logs that stay.")
    unrestricted_procedures: ListOf[Procedure] = Field((), description="Procedures that may do everything.")
    usage_report: bool = Field(default=False, description="Whether usage is reported to the maker.")


class ServerEnvVar(ProgramEnvVar):
    """A variable of the server; the image makes settings of those that begin with NEO4J_."""

    own: ClassVar[tuple[str, ...]] = (
        *("AUTH_PASSWORD", "NEO4J_AUTH", "NEO4J_AUTH_PATH", "NEO4J_AUTH_FILE", "NEO4J_PLUGINS", "NEO4J_HOME"),
        *("NEO4J_EDITION", "NEO4J_HOST", "NEO4J_URI", "NEO4J_USERNAME", "NEO4J_PASSWORD", "NEO4J_DATABASE"),
        *("NEO4J_PORT", "NEO4J_dbms_security_auth__enabled", "NEO4J_server_config_strict__validation_enabled"),
    )


class DumpBackup(VolumeBackup):
    """Dumps on a volume, by each new pod before it starts: the CronJob replaces the pod."""

    image: VersionedImage = Field(KUBECTL, description="Image of the CronJob.")


RULES = (
    Rule(
        when={"backup.enabled": True},
        then={"persistence.enabled": (True,)},
        because="a backup replaces the pod, and without a volume its data",
    ),
)


class Neo4j(StatefulWorkload, ChartValues):
    """One Neo4j server with its password, TLS, backups and alerts."""

    rules: ClassVar = RULES

    image: ServerImage = Field(ServerImage(), description="Image of the server and of the restore.")
    replica_count: Annotated[int, Field(ge=0, le=1)] = Field(
        1, description="1, or 0 to stop the server: this edition has no cluster."
    )
    auth: Auth = Field(Auth(), description="The user `neo4j`.")
    configuration: Configuration = Field(Configuration(), description="Keys of neo4j.conf.")
    apoc: bool = Field(default=False, description="Whether the procedures of APOC are there; the image brings them.")
    tls: ServingTls = Field(
        ServingTls(type="existingSecret", existing_secret=ExistingCertificate(name="neo4j-tls")),
        description="Where the server's certificate comes from.",
    )
    cluster_domain: Host = Field("cluster.local", description="Domain of the cluster.")
    persistence: Persistence = Field(Persistence(), description="Volume of the data.")
    resources: Resources = Field(
        Resources(
            requests={"cpu": "250m", "memory": "3Gi", "ephemeral-storage": "128Mi"},
            limits={"memory": "3Gi", "ephemeral-storage": "2Gi"},
        ),
        description="Requests and limits; heap and page cache are derived from the memory limit.",
    )
    service_account: ServiceAccount = Field(ServiceAccount(), description="ServiceAccount of the server.")
    service: Service = Field(Service(), description="Service of the server.")
    network_policy: NetworkPolicy = Field(CLOSED, description="Network policy.")
    pod_security_context: PodSecurityContext = Field(
        PodSecurityContext(run_as_user=7474, run_as_group=7474, fs_group=7474), description="Security of all pods."
    )
    startup_probe: Probe = Field(
        Probe(period_seconds=5, failure_threshold=1000), description="Whether the server has started."
    )
    liveness_probe: Probe = Field(Probe(failure_threshold=20), description="Whether the server answers at all.")
    termination_grace_period_seconds: Seconds = Field(600, description="Seconds for the shutdown's checkpoint.")
    extra_env_vars: ListOf[ServerEnvVar] = Field((), description="Further variables of the server.")
    metrics: Watch = Field(Watch(), description="Alerts and dashboards.")
    backup: DumpBackup = Field(DumpBackup(), description="Dumps of all databases on a volume.")
    tests: HelmTest = Field(HelmTest(), description="Pod of `helm test`.")


def _given(_: Neo4j, given: Given) -> dict[str, Any]:
    return {"auth": {"password": {"name": given.place.secret("auth")}}}


CHART = ChartType(
    name="neo4j",
    model=Neo4j,
    version="0.1.0",
    app_version="5.26.30",
    description="One Neo4j server with derived memory, TLS, dumps and their restore.",
    default_profile="ha",
    icon="https://avatars.githubusercontent.com/u/201120",
    home="https://neo4j.com",
    sources=("https://github.com/neo4j/docker-neo4j", "https://github.com/neo4j/neo4j"),
    keywords=("neo4j", "graph", "database"),
    category="database",
    wiring=Wiring(
        offers=lambda values: (Neo4jServer(database=values.configuration.default_database),),
        secrets=lambda _: (OwnSecret(suffix="auth"),),
        values=_given,
    ),
)
