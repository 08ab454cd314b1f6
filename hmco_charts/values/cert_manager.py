"""Typed values of the `cert-manager` chart: cert-manager by its own chart, and what that lacks.

Source: cert-manager v1.21.2, `deploy/charts/cert-manager`: values, schema and templates.
"""

from typing import Annotated, Any, Literal

from pydantic import Field

from hmco_charts.values.base import Values
from hmco_charts.values.chart import ChartType, Upstream
from hmco_charts.values.issuer import Issuer
from hmco_charts.values.kubernetes import (
    Affinity,
    Annotations,
    ContainerSecurityContext,
    ExtraEnvVar,
    Labels,
    PodSecurityContext,
    Resources,
    Toleration,
    TopologySpreadConstraint,
)
from hmco_charts.values.provision import CERTIFICATE, Ground, MetricsEndpoint, Reconciler, Wiring
from hmco_charts.values.text import (
    Digest,
    ListOf,
    MapOf,
    NameServers,
    Namespace,
    ObjectName,
    OrEmpty,
    Registry,
    Repository,
    Tag,
    Text,
)
from hmco_charts.values.types import (
    ChartValues,
    Metrics,
    NetworkPolicy,
    PodDisruptionBudget,
    UpstreamObject,
    UpstreamValues,
)

_UPSTREAM = "cert-manager"
_VERSION = "1.21.2"


def _memory(request: str, limit: str) -> Resources:
    return Resources(
        requests={"cpu": "25m", "memory": request, "ephemeral-storage": "16Mi"},
        limits={"memory": limit, "ephemeral-storage": "64Mi"},
    )


class ComponentImage(UpstreamObject):
    """Image of a component, as upstream's chart wants it: its name is the component's."""

    tag: OrEmpty[Tag] = Field("", description="Tag; empty means that of upstream's chart.")
    digest: OrEmpty[Digest] = Field("", description="Digest; wins over the tag.")
    pull_policy: Literal["Always", "IfNotPresent", "Never"] = Field("IfNotPresent", description="When to pull.")


class Component(UpstreamObject):
    """Pods of a component."""

    replica_count: Annotated[int, Field(ge=1, le=10)] = Field(1, description="Pods; one of them works at a time.")
    image: ComponentImage = Field(ComponentImage(), description="Image.")
    resources: Resources = Field(_memory("64Mi", "256Mi"), description="Requests and limits.")
    pod_annotations: Annotations = Field({}, description="Annotations of the pods.")
    pod_labels: Labels = Field({}, description="Labels of the pods.")
    extra_env: ListOf[ExtraEnvVar] = Field((), description="Further variables.")
    feature_gates: OrEmpty[Text] = Field("", description="Feature gates, as `Name=true,…`.")
    node_selector: Labels = Field({"kubernetes.io/os": "linux"}, description="Labels that a node must have.")
    tolerations: ListOf[Toleration] = Field((), description="Taints that pods tolerate.")
    affinity: Affinity = Field(Affinity(), description="Nodes and pods to be near to, or far from.")
    topology_spread_constraints: ListOf[TopologySpreadConstraint] = Field((), description="How pods spread.")
    security_context: PodSecurityContext = Field(PodSecurityContext(), description="Security of the pods.")
    container_security_context: ContainerSecurityContext = Field(
        ContainerSecurityContext(), description="Security of the container."
    )


class Webhook(Component):
    """Checks custom resources before they are stored; while it is down, none can be changed."""

    replica_count: Annotated[int, Field(ge=1, le=10)] = Field(1, description="Pods; all of them work.")
    resources: Resources = Field(_memory("32Mi", "128Mi"), description="Requests and limits.")
    secure_port: Annotated[int, Field(ge=1024, le=65535)] = Field(10250, description="Port that the API server calls.")


class CaInjector(Component):
    """Writes authorities into webhooks and definitions; it keeps every Secret's metadata in memory."""

    enabled: bool = Field(default=True, description="Whether it runs.")
    resources: Resources = Field(_memory("128Mi", "512Mi"), description="Requests and limits.")


class Crds(UpstreamObject):
    """Custom resource definitions."""

    enabled: bool = Field(default=True, description="Whether the chart brings them, and upgrades them.")
    keep: bool = Field(default=True, description="Whether they stay when the release goes, and so all certificates.")


class ControllerAccount(UpstreamObject):
    """The controller's ServiceAccount."""

    create: bool = Field(default=True, description="Whether it is made.")
    name: ObjectName = Field("cert-manager", description="Name.")
    annotations: Annotations = Field({}, description="Annotations, such as a cloud identity for DNS-01.")


class GatewayApi(UpstreamObject):
    """Certificates for Gateways, and HTTP-01 by HTTPRoutes."""

    enabled: bool = Field(
        default=False, description="Whether it is on; the Gateway API must be there before cert-manager starts."
    )


class ControllerConfiguration(UpstreamObject):
    """The controller's configuration file."""

    api_version: Literal["controller.config.cert-manager.io/v1alpha1"] = Field(
        "controller.config.cert-manager.io/v1alpha1", description="API version."
    )
    kind: Literal["ControllerConfiguration"] = Field("ControllerConfiguration", description="Kind.")
    enable_certificate_owner_ref: Literal[False] = Field(default=False, description="Never, as at the root.")
    gateway_api: GatewayApi = Field(
        GatewayApi(), alias="gatewayAPI", description="Certificates for Gateways, and HTTP-01 by HTTPRoutes."
    )


class IngressShim(UpstreamObject):
    """Issuer of Ingresses whose annotation is `kubernetes.io/tls-acme` alone."""

    default_issuer_name: OrEmpty[ObjectName] = Field("", description="Name of the issuer.")
    default_issuer_kind: Literal["", "Issuer", "ClusterIssuer"] = Field("", description="Its kind.")


class Prometheus(UpstreamObject):
    """Metrics of upstream's pods; its monitors are left out, as this chart has its own."""

    enabled: bool = Field(default=True, description="Whether metrics are served.")


class AcmeSolver(UpstreamObject):
    """The pods that answer challenges of HTTP-01."""

    image: ComponentImage = Field(ComponentImage(), description="Image.")


class StartupApiCheck(UpstreamObject):
    """The Job that waits after installation until the API answers."""

    enabled: bool = Field(default=True, description="Whether it runs; issuers of this chart wait for it.")
    image: ComponentImage = Field(ComponentImage(), description="Image.")
    resources: Resources = Field(_memory("32Mi", "128Mi"), description="Requests and limits.")


class CertManager(Component, UpstreamValues):
    """Values of upstream's chart, under its name; those of the controller stand at its root."""

    crds: Crds = Field(Crds(), description="Custom resource definitions.")
    image_registry: Registry = Field("quay.io", description="Registry of its images.")
    image_namespace: Repository = Field("jetstack", description="What comes before the images' names.")
    cluster_resource_namespace: OrEmpty[Namespace] = Field(
        "", description="Namespace of the Secrets of ClusterIssuers; empty means the release's."
    )
    enable_certificate_owner_ref: Literal[False] = Field(
        default=False, description="Never: each upgrade makes the Certificate of a root anew, whose key must stay."
    )
    service_account: ControllerAccount = Field(ControllerAccount(), description="The controller's ServiceAccount.")
    config: ControllerConfiguration = Field(
        ControllerConfiguration(), description="The controller's configuration file."
    )
    ingress_shim: IngressShim = Field(IngressShim(), description="Issuer of Ingresses that name none.")
    dns01_recursive_nameservers: OrEmpty[NameServers] = Field(
        "",
        alias="dns01RecursiveNameservers",
        description="Name servers that DNS-01 asks, as `host:port,…`; `https://…` asks by HTTPS.",
    )
    dns01_recursive_nameservers_only: bool = Field(
        default=False, alias="dns01RecursiveNameserversOnly", description="Whether it asks no others."
    )
    prometheus: Prometheus = Field(Prometheus(), description="Metrics of upstream's pods.")
    webhook: Webhook = Field(Webhook(), description="The webhook.")
    cainjector: CaInjector = Field(CaInjector(), description="The injector of authorities.")
    acmesolver: AcmeSolver = Field(AcmeSolver(), description="The pods that answer challenges of HTTP-01.")
    startupapicheck: StartupApiCheck = Field(StartupApiCheck(), description="The Job that waits for the API.")


class Part(Values):
    """What this chart adds to a component."""

    pdb: PodDisruptionBudget = Field(PodDisruptionBudget(), description="Disruption budget.")


class CertManagerNetworkPolicy(NetworkPolicy):
    """Who may reach its pods, and whom they may reach: by default the API server, HTTPS and what issuers name."""

    allow_external_egress: bool = Field(default=False, description="Whether they may reach everything.")


class CertManagerChart(ChartValues):
    """cert-manager, its issuers, and what its own chart lacks."""

    issuers: MapOf[ObjectName, Issuer] = Field({}, description="Who signs certificates, by the issuer's name.")
    controller: Part = Field(Part(), description="What this chart adds to the controller.")
    webhook: Part = Field(Part(), description="What this chart adds to the webhook.")
    cainjector: Part = Field(Part(), description="What this chart adds to the injector of authorities.")
    network_policy: CertManagerNetworkPolicy = Field(
        CertManagerNetworkPolicy(), description="Network policies of the components."
    )
    metrics: Metrics = Field(Metrics(), description="Metrics, alerts and dashboards.")
    upstream: CertManager = Field(CertManager(), alias=_UPSTREAM, description="Values of upstream's chart.")


def _defaults(ground: Ground) -> dict[str, Any]:
    """The issuer of the platform's certificates: an authority of its own, unless users say another type."""
    return {"issuers": {ground.issuer: {"type": "root"}}} if ground.issuer else {}


CHART = ChartType(
    name="cert-manager",
    model=CertManagerChart,
    version="0.1.0",
    app_version=_VERSION,
    description="cert-manager by its own chart, with issuers by type, network policies, disruption budgets and alerts.",
    default_profile="ha",
    icon="https://raw.githubusercontent.com/cert-manager/community/4d35a69437d21b76322157e6284be4cd64e6d2b7/logo/logo-small.png",
    home="https://cert-manager.io",
    sources=("https://github.com/cert-manager/cert-manager",),
    keywords=("cert-manager", "tls", "acme", "certificates"),
    category="security",
    wiring=Wiring(
        defaults=_defaults,
        metrics=lambda _: (MetricsEndpoint(labels={"cert-manager-metrics": "true"}, name="http-metrics"),),
        reconciler=Reconciler(kinds=(CERTIFICATE,)),
    ),
    upstream=Upstream(name=_UPSTREAM, version=f"v{_VERSION}", repository="oci://quay.io/jetstack/charts"),
)
