"""Typed values of the `flink-operator` chart: Flink's operator by its own chart, and what that lacks.

Source: apache/flink-kubernetes-operator 1.15.0, `helm/flink-kubernetes-operator/values.yaml` and its templates.
"""

from typing import Any, ClassVar, Literal

from pydantic import ConfigDict, Field

from hmco_charts.values.chart import ChartType, Upstream
from hmco_charts.values.kubernetes import (
    Annotations,
    ContainerSecurityContext,
    ExtraEnvVar,
    Labels,
    LocalObject,
    PodSecurityContext,
    PortNumber,
    Resources,
    Toleration,
    TopologySpreadConstraint,
)
from hmco_charts.values.provision import Given, MetricsEndpoint, Reconciler, Wiring
from hmco_charts.values.rule import Rule
from hmco_charts.values.text import DataKey, Digest, ListOf, Namespace, ObjectName, OrEmpty, Repository, Tag, Text
from hmco_charts.values.types import (
    ChartValues,
    Metrics,
    NetworkPolicy,
    PodDisruptionBudget,
    UpstreamObject,
    UpstreamValues,
)

_UPSTREAM = "flink-kubernetes-operator"
_MEMORY = Resources(
    requests={"cpu": "100m", "memory": "512Mi", "ephemeral-storage": "64Mi"},
    limits={"memory": "1Gi", "ephemeral-storage": "256Mi"},
)
_REPORTER = "kubernetes.operator.metrics.reporter.prom"
_CONFIGURATION = (
    f"{_REPORTER}.factory.class: org.apache.flink.metrics.prometheus.PrometheusReporterFactory\n"
    f"{_REPORTER}.port: 9999\n"
)


class OperatorImage(UpstreamObject):
    """Image of the operator, as its chart wants it."""

    repository: Repository = Field("ghcr.io/apache/flink-kubernetes-operator", description="Registry and repository.")
    tag: Tag = Field("1.15.0", description="Tag.")
    digest: OrEmpty[Digest] = Field("", description="Digest; wins over the tag.")
    pull_policy: Literal["Always", "IfNotPresent", "Never"] = Field("IfNotPresent", description="When to pull.")


class Strategy(UpstreamObject):
    """How a change reaches the operator."""

    type: Literal["Recreate", "RollingUpdate"] = Field("Recreate", description="`RollingUpdate` needs leader election.")


class WebhookResources(UpstreamObject):
    """The webhook's container."""

    resources: Resources = Field(_MEMORY, description="Requests and limits.")


class OperatorPod(UpstreamObject):
    """The operator's pod."""

    annotations: Annotations = Field({}, description="Annotations.")
    labels: Labels = Field({}, description="Labels.")
    env: ListOf[ExtraEnvVar] = Field((), description="Further variables.")
    node_selector: Labels = Field({}, description="Labels that a node must have.")
    tolerations: ListOf[Toleration] = Field((), description="Taints that it tolerates.")
    topology_spread_constraints: ListOf[TopologySpreadConstraint] = Field((), description="How pods spread.")
    priority_class_name: OrEmpty[ObjectName] = Field("", description="Priority class.")
    resources: Resources = Field(_MEMORY, description="Requests and limits.")
    webhook: WebhookResources = Field(WebhookResources(), description="The webhook's container.")


class PasswordRef(UpstreamObject):
    """The keystore's password in a Secret."""

    name: OrEmpty[ObjectName] = Field("", description="Name of the Secret.")
    key: DataKey = Field("password", description="Key in it.")


class Keystore(UpstreamObject):
    """The webhook's keystore."""

    use_default_password: Literal[False] = Field(False, description="Never the constant that upstream ships.")
    password_secret_ref: PasswordRef = Field(PasswordRef(), description="Its password.")


class Webhook(UpstreamObject):
    """Checks custom resources before they are stored; it needs cert-manager, and nothing changes while it is down."""

    create: bool = Field(default=False, description="Whether it is used.")
    keystore: Keystore = Field(Keystore(), description="Its keystore.")


class Configuration(UpstreamObject):
    """Configuration of the operator beside its own."""

    model_config = ConfigDict(alias_generator=None)

    create: bool = Field(default=True, description="Whether the ConfigMap is made.")
    append: bool = Field(default=True, description="Whether the operator's own defaults come first.")
    flink_conf: Text = Field(_CONFIGURATION, alias="flink-conf.yaml", description="Lines of its configuration.")


class MetricsPort(UpstreamObject):
    """Port of the metrics."""

    port: PortNumber = Field(9999, description="Port; that of the reporter in `defaultConfiguration`.")


class JvmArguments(UpstreamObject):
    """Options of the JVMs."""

    operator: OrEmpty[Text] = Field("", description="Of the operator.")
    webhook: OrEmpty[Text] = Field("", description="Of the webhook.")


class Operator(UpstreamValues):
    """Values of upstream's chart, under its name."""

    watch_namespaces: ListOf[Namespace] = Field(
        (), description="Namespaces that it looks after, each with a ServiceAccount `flink`; empty means all."
    )
    image: OperatorImage = Field(OperatorImage(), description="Image.")
    image_pull_secrets: ListOf[LocalObject] = Field((), description="Secrets for the registry.")
    replicas: Literal[1, 2, 3] = Field(1, description="Pods; more than one needs leader election in the configuration.")
    strategy: Strategy = Field(Strategy(), description="How a change reaches it.")
    operator_pod: OperatorPod = Field(OperatorPod(), description="The pod.")
    pod_security_context: PodSecurityContext = Field(
        PodSecurityContext(run_as_user=9999, run_as_group=9999, fs_group=9999), description="Security of the pod."
    )
    operator_security_context: ContainerSecurityContext = Field(
        ContainerSecurityContext(read_only_root_filesystem=False), description="Security of the operator."
    )
    webhook_security_context: ContainerSecurityContext = Field(
        ContainerSecurityContext(read_only_root_filesystem=False), description="Security of the webhook."
    )
    webhook: Webhook = Field(Webhook(), description="Checks custom resources before they are stored.")
    default_configuration: Configuration = Field(Configuration(), description="Configuration beside its own.")
    metrics: MetricsPort = Field(MetricsPort(), description="Port of the metrics.")
    jvm_args: JvmArguments = Field(JvmArguments(), description="Options of the JVMs.")


class OperatorNetworkPolicy(NetworkPolicy):
    """Who may reach the operator, and whom it may reach: by default the API server and job managers."""

    allow_external_egress: bool = Field(default=False, description="Whether it may reach everything.")


RULES = (
    Rule(
        when={f"{_UPSTREAM}.webhook.create": True},
        needed=(f"{_UPSTREAM}.webhook.keystore.passwordSecretRef.name",),
        because="upstream's own password is a constant that everyone knows",
    ),
    Rule(
        when={f"{_UPSTREAM}.strategy.type": "Recreate"},
        then={f"{_UPSTREAM}.replicas": (1,)},
        because="several operators need leader election and a rolling update",
    ),
)


class FlinkOperator(ChartValues):
    """Flink's operator, and what its own chart lacks."""

    rules: ClassVar = RULES

    pdb: PodDisruptionBudget = Field(PodDisruptionBudget(), description="Disruption budget of the operator.")
    network_policy: OperatorNetworkPolicy = Field(
        OperatorNetworkPolicy(), description="Network policy of the operator."
    )
    metrics: Metrics = Field(Metrics(), description="Metrics, alerts and dashboards.")
    operator: Operator = Field(Operator(), alias=_UPSTREAM, description="Values of upstream's chart.")


def _given(_: FlinkOperator, given: Given) -> dict[str, Any]:
    """Upstream makes the ServiceAccount of jobs in the namespaces that it is told to watch."""
    return {_UPSTREAM: {"watchNamespaces": list(given.reconciled)}} if given.reconciled else {}


CHART = ChartType(
    name="flink-operator",
    model=FlinkOperator,
    version="0.1.0",
    app_version="1.15.0",
    description="Flink's Kubernetes operator by its own chart, locked down, with alerts and a network policy.",
    default_profile="ha",
    icon="https://flink.apache.org/img/logo/png/100/flink_squirrel_100_color.png",
    home="https://nightlies.apache.org/flink/flink-kubernetes-operator-docs-stable",
    sources=("https://github.com/apache/flink-kubernetes-operator",),
    keywords=("flink", "operator", "streaming"),
    category="streaming-messaging",
    wiring=Wiring(
        metrics=lambda _: (MetricsEndpoint(labels={"flink-operator-metrics": "true"}),),
        values=_given,
        reconciler=Reconciler(kinds=("FlinkDeployment",), pods={"app.kubernetes.io/name": _UPSTREAM}),
    ),
    upstream=Upstream(
        name=_UPSTREAM,
        version="1.15.0",
        repository="https://downloads.apache.org/flink/flink-kubernetes-operator-1.15.0/",
    ),
)
