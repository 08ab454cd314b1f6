"""Typed values of the `promtail` chart: an agent that sends the logs of pods to Loki.

Sources: Grafana Alloy's reference of `loki.source.kubernetes`, `loki.write` and `alloy run`; Promtail's
documentation of its configuration.
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from hmco_charts.values.base import Values
from hmco_charts.values.chart import ChartType
from hmco_charts.values.kubernetes import (
    ContainerSecurityContext,
    PodSecurityContext,
    PortNumber,
    Resources,
    Toleration,
)
from hmco_charts.values.monitoring_client import Logs, url
from hmco_charts.values.provision import Given, MetricsEndpoint, Wiring
from hmco_charts.values.text import (
    EnvName,
    ListOf,
    MapOf,
    Namespace,
    OrEmpty,
    Pattern,
    Text,
    Url,
    Word,
)
from hmco_charts.values.types import (
    ChartValues,
    Metrics,
    NetworkPolicy,
    Password,
    PodDisruptionBudget,
    Rbac,
    Scheduling,
    ServiceAccount,
    VersionedImage,
)
from hmco_charts.values.workload import NodeWorkload, ProgramEnvVar, StatelessUpdate, Workload

Login = Annotated[str, Pattern("a user name", r"[A-Za-z0-9._@-]+", "agent", 253)]


class Loki(Values):
    """Where logs are sent."""

    url: Url = Field("http://loki:3100/loki/api/v1/push", description="Address that takes lines.")
    tenant: OrEmpty[Word] = Field("", description="Tenant; empty where Loki has none.")
    username: OrEmpty[Login] = Field("", description="User; empty means that it asks for none.")
    password: Password = Field(Password(), description="Its password.")


class Pods(Values):
    """Whose logs are sent."""

    namespaces: ListOf[Namespace] = Field(
        (), description="Namespaces, by a Role each; empty means all, by a ClusterRole."
    )
    exclude: ListOf[Namespace] = Field((), description="Namespaces that are left out.")


class NodeEnvVar(ProgramEnvVar):
    """A variable of Promtail that the chart does not set itself."""

    own: ClassVar[tuple[str, ...]] = ("HOSTNAME",)


class NodeAgent(NodeWorkload, Scheduling):
    """Promtail on each node, where `agent` is `promtail`."""

    image: VersionedImage = Field(
        VersionedImage(registry="docker.io", repository="grafana/promtail", tag="3.5.1"), description="Image."
    )
    tolerations: ListOf[Toleration] = Field((Toleration(operator="Exists"),), description="Taints that pods tolerate.")
    pod_security_context: PodSecurityContext = Field(
        PodSecurityContext(run_as_non_root=False, run_as_user=0, run_as_group=0), description="Security of its pods."
    )
    container_security_context: ContainerSecurityContext = Field(
        ContainerSecurityContext(run_as_non_root=False), description="Security of its containers."
    )
    extra_env_vars: ListOf[NodeEnvVar] = Field((), description="Further variables of the program.")


class AgentNetworkPolicy(NetworkPolicy):
    """Who may reach the pods, and whom they may reach: by default the Kubernetes API and Loki."""

    allow_external: bool = Field(default=False, description="Whether every pod may reach the agents' port.")
    allow_external_egress: bool = Field(default=False, description="Whether pods may reach everything.")
    loki_port: PortNumber = Field(3100, description="Port of Loki, as its pods or the world outside have it.")


class Promtail(Workload, ChartValues):
    """An agent for the logs of pods."""

    agent: Literal["alloy", "promtail"] = Field(
        "alloy",
        description="`alloy` reads by the Kubernetes API; `promtail`, which has ended, the files of each node as root.",
    )
    image: VersionedImage = Field(
        VersionedImage(registry="docker.io", repository="grafana/alloy", tag="v1.18.1"), description="Image of Alloy."
    )
    replica_count: Annotated[int, Field(ge=0, le=100)] = Field(1, description="Pods of Alloy; they share the work.")
    loki: Loki = Field(Loki(), description="Where logs are sent.")
    pods: Pods = Field(Pods(), description="Whose logs are sent.")
    external_labels: MapOf[EnvName, Text] = Field({}, description="Labels of every line, such as the cluster.")
    log_level: Literal["debug", "info", "warn", "error"] = Field("info", description="Level of its own log.")
    node_agent: NodeAgent = Field(NodeAgent(), description="Promtail on each node.")
    update_strategy: StatelessUpdate = Field(StatelessUpdate(), description="How a change reaches Alloy's pods.")
    resources: Resources = Field(
        Resources(
            requests={"cpu": "100m", "memory": "256Mi", "ephemeral-storage": "64Mi"},
            limits={"memory": "768Mi", "ephemeral-storage": "1Gi"},
        ),
        description="Requests and limits.",
    )
    rbac: Rbac = Field(Rbac(), description="Rights at the Kubernetes API.")
    service_account: ServiceAccount = Field(ServiceAccount(), description="ServiceAccount of the agents.")
    network_policy: AgentNetworkPolicy = Field(AgentNetworkPolicy(), description="Network policy.")
    pod_security_context: PodSecurityContext = Field(
        PodSecurityContext(run_as_user=473, run_as_group=473, fs_group=473), description="Security of all other pods."
    )
    pdb: PodDisruptionBudget = Field(PodDisruptionBudget(), description="Disruption budget.")
    metrics: Metrics = Field(Metrics(), description="Its own metrics, alerts and dashboards.")


def _needs(values: Promtail) -> tuple[Logs, ...]:
    return (Logs(),) if values.loki.url == Loki().url else ()


def _given(_: Promtail, given: Given) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for each in given.connections_of(Logs):
        told["loki"] = {"url": f"{url(each)}/loki/api/v1/push"}
        told["networkPolicy"] = {"lokiPort": each.offer.port}
    return told


CHART = ChartType(
    name="promtail",
    model=Promtail,
    version="0.1.0",
    app_version="3.5.1",
    description="The logs of pods to Loki: by Grafana Alloy through the Kubernetes API, or by Promtail on each node.",
    default_profile="ha",
    icon="https://raw.githubusercontent.com/grafana/alloy/main/docs/sources/assets/alloy_icon_orange.svg",
    home="https://grafana.com/oss/alloy-opentelemetry-collector/",
    sources=("https://github.com/grafana/alloy", "https://github.com/grafana/loki"),
    keywords=("alloy", "promtail", "logs", "monitoring"),
    category="monitoring-logging",
    wiring=Wiring(
        metrics=lambda _: (MetricsEndpoint(labels={"promtail-headless": "true"}, name="http"),),
        needs=_needs,
        values=_given,
    ),
)
