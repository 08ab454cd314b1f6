"""Typed values of the `doris-operator` chart: Doris' operator by its own chart, and what that lacks.

Source: apache/doris-operator 26.0, `helm-charts/doris-operator` and `cmd/operator/main.go`.
"""

from typing import Literal

from pydantic import Field

from hmco_charts.values.chart import ChartType, Upstream
from hmco_charts.values.kubernetes import Labels, NodeAffinity, Resources
from hmco_charts.values.provision import MetricsEndpoint, Reconciler, Wiring
from hmco_charts.values.text import ObjectName, OrEmpty, Repository, Tag
from hmco_charts.values.types import ChartValues, Metrics, NetworkPolicy, UpstreamObject, UpstreamValues

_UPSTREAM = "doris-operator"
_VERSION = "26.0.1"


class OperatorImage(UpstreamObject):
    """Image of the operator, as its chart wants it; upstream's own tag moves with each release."""

    repository: Repository = Field("apache/doris", description="Registry and repository.")
    tag: Tag = Field(f"operator-{_VERSION}", description="Tag.")
    image_pull_policy: Literal["Always", "IfNotPresent", "Never"] = Field("IfNotPresent", description="When to pull.")
    image_pull_secret: OrEmpty[ObjectName] = Field("", description="Secret for the registry.")


class OperatorPod(UpstreamObject):
    """The operator's pod, of which upstream runs one."""

    image: OperatorImage = Field(OperatorImage(), description="Image.")
    resources: Resources = Field(
        Resources(
            requests={"cpu": "100m", "memory": "256Mi", "ephemeral-storage": "64Mi"},
            limits={"memory": "1Gi", "ephemeral-storage": "256Mi"},
        ),
        description="Requests and limits, in place of upstream's two CPUs and 4Gi.",
    )
    node_selector: Labels = Field({}, description="Labels that a node must have.")
    node_affinity: NodeAffinity = Field(NodeAffinity(), description="Nodes to be near to, or far from.")
    enable_webhook: bool = Field(
        default=False, description="Whether custom resources are checked before they are stored, by an own certificate."
    )


class Operator(UpstreamValues):
    """Values of upstream's chart, under its name."""

    doris_operator: OperatorPod = Field(OperatorPod(), description="The operator.")


class OperatorNetworkPolicy(NetworkPolicy):
    """Who may reach the operator, and whom it may reach: by default the API server and frontends."""

    allow_external_egress: bool = Field(default=False, description="Whether it may reach everything.")


class DorisOperator(ChartValues):
    """Doris' operator, and what its own chart lacks."""

    network_policy: OperatorNetworkPolicy = Field(
        OperatorNetworkPolicy(), description="Network policy of the operator."
    )
    metrics: Metrics = Field(Metrics(), description="Metrics, alerts and dashboards.")
    operator: Operator = Field(Operator(), alias=_UPSTREAM, description="Values of upstream's chart.")


CHART = ChartType(
    name="doris-operator",
    model=DorisOperator,
    version="0.1.0",
    app_version=_VERSION,
    description="Doris' operator by its own chart, with a fixed image, a network policy, alerts and a dashboard.",
    default_profile="ha",
    icon="https://doris.apache.org/images/logo.svg",
    home="https://doris.apache.org",
    sources=("https://github.com/apache/doris-operator",),
    keywords=("doris", "operator", "olap"),
    category="database",
    wiring=Wiring(
        metrics=lambda _: (MetricsEndpoint(labels={"doris-operator-metrics": "true"}),),
        reconciler=Reconciler(kinds=("DorisCluster",), pods={"control-plane": "doris-operator"}),
    ),
    upstream=Upstream(name=_UPSTREAM, version=_VERSION, repository="https://charts.selectdb.com"),
)
