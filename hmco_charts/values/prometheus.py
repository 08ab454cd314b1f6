"""Typed values of the `prometheus` chart: servers, what they scrape, their rules, and Alertmanager.

Sources: Prometheus' documentation of its configuration, storage and feature flags; prometheus/alertmanager,
`config/notifiers.go`.
"""

from typing import Annotated, Any, ClassVar, Literal, cast

from pydantic import Field

from hmco_charts.values.base import Values
from hmco_charts.values.chart import ChartType
from hmco_charts.values.kubernetes import (
    AlertRule,
    Id,
    Labels,
    PodSecurityContext,
    PortNumber,
    Relabeling,
    Resources,
    Seconds,
)
from hmco_charts.values.monitoring_client import AlertmanagerServer, MetricsOfAll, PrometheusServer
from hmco_charts.values.provision import Connection, Given, MetricsEndpoint, Offer, Wiring
from hmco_charts.values.rule import Rule
from hmco_charts.values.text import (
    DnsLabel,
    Email,
    EnvName,
    Host,
    ListOf,
    MapOf,
    Namespace,
    ObjectName,
    OrEmpty,
    Pattern,
    PortName,
    PrometheusDuration,
    Quantity,
    Text,
    Url,
    UrlPath,
)
from hmco_charts.values.types import (
    CLOSED,
    Authority,
    ChartValues,
    Choice,
    ClientTls,
    HttpRoute,
    Ingress,
    Metrics,
    NetworkPolicy,
    Password,
    PodDisruptionBudget,
    PodPersistence,
    Probe,
    Rbac,
    Scheduling,
    SecretRef,
    Service,
    ServiceAccount,
    VersionedImage,
)
from hmco_charts.values.workload import HelmTest, ProgramEnvVar, StatefulWorkload

HostPort = Annotated[str, Pattern("a host and a port", r"[A-Za-z0-9.-]+:[0-9]{1,5}", "db.example.org:9187", 259)]
Matcher = Annotated[
    str,
    Pattern("a matcher of labels", r"[a-zA-Z_][a-zA-Z0-9_]*(=~|!~|!=|=)\"[^\"\\\n]*\"", 'severity="critical"', 512),
]


class ServerPersistence(PodPersistence):
    """Volume of the series; NFS is not supported by Prometheus."""

    size: Quantity = Field("50Gi", description="Size; `retention.volumePercentage` is of it.")


class Retention(Values):
    """What is kept, whichever limit comes first."""

    time: PrometheusDuration = Field("15d", description="How long series are kept.")
    volume_percentage: Annotated[int, Field(ge=10, le=85)] = Field(
        80, description="Share of the volume that blocks may take; the rest is for the log and compaction."
    )


class BasicAuth(Values):
    """A user name and a password."""

    username: OrEmpty[Annotated[str, Pattern("a user name", r"[A-Za-z0-9._@-]+", "scraper", 253)]] = Field(
        "", description="Name."
    )
    password: Password = Field(Password(), description="Its password; without one the name alone is sent.")


class ScrapeTls(Values):
    """How a target's certificate is verified, where the scheme is `https`."""

    authority: Authority = Field(Authority(), description="Its authority; without one the system's are taken.")
    server_name: OrEmpty[Host] = Field("", description="Name in the certificate; empty means the address.")
    insecure_skip_verify: bool = Field(default=False, description="Whether any certificate is taken.")


class Endpoint(Values):
    """How targets are asked."""

    path: UrlPath = Field("/metrics", description="Path.")
    params: MapOf[EnvName, ListOf[Text]] = Field({}, description="Parameters of the query.")
    scheme: Literal["http", "https"] = Field("http", description="Scheme.")
    interval: OrEmpty[PrometheusDuration] = Field(
        "", description="Time between scrapes; empty means `scrape.interval`."
    )
    honor_labels: bool = Field(default=False, description="Whether labels of the series win.")
    token: SecretRef = Field(SecretRef(key="token"), description="Bearer token.")
    basic_auth: BasicAuth = Field(BasicAuth(), description="User and password.")
    tls: ScrapeTls = Field(ScrapeTls(), description="How the certificate is verified.")
    metric_relabelings: ListOf[Relabeling] = Field((), description="Relabelling of series.")


class Monitor(Endpoint):
    """Services whose pods are scraped: what a ServiceMonitor says, without the operator."""

    namespaces: ListOf[Namespace] = Field((), description="Their namespaces; empty means all of `discovery`.")
    labels: Annotated[Labels, Field(min_length=1)] = Field(description="Labels that the Services have.")
    port: PortName = Field("metrics", description="Name of the Service's port.")


class Static(Endpoint):
    """Targets by address."""

    targets: Annotated[ListOf[HostPort], Field(min_length=1)] = Field(description="Hosts and ports.")
    labels: MapOf[EnvName, Text] = Field({}, description="Labels of their series.")


class Scrape(Values):
    """How often."""

    interval: PrometheusDuration = Field("30s", description="Time between scrapes.")
    evaluation_interval: PrometheusDuration = Field("30s", description="Time between evaluations of rules.")
    external_labels: MapOf[EnvName, Text] = Field({}, description="Labels of this server in alerts and elsewhere.")


class Kubelet(Values):
    """Metrics of nodes, containers and volumes by the kubelets."""

    enabled: bool = Field(default=True, description="Whether they are scraped; it needs a ClusterRole.")
    verify: bool = Field(default=False, description="Whether kubelets' certificates are verified; most sign their own.")


class Switch(Values):
    """Something that is scraped or not."""

    enabled: bool = Field(default=True, description="Whether it is scraped.")


class Discovery(Values):
    """What is found through the Kubernetes API."""

    namespaces: ListOf[Namespace] = Field(
        (), description="Namespaces to look in, by a Role each; empty means all, by a ClusterRole."
    )
    annotations: Switch = Field(
        Switch(), description="Services with the annotations `prometheus.io/scrape` and `prometheus.io/port`, both."
    )
    api_server: Switch = Field(Switch(), description="The API server.")
    kubelet: Kubelet = Field(Kubelet(), description="Kubelets.")


class RuleGroup(Values):
    """Rules that are evaluated together."""

    interval: OrEmpty[PrometheusDuration] = Field("", description="Empty means `scrape.evaluationInterval`.")
    rules: ListOf[AlertRule] = Field(description="Alerts and recorded series.")


class Webhook(Values):
    """A program that takes alerts."""

    url: SecretRef = Field(SecretRef(key="url"), description="Where it is.")


class Slack(Values):
    """A channel of Slack."""

    url: SecretRef = Field(SecretRef(key="url"), description="URL of the incoming webhook.")
    channel: OrEmpty[Text] = Field("", description="Channel; empty means the webhook's.")


class Mail(Values):
    """A mailbox."""

    to: OrEmpty[Email] = Field("", description="To whom.")
    sender: OrEmpty[Email] = Field("", description="From whom.")
    smarthost: OrEmpty[HostPort] = Field("", description="Mail server and port.")
    username: OrEmpty[Text] = Field("", description="User at the mail server.")
    password: Password = Field(Password(), description="Its password.")


class Pagerduty(Values):
    """A service of PagerDuty."""

    routing_key: SecretRef = Field(SecretRef(key="routing-key"), description="Its key.")


class Receiver(Choice):
    """Who is told of alerts."""

    needed: ClassVar = {
        "webhook": ("url.name",),
        "slack": ("url.name",),
        "email": ("to", "sender", "smarthost"),
        "pagerduty": ("routingKey.name",),
    }

    type: Literal["webhook", "slack", "email", "pagerduty"] = Field("webhook", description="How.")
    matchers: ListOf[Matcher] = Field((), description="Which alerts, all of these; empty means every one.")
    webhook: Webhook = Field(Webhook(), description="Used where type is `webhook`.")
    slack: Slack = Field(Slack(), description="Used where type is `slack`.")
    email: Mail = Field(Mail(), description="Used where type is `email`.")
    pagerduty: Pagerduty = Field(Pagerduty(), description="Used where type is `pagerduty`.")


class Grouping(Values):
    """Alerts that are told together, and how often."""

    by: ListOf[EnvName] = Field(("namespace", "alertname"), description="Labels that alerts of a group share.")
    wait: PrometheusDuration = Field("30s", description="Time until a new group is told.")
    interval: PrometheusDuration = Field("5m", description="Time until a group's new alerts are told.")
    repeat_interval: PrometheusDuration = Field("4h", description="Time until they are told again.")


class AlertmanagerPersistence(PodPersistence):
    """Volume of silences, and of what was told."""

    size: Quantity = Field("1Gi", description="Size.")


class AlertmanagerEnvVar(ProgramEnvVar):
    """A variable of Alertmanager that the chart does not set itself."""

    own: ClassVar[tuple[str, ...]] = ("POD_IP",)


class Alertmanager(StatefulWorkload, Scheduling):
    """Who groups alerts and tells receivers."""

    enabled: bool = Field(default=True, description="Whether it runs.")
    image: VersionedImage = Field(
        VersionedImage(registry="quay.io", repository="prometheus/alertmanager", tag="v0.28.1"), description="Image."
    )
    replica_count: Annotated[int, Field(ge=0, le=9)] = Field(1, description="Pods; they tell each other what was told.")
    receivers: MapOf[DnsLabel, Receiver] = Field(
        {}, description="Who is told, by name. Each gets what its matchers fit; what fits none is only shown."
    )
    grouping: Grouping = Field(Grouping(), description="Alerts that are told together.")
    receiver_ports: ListOf[PortNumber] = Field((443, 587), description="Ports that the policy lets it reach.")
    retention: Annotated[str, Pattern("hours", r"[0-9]+h", "120h", 8)] = Field(
        "120h", description="How long is kept what was told."
    )
    external_url: OrEmpty[Url] = Field("", description="Where people reach it, for links in messages.")
    persistence: AlertmanagerPersistence = Field(AlertmanagerPersistence(), description="Volume.")
    service: Service = Field(Service(), description="Service.")
    pdb: PodDisruptionBudget = Field(PodDisruptionBudget(), description="Disruption budget.")
    extra_env_vars: ListOf[AlertmanagerEnvVar] = Field((), description="Further variables.")


class ServerSecurity(PodSecurityContext):
    """Security of all pods; the user is the images' `nobody`, `null` lets OpenShift choose."""

    run_as_user: Id | None = Field(65534, description="User id; 65532 for the `-distroless` image.")
    run_as_group: Id | None = Field(65534, description="Group id.")
    fs_group: Id | None = Field(65534, description="Group that owns the volumes.")


class ServerEnvVar(ProgramEnvVar):
    """A variable of the server that the chart does not set itself."""

    own: ClassVar[tuple[str, ...]] = ("POD_NAME",)


RULES = (
    Rule(
        when={"remoteWriteReceiver": True},
        then={"ingress.enabled": (False,), "httpRoute.enabled": (False,), "service.type": ("ClusterIP",)},
        because="whoever came by it could write series",
    ),
)


class Prometheus(StatefulWorkload, ChartValues):
    """Prometheus servers, each with all series, and Alertmanager."""

    rules: ClassVar = RULES

    image: VersionedImage = Field(
        VersionedImage(registry="quay.io", repository="prometheus/prometheus", tag="v3.13.2"),
        description="Image of the servers.",
    )
    replica_count: Annotated[int, Field(ge=0, le=9)] = Field(
        1, description="Servers; each scrapes everything to a volume of its own, and Alertmanager drops what is double."
    )
    retention: Retention = Field(Retention(), description="What is kept.")
    scrape: Scrape = Field(Scrape(), description="How often is scraped.")
    monitors: MapOf[DnsLabel, Monitor] = Field({}, description="Services to scrape, by a name of your choice.")
    targets: MapOf[DnsLabel, Static] = Field({}, description="Addresses to scrape, by a name of your choice.")
    discovery: Discovery = Field(Discovery(), description="What is found through the Kubernetes API.")
    rule_groups: MapOf[DnsLabel, RuleGroup] = Field({}, description="Rules, by the name of their group.")
    rule_config_maps: ListOf[ObjectName] = Field(
        (), description="ConfigMaps with rule files (`*.yaml`) of the release's namespace; they may come later."
    )
    tls: ClientTls = Field(ClientTls(), description="Certificate whose Secret tells who signed those of targets.")
    external_url: OrEmpty[Url] = Field("", description="Where people reach it, for links in alerts.")
    remote_write_receiver: bool = Field(default=False, description="Whether whoever reaches it may write series.")
    persistence: ServerPersistence = Field(ServerPersistence(), description="Volume of the series.")
    resources: Resources = Field(
        Resources(
            requests={"cpu": "250m", "memory": "1Gi", "ephemeral-storage": "64Mi"},
            limits={"memory": "2Gi", "ephemeral-storage": "256Mi"},
        ),
        description="Requests and limits.",
    )
    alertmanager: Alertmanager = Field(Alertmanager(), description="Alertmanager.")
    rbac: Rbac = Field(Rbac(), description="Rights at the Kubernetes API.")
    service_account: ServiceAccount = Field(ServiceAccount(), description="ServiceAccount of all pods.")
    service: Service = Field(Service(), description="Service of the servers.")
    ingress: Ingress = Field(Ingress(), description="Ingress to the servers; they ask nobody for a password.")
    http_route: HttpRoute = Field(HttpRoute(), description="Likewise, by the Gateway API.")
    network_policy: NetworkPolicy = Field(CLOSED, description="Network policy.")
    pod_security_context: ServerSecurity = Field(ServerSecurity(), description="Security of all pods.")
    pdb: PodDisruptionBudget = Field(PodDisruptionBudget(), description="Disruption budget.")
    startup_probe: Probe = Field(
        Probe(period_seconds=5, failure_threshold=180), description="Whether the server has started."
    )
    termination_grace_period_seconds: Seconds = Field(300, description="Seconds to write what is in memory.")
    extra_env_vars: ListOf[ServerEnvVar] = Field((), description="Further variables of the servers.")
    metrics: Metrics = Field(Metrics(), description="Its own metrics, alerts and dashboards.")
    tests: HelmTest = Field(HelmTest(), description="Pod of `helm test`.")


def _offers(values: Prometheus) -> tuple[Offer, ...]:
    return (PrometheusServer(), AlertmanagerServer()) if values.alertmanager.enabled else (PrometheusServer(),)


def _endpoint(each: Connection[MetricsOfAll]) -> MetricsEndpoint:
    return cast("MetricsEndpoint", each.offer)


def _monitor(each: Connection[MetricsOfAll]) -> dict[str, Any]:
    port = _endpoint(each)
    own = {} if port.namespace else each.provider.peer.labels
    component = {"app.kubernetes.io/component": port.component} if port.component else {}
    return {
        "namespaces": [port.namespace or each.provider.namespace],
        "labels": {**own, **component, **port.labels},
        "port": port.name,
        "path": port.path,
        "params": {name: list(words) for name, words in port.params.items()},
        "scheme": "https" if each.is_encrypted else "http",
        "basicAuth": {"username": port.username, "password": {"name": each.secret}},
        "tls": {"authority": each.authority.document(), "serverName": each.host if each.is_encrypted else ""},
    }


def _given(_: Prometheus, given: Given) -> dict[str, Any]:
    monitors = {
        "--".join(filter(None, (each.provider.name, _endpoint(each).component))): _monitor(each)
        for each in given.connections_of(MetricsOfAll)
    }
    return {"monitors": monitors, "ruleConfigMaps": list(given.alerts)}


CHART = ChartType(
    name="prometheus",
    model=Prometheus,
    version="0.1.0",
    app_version="3.13.2",
    description="Prometheus with typed scraping and rules, retention that fits its volume, and Alertmanager.",
    default_profile="ha",
    icon="https://raw.githubusercontent.com/cncf/artwork/main/projects/prometheus/icon/color/prometheus-icon-color.svg",
    home="https://prometheus.io",
    sources=("https://github.com/prometheus/prometheus", "https://github.com/prometheus/alertmanager"),
    keywords=("prometheus", "alertmanager", "monitoring", "metrics"),
    category="monitoring-logging",
    wiring=Wiring(
        offers=_offers,
        metrics=lambda _: (MetricsEndpoint(labels={"prometheus-headless": "true"}, name="http"),),
        needs=lambda _: (MetricsOfAll(),),
        values=_given,
    ),
)
