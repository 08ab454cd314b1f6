"""Typed values of the `grafana` chart: servers, their database, datasources, and the dashboards that they collect.

Sources: grafana/grafana, `conf/defaults.ini` and `packaging/docker/run.sh`; Grafana's documentation of provisioning;
kiwigrid/k8s-sidecar, `README.md`.
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from hmco_charts.values.base import Values
from hmco_charts.values.chart import ChartType
from hmco_charts.values.kubernetes import PodSecurityContext, PortNumber, Resources
from hmco_charts.values.monitoring_client import Alerts, Logs, Series, Watched, url
from hmco_charts.values.postgresql_client import (
    LEFT_OPEN,
    PostgresqlConnection,
    PostgresqlDatabase,
    SqlName,
    connection_values,
    is_left_open,
)
from hmco_charts.values.provision import Given, MetricsEndpoint, Need, OwnSecret, Wiring
from hmco_charts.values.rule import Rule
from hmco_charts.values.text import (
    DnsLabel,
    LabelKey,
    LabelValue,
    ListOf,
    MapOf,
    Namespace,
    OrEmpty,
    Pattern,
    Url,
)
from hmco_charts.values.types import (
    ChartValues,
    Choice,
    ClientTls,
    HttpRoute,
    Image,
    Ingress,
    Metrics,
    NamedPassword,
    NamedSecretRef,
    NetworkPolicy,
    Password,
    Persistence,
    PodDisruptionBudget,
    Probe,
    Rbac,
    Service,
    ServiceAccount,
    VersionedImage,
)
from hmco_charts.values.workload import HelmTest, ProgramEnvVar, StatelessUpdate, StatelessWorkload

Plugin = Annotated[
    str, Pattern("a plugin", r"[a-z0-9][a-z0-9-]*(@[0-9][0-9A-Za-z.-]*)?", "grafana-clock-panel@2.1.8", 128)
]
Login = Annotated[str, Pattern("a user name", r"[A-Za-z0-9._@-]+", "admin", 253)]


class Admin(Values):
    """The administrator."""

    username: Login = Field("admin", description="Name.")
    password: NamedPassword = Field(
        NamedPassword(name="grafana-admin"),
        description="Its password, set once in an empty database; later `grafana cli admin` changes it.",
    )


class Database(PostgresqlConnection):
    """A PostgreSQL database, and the role that uses it."""

    database: SqlName = Field("grafana", description="Database.")
    username: SqlName = Field("grafana", description="Role, owner of the database.")
    max_open_connections: Annotated[int, Field(ge=2, le=1000)] = Field(20, description="Connections of each pod.")


class GrafanaDatabase(Choice):
    """Where users, folders and settings are."""

    needed: ClassVar = {"postgres": ("host", "password.name")}

    type: Literal["sqlite3", "postgres"] = Field("sqlite3", description="`sqlite3` is a file of one pod.")
    postgres: Database = Field(Database(), description="Used where type is `postgres`.")


class Datasource(Values):
    """Where dashboards take their data from."""

    type: Literal["prometheus", "loki", "alertmanager", "tempo", "postgres"] = Field(
        "prometheus", description="What it is."
    )
    url: Url = Field(description="Where it is, as the servers see it.")
    is_default: bool = Field(default=False, description="Whether new panels take it.")
    username: OrEmpty[Login] = Field("", description="User; empty means that it asks for none.")
    password: Password = Field(Password(), description="Its password.")
    database: OrEmpty[SqlName] = Field("", description="Database, where type is `postgres`.")


class Dashboards(Values):
    """Dashboards of ConfigMaps, which a container beside the server collects."""

    enabled: bool = Field(default=True, description="Whether they are collected; it needs to read ConfigMaps.")
    label: LabelKey = Field("grafana_dashboard", description="Label of the ConfigMaps.")
    label_value: LabelValue = Field("1", description="Its value.")
    folder_annotation: LabelKey = Field("grafana_folder", description="Annotation that names the folder.")
    namespaces: ListOf[Namespace] = Field(
        (), description="Namespaces to look in, by a Role each; empty means all, by a ClusterRole."
    )
    image: VersionedImage = Field(
        VersionedImage(registry="quay.io", repository="kiwigrid/k8s-sidecar", tag="1.30.3"),
        description="Image of the collector.",
    )
    resources: Resources = Field(
        Resources(
            requests={"cpu": "20m", "memory": "96Mi", "ephemeral-storage": "16Mi"},
            limits={"memory": "192Mi", "ephemeral-storage": "64Mi"},
        ),
        description="Requests and limits of the collector.",
    )


class Anonymous(Values):
    """Visitors without a login."""

    enabled: bool = Field(default=False, description="Whether they are let in, as viewers.")


class ServerNetworkPolicy(NetworkPolicy):
    """Who may reach the pods, and whom they may reach: by default pods of the cluster and what is named here."""

    allow_external_egress: bool = Field(default=False, description="Whether pods may reach everything.")
    external_ports: ListOf[PortNumber] = Field((), description="Ports outside the cluster, such as of datasources.")


class ServerEnvVar(ProgramEnvVar):
    """A variable of the server that the chart does not set itself."""

    own: ClassVar[tuple[str, ...]] = (
        *("GF_SECURITY_ADMIN_USER", "GF_SECURITY_ADMIN_PASSWORD", "GF_SECURITY_ADMIN_PASSWORD__FILE"),
        *("GF_SECURITY_SECRET_KEY", "GF_SECURITY_SECRET_KEY__FILE", "GF_DATABASE_TYPE", "GF_DATABASE_URL"),
        *("GF_DATABASE_HOST", "GF_DATABASE_NAME", "GF_DATABASE_USER", "GF_DATABASE_PASSWORD"),
        *("GF_DATABASE_PASSWORD__FILE", "GF_DATABASE_SSL_MODE", "GF_PATHS_DATA", "GF_PATHS_PROVISIONING", "POD_IP"),
    )


_ONE_POD = {"replicaCount": (0, 1), "autoscaling.enabled": (False,), "updateStrategy.type": ("Recreate",)}
RULES = (
    Rule(
        when={"database.type": "sqlite3"},
        then=_ONE_POD,
        because="the database is a file that one pod writes",
    ),
)


class Grafana(StatelessWorkload, ChartValues):
    """Grafana with its datasources, and the dashboards of all charts."""

    rules: ClassVar = RULES

    image: Image = Field(Image(registry="docker.io", repository="grafana/grafana"), description="Image of the server.")
    replica_count: Annotated[int, Field(ge=0, le=100)] = Field(1, description="Pods, unless they are autoscaled.")
    admin: Admin = Field(Admin(), description="The administrator.")
    secret_key: NamedSecretRef = Field(
        NamedSecretRef(name="grafana-secret-key", key="secret-key"),
        description="Key of the datasources' credentials: changed, they cannot be read any more.",
    )
    database: GrafanaDatabase = Field(GrafanaDatabase(), description="Where users, folders and settings are.")
    tls: ClientTls = Field(ClientTls(), description="Certificate whose Secret tells who signed the database's.")
    datasources: MapOf[DnsLabel, Datasource] = Field({}, description="Datasources by name.")
    dashboards: Dashboards = Field(Dashboards(), description="Dashboards that are collected.")
    plugins: ListOf[Plugin] = Field((), description="Plugins that each start fetches; the policy then opens port 443.")
    anonymous: Anonymous = Field(Anonymous(), description="Visitors without a login.")
    external_url: OrEmpty[Url] = Field("", description="Where people reach it.")
    persistence: Persistence = Field(Persistence(), description="Volume of the database, where it is `sqlite3`.")
    resources: Resources = Field(
        Resources(
            requests={"cpu": "100m", "memory": "256Mi", "ephemeral-storage": "64Mi"},
            limits={"memory": "768Mi", "ephemeral-storage": "1Gi"},
        ),
        description="Requests and limits.",
    )
    rbac: Rbac = Field(Rbac(), description="Rights at the Kubernetes API.")
    service_account: ServiceAccount = Field(ServiceAccount(), description="ServiceAccount of the servers.")
    service: Service = Field(Service(), description="Service of the servers.")
    ingress: Ingress = Field(Ingress(), description="Ingress to the servers.")
    http_route: HttpRoute = Field(HttpRoute(), description="Route of the Gateway API to the servers.")
    network_policy: ServerNetworkPolicy = Field(ServerNetworkPolicy(), description="Network policy.")
    pod_security_context: PodSecurityContext = Field(
        PodSecurityContext(run_as_user=472, run_as_group=472, fs_group=472), description="Security of all pods."
    )
    update_strategy: StatelessUpdate = Field(
        StatelessUpdate(type="Recreate"), description="How a change reaches the pods."
    )
    pdb: PodDisruptionBudget = Field(PodDisruptionBudget(), description="Disruption budget.")
    startup_probe: Probe = Field(
        Probe(period_seconds=5, failure_threshold=60), description="Whether the server has started."
    )
    extra_env_vars: ListOf[ServerEnvVar] = Field((), description="Further variables of the servers.")
    metrics: Metrics = Field(Metrics(), description="Its own metrics, alerts and dashboards.")
    tests: HelmTest = Field(HelmTest(), description="Pod of `helm test`.")


def _needs(values: Grafana) -> tuple[Need, ...]:
    watched = (Series(is_optional=True), Alerts(is_optional=True), Logs(is_optional=True))
    database = values.database.postgres
    if values.database.type != "postgres" or not is_left_open(database):
        return watched
    pods = values.autoscaling.max_replicas if values.autoscaling.enabled else max(1, values.replica_count)
    at_a_rollout = pods + (values.update_strategy.type == "RollingUpdate")
    connections = database.max_open_connections * at_a_rollout
    return (*watched, PostgresqlDatabase(name=database.database, role=database.username, connections=connections))


def _given(_: Grafana, given: Given) -> dict[str, Any]:
    sources = {
        each.need.kind: {"type": each.need.kind, "url": url(each), "isDefault": isinstance(each.need, Series)}
        for each in given.connections_of(Watched)
    }
    told: dict[str, Any] = {
        "admin": {"password": {"name": given.place.secret("admin")}},
        "secretKey": {"name": given.place.secret("secret-key")},
        "datasources": sources,
    }
    for each in given.connections_of(PostgresqlDatabase):
        told["database"] = {"postgres": connection_values(each)}
    return told


CHART = ChartType(
    name="grafana",
    model=Grafana,
    version="0.1.0",
    app_version="13.1.4",
    description="Grafana with provisioned datasources, the dashboards of every chart, and PostgreSQL for several pods.",
    default_profile="ha",
    icon="https://raw.githubusercontent.com/grafana/grafana/main/public/img/grafana_icon.svg",
    home="https://grafana.com/oss/grafana/",
    sources=("https://github.com/grafana/grafana", "https://github.com/kiwigrid/k8s-sidecar"),
    keywords=("grafana", "monitoring", "dashboards"),
    category="monitoring-logging",
    wiring=Wiring(
        defaults=lambda _: {"database": {"postgres": LEFT_OPEN}},
        metrics=lambda _: (MetricsEndpoint(labels={"grafana-metrics": "true"}, name="http"),),
        needs=_needs,
        secrets=lambda _: (OwnSecret(suffix="admin"), OwnSecret(suffix="secret-key", keys={"secret-key": 32})),
        values=_given,
    ),
)
