"""Typed values of the `ingress-nginx` chart: the retired controller by its own chart, and what that lacks.

Source: kubernetes/ingress-nginx `helm-chart-4.15.1`, `charts/ingress-nginx`: README, templates.
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field

from hmco_charts.values.base import Values
from hmco_charts.values.chart import ChartType, Upstream
from hmco_charts.values.kubernetes import (
    Affinity,
    Annotations,
    ExtraEnvVar,
    Labels,
    LocalObject,
    PodSecurityContext,
    PortNumber,
    Resources,
    Seconds,
    Toleration,
    TopologySpreadConstraint,
)
from hmco_charts.values.provision import CERTIFICATE, INGRESS, Given, Ground, MetricsEndpoint, Reconciler, Wiring
from hmco_charts.values.rule import Rule
from hmco_charts.values.text import (
    Cidr,
    CountOrPercentage,
    Digest,
    Host,
    HostPattern,
    LabelKey,
    ListOf,
    MapOf,
    ObjectName,
    OrEmpty,
    Pattern,
    Registry,
    Tag,
    Text,
)
from hmco_charts.values.types import (
    CertManagerTls,
    ChartValues,
    Choice,
    Metrics,
    NetworkPolicy,
    UpstreamObject,
    UpstreamValues,
)

_UPSTREAM = "ingress-nginx"
_VERSION = "1.15.1"
_PODS = {"app.kubernetes.io/name": "ingress-nginx", "app.kubernetes.io/component": "controller"}
_SMALL = Resources(
    requests={"cpu": "10m", "memory": "32Mi", "ephemeral-storage": "16Mi"},
    limits={"memory": "64Mi", "ephemeral-storage": "32Mi"},
)
SecretOfPod = Annotated[
    str,
    Pattern(
        "a Secret, as `namespace/name`, where `$(POD_NAMESPACE)` is the release's",
        r"(\$\(POD_NAMESPACE\)|[a-z0-9]([-a-z0-9]*[a-z0-9])?)/[a-z0-9]([-a-z0-9.]*[a-z0-9])?",
        "$(POD_NAMESPACE)/default-certificate",
        317,
    ),
]
ConfigurationKey = Annotated[str, Pattern("a key of the configuration", r"[a-z0-9-]+", "proxy-body-size", 63)]


class ControllerImage(UpstreamObject):
    """Image of the controller; that with `chroot` needs rights that Pod Security `restricted` refuses."""

    registry: Registry = Field("registry.k8s.io", description="Registry.")
    tag: Tag = Field(f"v{_VERSION}", description="Tag.")
    digest: OrEmpty[Digest] = Field(
        "sha256:594ceea76b01c592858f803f9ff4d2cb40542cae2060410b2c95f75907d659e1", description="Digest of that tag."
    )
    pull_policy: Literal["Always", "IfNotPresent", "Never"] = Field("IfNotPresent", description="When to pull.")
    chroot: Literal[False] = Field(default=False, description="Never.")


class ExtraArgs(UpstreamObject):
    """Arguments of the controller."""

    model_config = ConfigDict(alias_generator=None)

    default_ssl_certificate: SecretOfPod = Field(
        "$(POD_NAMESPACE)/default-certificate",
        alias="default-ssl-certificate",
        description="Secret of the default certificate, which `defaultCertificate` makes or you do.",
    )


class IngressClass(UpstreamObject):
    """The class of Ingresses that the controller serves; it cannot be changed later."""

    name: ObjectName = Field("nginx", description="Name.")
    enabled: bool = Field(default=True, description="Whether it is made.")
    default: bool = Field(default=False, description="Whether Ingresses that name no class get it.")
    controller_value: LabelKey = Field(
        "k8s.io/ingress-nginx", description="Controller; a second one in the cluster needs another."
    )


class HostPorts(UpstreamObject):
    """Ports of the node."""

    http: PortNumber = Field(80, description="Port of HTTP.")
    https: PortNumber = Field(443, description="Port of HTTPS.")


class HostPort(UpstreamObject):
    """Ports of the nodes, as kind and bare metal need; Pod Security `baseline` refuses them."""

    enabled: bool = Field(default=False, description="Whether pods take them: one pod a node.")
    ports: HostPorts = Field(HostPorts(), description="Which.")


class RollingUpdate(UpstreamObject):
    """Pods that may be missing."""

    max_unavailable: CountOrPercentage | None = Field(None, description="At a time.")


class UpdateStrategy(UpstreamObject):
    """How a change reaches the pods."""

    type: Literal["RollingUpdate", "Recreate", "OnDelete"] = Field("RollingUpdate", description="Which way.")
    rolling_update: RollingUpdate | None = Field(None, description="Pods that may be missing.")


class NodePorts(UpstreamObject):
    """Ports of the nodes, where the Service's type is `NodePort` or `LoadBalancer`."""

    http: PortNumber | None = Field(None, description="Port of HTTP; unset means any.")
    https: PortNumber | None = Field(None, description="Port of HTTPS; unset means any.")


class ControllerService(UpstreamObject):
    """The Service by which traffic comes in."""

    enabled: bool = Field(default=True, description="Whether it is made.")
    type: Literal["LoadBalancer", "NodePort", "ClusterIP"] = Field("LoadBalancer", description="Type.")
    annotations: Annotations = Field({}, description="Annotations, such as those of a cloud's load balancer.")
    external_traffic_policy: Literal["", "Cluster", "Local"] = Field(
        "", description="Whether the client's address is kept (Local)."
    )
    load_balancer_class: OrEmpty[LabelKey] = Field("", description="Class of the load balancer.")
    load_balancer_source_ranges: ListOf[Cidr] = Field((), description="Who may reach the load balancer.")
    node_ports: NodePorts = Field(NodePorts(), description="Ports of the nodes.")


class HookJob(UpstreamObject):
    """A Job around installation."""

    resources: Resources = Field(_SMALL, description="Requests and limits.")


class WebhookCertificate(UpstreamObject):
    """The webhook's certificate by cert-manager, in place of Jobs around installation."""

    enabled: bool = Field(default=False, description="Whether cert-manager makes it.")


class AdmissionWebhooks(UpstreamObject):
    """Has nginx try each Ingress before it is stored: one that it cannot read would stop all changes."""

    enabled: bool = Field(default=True, description="Whether it is used.")
    failure_policy: Literal["Fail", "Ignore"] = Field("Fail", description="What holds while no controller answers.")
    port: Annotated[int, Field(ge=1024, le=65535)] = Field(8443, description="Port that the API server calls.")
    cert_manager: WebhookCertificate = Field(WebhookCertificate(), description="Its certificate by cert-manager.")
    create_secret_job: HookJob = Field(HookJob(), description="The Job that makes its certificate.")
    patch_webhook_job: HookJob = Field(HookJob(), description="The Job that tells the API server of it.")


class MetricsService(UpstreamObject):
    """Upstream's Service of the metrics, in place of which this chart has its own."""

    enabled: Literal[False] = Field(default=False, description="Never.")


class ControllerMetrics(UpstreamObject):
    """Metrics of the controller."""

    enabled: bool = Field(default=True, description="Whether they are served.")
    port: Literal[10254] = Field(10254, description="Port, which is the health check's and stays it.")
    service: MetricsService = Field(MetricsService(), description="Upstream's Service of them.")


class Controller(UpstreamObject):
    """The controller."""

    kind: Literal["Deployment", "DaemonSet"] = Field("Deployment", description="What runs the pods.")
    replica_count: Annotated[int, Field(ge=1, le=100)] = Field(1, description="Pods of a Deployment.")
    min_available: CountOrPercentage = Field(
        1, description="Pods that a drain must leave, of a Deployment with several: upstream makes the budget."
    )
    image: ControllerImage = Field(ControllerImage(), description="Image.")
    resources: Resources = Field(
        Resources(
            requests={"cpu": "100m", "memory": "128Mi", "ephemeral-storage": "64Mi"},
            limits={"memory": "512Mi", "ephemeral-storage": "512Mi"},
        ),
        description="Requests and limits.",
    )
    ingress_class_resource: IngressClass = Field(IngressClass(), description="The class that it serves.")
    watch_ingress_without_class: bool = Field(
        default=False, description="Whether Ingresses without any class are served too."
    )
    allow_snippet_annotations: Literal[False] = Field(
        default=False, description="Never: whoever may write an Ingress could read every Secret that nginx may."
    )
    enable_annotation_validations: Literal[True] = Field(default=True, description="Annotations are always checked.")
    config: MapOf[ConfigurationKey, Text] = Field({}, description="Configuration of nginx.")
    extra_args: ExtraArgs = Field(ExtraArgs(), description="Arguments.")
    extra_envs: ListOf[ExtraEnvVar] = Field((), description="Further variables.")
    host_port: HostPort = Field(HostPort(), description="Ports of the nodes.")
    update_strategy: UpdateStrategy = Field(UpdateStrategy(), description="How a change reaches the pods.")
    service: ControllerService = Field(ControllerService(), description="The Service by which traffic comes in.")
    admission_webhooks: AdmissionWebhooks = Field(AdmissionWebhooks(), description="Tries each Ingress first.")
    metrics: ControllerMetrics = Field(ControllerMetrics(), description="Metrics.")
    termination_grace_period_seconds: Seconds = Field(300, description="Seconds for open connections to end.")
    pod_annotations: Annotations = Field({}, description="Annotations of the pods.")
    pod_labels: Labels = Field({}, description="Labels of the pods.")
    pod_security_context: PodSecurityContext = Field(PodSecurityContext(), description="Security of the pods.")
    node_selector: Labels = Field({"kubernetes.io/os": "linux"}, description="Labels that a node must have.")
    tolerations: ListOf[Toleration] = Field((), description="Taints that pods tolerate.")
    affinity: Affinity = Field(Affinity(), description="Nodes and pods to be near to, or far from.")
    topology_spread_constraints: ListOf[TopologySpreadConstraint] = Field((), description="How pods spread.")
    priority_class_name: OrEmpty[ObjectName] = Field("", description="Priority class.")


class IngressNginx(UpstreamValues):
    """Values of upstream's chart, under its name."""

    controller: Controller = Field(Controller(), description="The controller.")
    image_pull_secrets: ListOf[LocalObject] = Field((), description="Secrets for the registry.")


class DefaultCertificate(Choice):
    """The certificate of hosts whose Ingress names none; its Secret is that of `default-ssl-certificate`."""

    needed: ClassVar = {"certManager": ("issuerRef.name",)}

    type: Literal["none", "certManager"] = Field(
        "none", description="`none`: you make the Secret, or nginx makes up a certificate that nobody trusts."
    )
    cert_manager: CertManagerTls = Field(CertManagerTls(), description="Used where type is `certManager`.")


class Gateway(Values):
    """A Gateway for routes of the Gateway API, which another controller serves: the way away from this one."""

    enabled: bool = Field(default=False, description="Whether it is made.")
    class_name: OrEmpty[ObjectName] = Field("", description="Its class, which says who serves it.")
    annotations: Annotations = Field({}, description="Annotations, such as an issuer of certificates.")
    hostname: OrEmpty[HostPattern] = Field("", description="Hosts that it takes; empty means all.")
    certificate: OrEmpty[ObjectName] = Field(
        "", description="Secret of its certificate; empty means that of the default certificate."
    )
    namespaces: Labels = Field({}, description="Labels of the namespaces whose routes may join; none means all.")
    redirect: bool = Field(default=True, description="Whether HTTP leads to HTTPS.")


class ControllerNetworkPolicy(NetworkPolicy):
    """Who may reach the metrics; traffic may come from everywhere, and go to every backend."""


RULES = (
    Rule(
        when={"gateway.enabled": True}, needed=("gateway.className",), because="without a class nobody serves a Gateway"
    ),
    Rule(
        when={f"{_UPSTREAM}.controller.hostPort.enabled": True, f"{_UPSTREAM}.controller.kind": "Deployment"},
        then={f"{_UPSTREAM}.controller.updateStrategy.type": ("Recreate",)},
        because="a new pod would wait for the port that the old one has",
    ),
    Rule(
        when={f"{_UPSTREAM}.controller.kind": "DaemonSet"},
        then={f"{_UPSTREAM}.controller.updateStrategy.type": ("RollingUpdate", "OnDelete")},
        because="a DaemonSet knows no other",
    ),
    Rule(
        when={f"{_UPSTREAM}.controller.kind": "Deployment"},
        then={f"{_UPSTREAM}.controller.updateStrategy.type": ("RollingUpdate", "Recreate")},
        because="a Deployment knows no other",
    ),
)


class IngressNginxChart(ChartValues):
    """The controller, and what its own chart lacks."""

    rules: ClassVar = RULES

    default_certificate: DefaultCertificate = Field(
        DefaultCertificate(), description="The certificate of hosts whose Ingress names none."
    )
    gateway: Gateway = Field(Gateway(), description="A Gateway that another controller serves.")
    cluster_domain: Host = Field("cluster.local", description="The cluster's DNS domain.")
    network_policy: ControllerNetworkPolicy = Field(
        ControllerNetworkPolicy(), description="Network policy of the controller."
    )
    metrics: Metrics = Field(Metrics(), description="Metrics, alerts and dashboards.")
    upstream: IngressNginx = Field(IngressNginx(), alias=_UPSTREAM, description="Values of upstream's chart.")


def _defaults(ground: Ground) -> dict[str, Any]:
    """The default certificate is of the platform's issuer."""
    issued = {"type": "certManager", "certManager": {"issuerRef": {"name": ground.issuer, "kind": "ClusterIssuer"}}}
    return {"defaultCertificate": issued} if ground.issuer else {}


def _resources(values: IngressNginxChart) -> tuple[str, ...]:
    return (CERTIFICATE,) if values.default_certificate.type == "certManager" else ()


def _node_ports(values: IngressNginxChart) -> int:
    return 2 if values.upstream.controller.service.type == "NodePort" else 0


def _given(_: IngressNginxChart, given: Given) -> dict[str, Any]:
    if not given.node_port:
        return {}
    ports = {"http": given.node_port, "https": given.node_port + 1}
    return {_UPSTREAM: {"controller": {"service": {"nodePorts": ports}}}}


CHART = ChartType(
    name="ingress-nginx",
    model=IngressNginxChart,
    version="0.1.0",
    app_version=_VERSION,
    description="The retired ingress-nginx by its own chart, locked down and watched, and a Gateway to leave it by.",
    default_profile="ha",
    icon="https://upload.wikimedia.org/wikipedia/commons/thumb/c/c5/Nginx_logo.svg/500px-Nginx_logo.svg.png",
    home="https://kubernetes.github.io/ingress-nginx",
    sources=("https://github.com/kubernetes/ingress-nginx",),
    keywords=("ingress", "nginx", "gateway-api"),
    category="networking",
    wiring=Wiring(
        defaults=_defaults,
        metrics=lambda _: (MetricsEndpoint(labels={"ingress-nginx-metrics": "true"}),),
        node_ports=_node_ports,
        values=_given,
        reconciler=Reconciler(kinds=(INGRESS,), pods=_PODS),
        ingress_class=lambda values: values.upstream.controller.ingress_class_resource.name,
        resources=_resources,
    ),
    upstream=Upstream(name=_UPSTREAM, version="4.15.1", repository="https://kubernetes.github.io/ingress-nginx"),
)
