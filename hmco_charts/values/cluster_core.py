"""Typed values of the `cluster-core` chart: what kube-system lacks.

Sources: Kubernetes' reference of metrics; etcd's and CoreDNS' documentation of theirs; kubernetes-monitoring's
kubernetes-mixin for what is worth an alert.
"""

from typing import Annotated

from pydantic import Field

from hmco_charts.values.base import Values
from hmco_charts.values.chart import ChartType
from hmco_charts.values.kubernetes import Labels
from hmco_charts.values.provision import MetricsEndpoint, Wiring
from hmco_charts.values.text import Namespace, PortName
from hmco_charts.values.types import ChartValues, Metrics, PodDisruptionBudget

Days = Annotated[int, Field(ge=1, le=365)]


class CoreDns(Values):
    """The cluster's resolver, which something else installed."""

    namespace: Namespace = Field("kube-system", description="Its namespace.")
    labels: Annotated[Labels, Field(min_length=1)] = Field(
        {"k8s-app": "kube-dns"}, description="Labels of its pods and of its Service."
    )
    metrics_port: PortName = Field("metrics", description="Name of the Service's port with its metrics.")
    pdb: PodDisruptionBudget = Field(PodDisruptionBudget(), description="Budget of its pods; it has two at least.")


class Certificates(Values):
    """Certificates of the cluster and of cert-manager."""

    enabled: bool = Field(default=True, description="Whether they are watched.")
    days: Days = Field(14, description="Days before the end.")


class Alerts(Values):
    """What is watched; whoever gives the cluster may hide some of it."""

    api_server: bool = Field(default=True, description="The API server.")
    etcd: bool = Field(default=True, description="etcd; no managed cluster shows it.")
    scheduler: bool = Field(default=True, description="The scheduler; few managed clusters show it.")
    controller_manager: bool = Field(default=True, description="The controller manager; few managed clusters show it.")
    core_dns: bool = Field(default=True, description="The resolver.")
    certificates: Certificates = Field(Certificates(), description="Certificates that end.")


class ClusterCore(ChartValues):
    """Budget and alerts for what every cluster has."""

    core_dns: CoreDns = Field(CoreDns(), description="The cluster's resolver.")
    alerts: Alerts = Field(Alerts(), description="What is watched.")
    metrics: Metrics = Field(Metrics(), description="Monitor of the resolver, alerts and dashboard.")


def _metrics(values: ClusterCore) -> tuple[MetricsEndpoint, ...]:
    resolver = values.core_dns
    return (MetricsEndpoint(labels=resolver.labels, namespace=resolver.namespace, name=resolver.metrics_port),)


CHART = ChartType(
    name="cluster-core",
    model=ClusterCore,
    version="0.1.0",
    app_version="1.0.0",
    description="A disruption budget for CoreDNS, and alerts for the control plane, DNS and certificates.",
    default_profile="ha",
    home="https://kubernetes.io",
    keywords=("kube-system", "coredns", "etcd", "alerts"),
    category="monitoring-logging",
    wiring=Wiring(metrics=_metrics),
)
