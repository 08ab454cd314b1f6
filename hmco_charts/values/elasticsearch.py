"""Typed values of the `elasticsearch` chart: nodes of one cluster, all of one kind.

Sources: elastic/elasticsearch `distribution/docker/src/docker/bin/docker-entrypoint.sh`, `BootstrapChecks.java`,
`ReadinessService.java`; Elasticsearch's documentation of discovery, security settings and snapshots.
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from hmco_charts.values.base import Values
from hmco_charts.values.chart import ChartType
from hmco_charts.values.elasticsearch_client import ElasticsearchCluster, ElasticsearchUser
from hmco_charts.values.kubernetes import PodSecurityContext, Resources, Seconds
from hmco_charts.values.provision import Given, MetricsEndpoint, OwnSecret, Tenant, Wiring
from hmco_charts.values.rule import Rule
from hmco_charts.values.text import (
    Host,
    ListOf,
    MapOf,
    ObjectName,
    OrEmpty,
    Pattern,
    Registry,
    Repository,
    Tag,
    Url,
    Word,
)
from hmco_charts.values.types import (
    CLOSED,
    PATIENT,
    SMALL,
    Backup,
    ChartValues,
    Choice,
    ExistingTls,
    Image,
    Metrics,
    NamedPassword,
    NetworkPolicy,
    Persistence,
    PodDisruptionBudget,
    Probe,
    SecretRef,
    Service,
    ServiceAccount,
    Tls,
    VersionedImage,
)
from hmco_charts.values.workload import Exporter, HelmTest, ProgramEnvVar, StatefulWorkload, Task

UserName = Annotated[str, Pattern("a name of a user", r"[A-Za-z][A-Za-z0-9_.-]{0,62}", "datahub", 63)]
Privilege = Annotated[str, Pattern("a privilege", r"[a-z][a-z0-9_:/*]{0,62}", "monitor", 63)]
IndexPattern = Annotated[str, Pattern("names of indices", r"[a-z0-9*.][a-z0-9*._-]{0,126}", "datahub*", 127)]
SettingName = Annotated[
    str, Pattern("a secure setting", r"[a-z0-9_-]+(\.[a-z0-9_-]+)+", "s3.client.default.access_key", 253)
]
Bytes = Annotated[str, Pattern("a size as Elasticsearch writes it", r"[0-9]+(b|kb|mb|gb)", "100mb", 16)]
BasePath = Annotated[str, Pattern("a path in a bucket", r"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*", "search/prod", 512)]
Role = Literal[
    "master",
    "data",
    "data_content",
    "data_hot",
    "data_warm",
    "data_cold",
    "data_frozen",
    "ingest",
    "ml",
    "remote_cluster_client",
    "transform",
    "voting_only",
]


class ServerImage(Image):
    """Elastic's image."""

    registry: OrEmpty[Registry] = Field("docker.elastic.co", description="Registry; `global.imageRegistry` wins.")
    repository: Repository = Field("elasticsearch/elasticsearch", description="Repository.")
    tag: OrEmpty[Tag] = Field("", description="Tag; empty means the chart's appVersion. Nodes never go back.")


class Admin(Values):
    """The user `elastic`, who may do everything: for the chart's Jobs and people, never for programs."""

    password: NamedPassword = Field(
        NamedPassword(name="elasticsearch-admin"),
        description="Its password, in the nodes' keystore. Change it by the API too.",
    )


class IndexPrivileges(Values):
    """What a user may do with indices."""

    names: Annotated[ListOf[IndexPattern], Field(min_length=1)] = Field(description="Indices, with `*` for any.")
    privileges: Annotated[ListOf[Privilege], Field(min_length=1)] = Field(description="Privileges, such as `all`.")


class User(Values):
    """A user of the native realm, with a role of the same name."""

    password: NamedPassword = Field(
        description="Its password, six characters at least, no line breaks; a changed one is set at the next upgrade."
    )
    roles: ListOf[UserName] = Field((), description="Roles beside its own, such as `monitoring_user`.")
    cluster: ListOf[Privilege] = Field((), description="Privileges in the cluster, such as `monitor`.")
    indices: ListOf[IndexPrivileges] = Field((), description="Privileges in indices.")


class Provisioning(Task):
    """The Job that makes users and their roles, at each upgrade again."""

    resources: Resources = Field(SMALL, description="Requests and limits.")


class Discovery(Values):
    """How nodes find each other and form the cluster."""

    bootstrap: bool = Field(
        default=True,
        description="Whether the nodes of this release form a new cluster: `cluster.initial_master_nodes` names them"
        " all. Switch it off once they have, and before you add nodes.",
    )
    seed_hosts: ListOf[Host] = Field(
        (), description="Hosts beside this release's, such as the headless Service of a release with the masters."
    )


class Configuration(Values):
    """Keys of elasticsearch.yml."""

    allow_mmap: bool = Field(
        default=False,
        description="Whether indices are mapped into memory: faster, but nodes must have vm.max_map_count=262144,"
        " which no pod may set.",
    )
    geoip_downloader: bool = Field(default=False, description="Whether GeoIP databases are fetched from the internet.")
    auto_create_index: OrEmpty[
        Annotated[str, Pattern("names of indices, or true or false", r"true|false|[a-z0-9.*+,_-]+", "datahub*", 1024)]
    ] = Field("", description="Indices that are made when first written to; empty means all.")
    max_content_length: Bytes = Field("100mb", description="Longest body of a request.")


class ServerTls(Tls):
    """The nodes' certificate, for clients and among nodes, which trust every certificate of its authority."""

    type: Literal["none", "existingSecret", "certManager"] = Field(
        "existingSecret", description="`none` is for one node in development."
    )
    existing_secret: ExistingTls = Field(
        ExistingTls(name="elasticsearch-tls"), description="Used where type is `existingSecret`."
    )


class FileRepository(Values):
    """Snapshots on a volume that all nodes share."""

    existing_claim: OrEmpty[ObjectName] = Field("", description="Claim with the access mode ReadWriteMany.")


class S3Repository(Values):
    """Snapshots in a bucket of S3 or what speaks its protocol."""

    bucket: OrEmpty[Word] = Field("", description="Bucket.")
    base_path: OrEmpty[BasePath] = Field("", description="Path in it; empty means namespace and name.")
    endpoint: OrEmpty[Url] = Field("", description="Address; empty means Amazon's.")
    region: OrEmpty[Word] = Field("", description="Region.")
    path_style_access: bool = Field(default=False, description="Whether the bucket stands in the path, as for MinIO.")
    access_key: SecretRef = Field(SecretRef(key="access-key"), description="Access key; unset: the cloud's identity.")
    secret_key: SecretRef = Field(SecretRef(key="secret-key"), description="Secret key.")


class GcsRepository(Values):
    """Snapshots in a bucket of Google Cloud Storage."""

    bucket: OrEmpty[Word] = Field("", description="Bucket.")
    base_path: OrEmpty[BasePath] = Field("", description="Path in it; empty means namespace and name.")
    credentials: SecretRef = Field(
        SecretRef(key="credentials.json"), description="Service account's file; unset means the cloud's identity."
    )


class AzureRepository(Values):
    """Snapshots in a container of Azure Blob Storage."""

    container: OrEmpty[Word] = Field("", description="Container.")
    base_path: OrEmpty[BasePath] = Field("", description="Path in it; empty means namespace and name.")
    account: SecretRef = Field(SecretRef(key="account"), description="Storage account.")
    key: SecretRef = Field(SecretRef(key="key"), description="Its key.")


class SnapshotRepository(Choice):
    """Where snapshots are kept; the only backup that can be restored, copies of volumes are none."""

    needed: ClassVar = {
        "fs": ("existingClaim",),
        "s3": ("bucket",),
        "gcs": ("bucket",),
        "azure": ("container", "account.name", "key.name"),
    }

    type: Literal["none", "fs", "s3", "gcs", "azure"] = Field("none", description="Kind of store.")
    fs: FileRepository = Field(FileRepository(), description="Used where type is `fs`.")
    s3: S3Repository = Field(S3Repository(), description="Used where type is `s3`.")
    gcs: GcsRepository = Field(GcsRepository(), description="Used where type is `gcs`.")
    azure: AzureRepository = Field(AzureRepository(), description="Used where type is `azure`.")


class SnapshotBackup(Backup):
    """Snapshots of all indices, by a CronJob that also removes the oldest."""

    repository: SnapshotRepository = Field(SnapshotRepository(), description="Where they are kept.")
    resources: Resources = Field(SMALL, description="Requests and limits.")


class NodeBudget(PodDisruptionBudget):
    """How many nodes a drain may take at a time: one, as an index may have one replica, and three keep a majority."""


class ServerEnvVar(ProgramEnvVar):
    """A variable of the server that the chart does not set itself."""

    own: ClassVar[tuple[str, ...]] = (
        *("NODE_NAME", "POD_IP", "ELASTIC_PASSWORD", "ELASTIC_PASSWORD_FILE", "KEYSTORE_PASSWORD"),
        *("KEYSTORE_PASSWORD_FILE", "ES_JAVA_OPTS", "ES_PATH_CONF", "JAVA_OPTS", "JAVA_TOOL_OPTIONS"),
    )


class ElasticsearchExporter(Exporter):
    """The exporter beside each node; its user, whom the Job makes, sees statistics and no documents."""

    image: VersionedImage = Field(
        VersionedImage(registry="quay.io", repository="prometheuscommunity/elasticsearch-exporter", tag="v1.9.0"),
        description="Image.",
    )
    username: UserName = Field("exporter", description="User.")
    password: NamedPassword = Field(NamedPassword(name="elasticsearch-exporter"), description="Its password.")


class ServerMetrics(Metrics):
    """Metrics of the exporter, alerts and dashboards."""

    exporter: ElasticsearchExporter = Field(ElasticsearchExporter(), description="Exporter.")


RULES = (
    Rule(
        when={"tls.type": "none"},
        then={"replicaCount": (0, 1)},
        because="with security nodes only join by TLS: 'Transport SSL must be enabled'",
    ),
    Rule(
        when={"backup.enabled": True},
        then={"backup.repository.type": ("fs", "s3", "gcs", "azure")},
        because="a snapshot needs a repository",
    ),
)


class Elasticsearch(StatefulWorkload, ChartValues):
    """Nodes of an Elasticsearch cluster with security, TLS, users, snapshots and metrics."""

    rules: ClassVar = RULES

    image: ServerImage = Field(ServerImage(), description="Image of the nodes, the Jobs and the backup.")
    cluster_name: OrEmpty[Word] = Field("", description="Name of the cluster; empty means the release's full name.")
    replica_count: Literal[0, 1, 3, 4, 5, 6, 7, 8, 9] = Field(
        3, description="Nodes; two would stand still where either fails."
    )
    roles: ListOf[Role] = Field((), description="Roles of the nodes; none named means all.")
    discovery: Discovery = Field(Discovery(), description="How nodes find each other and form the cluster.")
    configuration: Configuration = Field(Configuration(), description="Keys of elasticsearch.yml.")
    keystore: MapOf[SettingName, SecretRef] = Field(
        {}, description="Secure settings beside those of the chart; names that end in `_file` take the whole file."
    )
    admin: Admin = Field(Admin(), description="The user `elastic`.")
    users: MapOf[UserName, User] = Field({}, description="Users by name.")
    provisioning: Provisioning = Field(Provisioning(), description="Job that makes users and roles.")
    tls: ServerTls = Field(ServerTls(), description="Where the nodes' certificate comes from.")
    cluster_domain: Host = Field("cluster.local", description="Domain of the cluster.")
    persistence: Persistence = Field(Persistence(size="30Gi"), description="Volume of a node's data.")
    resources: Resources = Field(
        Resources(
            requests={"cpu": "500m", "memory": "4Gi", "ephemeral-storage": "256Mi"},
            limits={"memory": "4Gi", "ephemeral-storage": "2Gi"},
        ),
        description="Requests and limits; the heap is half of the memory limit, 31 GiB at most.",
    )
    service_account: ServiceAccount = Field(ServiceAccount(), description="ServiceAccount of the nodes.")
    service: Service = Field(Service(), description="Service of the nodes.")
    network_policy: NetworkPolicy = Field(CLOSED, description="Network policy.")
    pdb: NodeBudget = Field(NodeBudget(), description="Disruption budget.")
    pod_security_context: PodSecurityContext = Field(
        PodSecurityContext(run_as_user=1000, run_as_group=1000, fs_group=1000), description="Security of all pods."
    )
    startup_probe: Probe = Field(
        Probe(period_seconds=5, failure_threshold=120), description="Whether nodes can reach it."
    )
    readiness_probe: Probe = Field(Probe(period_seconds=5), description="Whether it has joined a cluster.")
    liveness_probe: Probe = Field(PATIENT, description="Whether nodes can reach it.")
    termination_grace_period_seconds: Seconds = Field(120, description="Seconds to stop.")
    extra_env_vars: ListOf[ServerEnvVar] = Field((), description="Further variables of the server.")
    metrics: ServerMetrics = Field(ServerMetrics(), description="Metrics, alerts and dashboards.")
    backup: SnapshotBackup = Field(SnapshotBackup(), description="Snapshots.")
    tests: HelmTest = Field(HelmTest(), description="Pod of `helm test`.")


def _user(tenant: Tenant[ElasticsearchUser]) -> dict[str, Any]:
    need = tenant.need
    indices = [{"names": list(need.indices), "privileges": list(need.privileges)}]
    return {"password": {"name": tenant.secret}, "cluster": list(need.cluster), "indices": indices}


def _given(_: Elasticsearch, given: Given) -> dict[str, Any]:
    return {
        "admin": {"password": {"name": given.place.secret("admin")}},
        "users": {tenant.need.name: _user(tenant) for tenant in given.tenants_of(ElasticsearchUser)},
        "metrics": {"exporter": {"password": {"name": given.place.secret("exporter")}}},
    }


CHART = ChartType(
    name="elasticsearch",
    model=Elasticsearch,
    version="0.1.0",
    app_version="8.19.5",
    description="Elasticsearch with derived discovery and heap, security and TLS, users, snapshots and metrics.",
    default_profile="ha",
    icon="https://static-www.elastic.co/v3/assets/bltefdd0b53724fa2ce/blt36f2da8d650732a0/elastic-logo.svg",
    home="https://www.elastic.co/elasticsearch",
    sources=(
        "https://github.com/elastic/elasticsearch",
        "https://github.com/prometheus-community/elasticsearch_exporter",
    ),
    keywords=("elasticsearch", "search", "index"),
    category="database",
    wiring=Wiring(
        offers=lambda _: (ElasticsearchCluster(),),
        metrics=lambda _: (MetricsEndpoint(labels={"elasticsearch-headless": "true"}),),
        secrets=lambda _: (OwnSecret(suffix="admin"), OwnSecret(suffix="exporter")),
        values=_given,
    ),
)
