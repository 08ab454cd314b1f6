"""Typed values of the `zookeeper` chart: an ensemble of Apache ZooKeeper.

Sources: ZooKeeper's Administrator's Guide; 31z4/zookeeper-docker, `docker-entrypoint.sh`; apache/zookeeper,
`bin/zkServer.sh` and `bin/zkEnv.sh`.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from hmco_charts.values.base import Values
from hmco_charts.values.chart import ChartType
from hmco_charts.values.kubernetes import PodSecurityContext, PortNumber, Resources
from hmco_charts.values.provision import MetricsEndpoint, Wiring
from hmco_charts.values.rule import Rule
from hmco_charts.values.text import Host, ListOf
from hmco_charts.values.types import (
    CLOSED,
    ChartValues,
    Image,
    Metrics,
    NetworkPolicy,
    Persistence,
    PodDisruptionBudget,
    Probe,
    Service,
    ServiceAccount,
    Tls,
)
from hmco_charts.values.workload import HelmTest, ProgramEnvVar, StatefulWorkload, VolumeBackup
from hmco_charts.values.zookeeper_client import ZookeeperEnsemble

Milliseconds = Annotated[int, Field(ge=1, le=86_400_000)]
Ticks = Annotated[int, Field(ge=1, le=10_000)]


class Ports(Values):
    """Ports of the servers."""

    client: PortNumber = Field(2181, description="Clients without TLS; with TLS it is open inside of the pod only.")
    secure_client: PortNumber = Field(2281, description="Clients with TLS.")
    quorum: PortNumber = Field(2888, description="Followers at their leader.")
    election: PortNumber = Field(3888, description="Election of the leader.")
    metrics: PortNumber = Field(7000, description="Prometheus.")
    admin: PortNumber = Field(8080, description="The admin server, which gives and takes snapshots; for backups alone.")


class Autopurge(Values):
    """How old snapshots and logs go; without it the volume fills."""

    snap_retain_count: Annotated[int, Field(ge=3, le=1000)] = Field(3, description="Snapshots that stay.")
    purge_interval: Annotated[int, Field(ge=1, le=8760)] = Field(6, description="Hours between purges.")


class LogPersistence(Persistence):
    """A volume for the log of transactions alone, which is as fast as its disk."""

    enabled: bool = Field(
        default=False, description="Whether it is made; off means beside the snapshots. Data do not move by themselves."
    )


class ServerTls(Tls):
    """Where the certificate of servers, for clients and each other, comes from; its key must be in PKCS #8."""

    client_auth: Literal["none", "want", "need"] = Field(
        "need", description="Whether clients show a certificate of the same authority."
    )


class ServerEnvVar(ProgramEnvVar):
    """A variable of the server that the chart does not set itself."""

    own: ClassVar = ("POD_NAME", "MEMORY_MIB", "ZK_SERVER_HEAP", "ZOO_LOG_DIR", "ZOOCFGDIR", "ZOOCFG", "JMXDISABLE")


RULES = (
    Rule(
        when={"persistence.enabled": False},
        then={"replicaCount": (1,)},
        because="an empty majority can elect itself and take the data from the rest",
    ),
)


class Zookeeper(StatefulWorkload, ChartValues):
    """Apache ZooKeeper on Kubernetes."""

    rules: ClassVar = RULES

    image: Image = Field(Image(registry="docker.io", repository="library/zookeeper"), description="Image, from 3.9.0.")
    replica_count: Literal[1, 3, 5, 7] = Field(3, description="Servers; an even number tolerates no more losses.")
    ports: Ports = Field(Ports(), description="Ports of the servers.")
    tick_time: Milliseconds = Field(2000, description="Milliseconds of a tick; sessions last 2 to 20 of them.")
    init_limit: Ticks = Field(10, description="Ticks until a follower has the leader's data.")
    sync_limit: Ticks = Field(5, description="Ticks that a follower may be behind.")
    min_session_timeout: Milliseconds | None = Field(None, description="Shortest session in milliseconds.")
    max_session_timeout: Milliseconds | None = Field(None, description="Longest session in milliseconds.")
    max_client_cnxns: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        60, description="Connections of one client address."
    )
    autopurge: Autopurge = Field(Autopurge(), description="How old snapshots and logs go.")
    four_letter_words: ListOf[Literal["conf", "dirs", "isro", "mntr", "stat"]] = Field(
        ("mntr",), description="Words that servers answer beside `ruok` and `srvr`, which the probes ask."
    )
    quorum_listen_on_all_ips: bool = Field(
        default=True, description="Whether peers are heard at every address; a mesh needs it."
    )
    log_level: Literal["DEBUG", "INFO", "WARN", "ERROR"] = Field("INFO", description="Level of the log.")
    tls: ServerTls = Field(ServerTls(), description="Where the certificate comes from.")
    persistence: Persistence = Field(Persistence(), description="Volume of each pod, for snapshots and the log.")
    log_persistence: LogPersistence = Field(LogPersistence(), description="Volume of each pod for the log alone.")
    resources: Resources = Field(
        Resources(
            requests={"cpu": "250m", "memory": "768Mi", "ephemeral-storage": "64Mi"},
            limits={"memory": "1Gi", "ephemeral-storage": "512Mi"},
        ),
        description="Requests and limits; two thirds of the memory limit are the heap.",
    )
    cluster_domain: Host = Field("cluster.local", description="Domain of the cluster.")
    pod_security_context: PodSecurityContext = Field(
        PodSecurityContext(run_as_user=1000, run_as_group=1000, fs_group=1000), description="Security of all pods."
    )
    service_account: ServiceAccount = Field(ServiceAccount(), description="ServiceAccount of the servers.")
    service: Service = Field(Service(), description="Service of all servers.")
    network_policy: NetworkPolicy = Field(CLOSED, description="Network policy.")
    pdb: PodDisruptionBudget = Field(PodDisruptionBudget(), description="Disruption budget.")
    startup_probe: Probe = Field(
        Probe(period_seconds=5, failure_threshold=120), description="Whether the server has read its data."
    )
    readiness_probe: Probe = Field(Probe(), description="Whether the server has a leader.")
    liveness_probe: Probe = Field(Probe(failure_threshold=6), description="Whether the server answers at all.")
    extra_env_vars: ListOf[ServerEnvVar] = Field((), description="Further variables of the servers.")
    metrics: Metrics = Field(Metrics(), description="Metrics, alerts and dashboards.")
    backup: VolumeBackup = Field(VolumeBackup(), description="Snapshots on a volume.")
    tests: HelmTest = Field(
        HelmTest(
            resources=Resources(
                requests={"cpu": "50m", "memory": "128Mi", "ephemeral-storage": "16Mi"},
                limits={"memory": "384Mi", "ephemeral-storage": "64Mi"},
            )
        ),
        description="Pod of `helm test`.",
    )


def _offers(values: Zookeeper) -> tuple[ZookeeperEnsemble, ...]:
    ports = values.ports
    return (ZookeeperEnsemble(port=ports.client if values.tls.type == "none" else ports.secure_client),)


CHART = ChartType(
    name="zookeeper",
    model=Zookeeper,
    version="0.1.0",
    app_version="3.9.4",
    description="An ensemble of Apache ZooKeeper with TLS, metrics and probes that know the quorum.",
    default_profile="ha",
    icon="https://zookeeper.apache.org/images/zookeeper_small.gif",
    home="https://zookeeper.apache.org",
    sources=("https://github.com/apache/zookeeper", "https://github.com/31z4/zookeeper-docker"),
    keywords=("zookeeper", "coordination", "quorum"),
    category="database",
    wiring=Wiring(offers=_offers, metrics=lambda _: (MetricsEndpoint(labels={"zookeeper-headless": "true"}),)),
)
