"""Typed values of the `lakefs` chart.

Sources: lakeFS 1.84.0, `pkg/config/config.go` and `defaults.go` (keys), `cmd/lakefs/cmd` (setup, migrate).
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from hmco_charts.values.base import Values
from hmco_charts.values.chart import ChartType
from hmco_charts.values.cloud import ACCESS_KEY_ID, AZURE_CLIENT_SECRET, GCP_CREDENTIALS, SECRET_ACCESS_KEY
from hmco_charts.values.kubernetes import Id, PodSecurityContext, Resources, Seconds
from hmco_charts.values.postgresql_client import (
    LEFT_OPEN,
    PostgresqlClient,
    PostgresqlConnection,
    PostgresqlDatabase,
    SqlName,
    connection_values,
    is_left_open,
)
from hmco_charts.values.provision import Given, Ground, MetricsEndpoint, OwnSecret, Wiring
from hmco_charts.values.rule import Rule
from hmco_charts.values.text import (
    Host,
    HostPattern,
    ListOf,
    OrEmpty,
    Pattern,
    Quantity,
    Url,
    Word,
)
from hmco_charts.values.types import (
    ChartValues,
    Choice,
    ConnectionUrl,
    ExistingTls,
    HttpRoute,
    Image,
    Ingress,
    Metrics,
    NamedSecretRef,
    NetworkPolicy,
    Password,
    Peer,
    Persistence,
    PodDisruptionBudget,
    Probe,
    SecretRef,
    Service,
    ServiceAccount,
    Tls,
)
from hmco_charts.values.workload import HelmTest, ProgramEnvVar, StatelessWorkload, Task

Account = Annotated[str, Pattern("a storage account", r"[a-z0-9]{3,24}", "platformdata", 24)]


class PostgresDatabase(PostgresqlConnection):
    """A PostgreSQL database, whose role may create tables: lakeFS makes its own."""

    host: OrEmpty[Host] = Field("postgresql", description="Host of the database.")
    database: SqlName = Field("lakefs", description="Database.")
    username: SqlName = Field("lakefs", description="Role, owner of the database.")
    password: Password = Field(Password(name="lakefs-postgresql"), description="The role's password, any characters.")
    connection_string: ConnectionUrl = Field(
        ConnectionUrl(), description="Replaces all of the above; special characters in it are percent-encoded."
    )
    max_open_connections: Annotated[int, Field(ge=1, le=1000)] = Field(
        20, description="Connections of each pod, all of them open from the start."
    )
    client: PostgresqlClient = Field(PostgresqlClient(), description="Client of the init container that waits.")


class LakefsDatabase(Choice):
    """Where references, commits and users are."""

    type: Literal["postgres", "local"] = Field("postgres", description="`local` is for development, with one pod.")
    postgres: PostgresDatabase = Field(PostgresDatabase(), description="Used where type is `postgres`.")


class S3(Values):
    """S3 or what speaks it; without keys in a Secret, the identity of the ServiceAccount."""

    region: Word = Field("us-east-1", description="Region.")
    endpoint: OrEmpty[Url] = Field("", description="Endpoint, such as that of MinIO; empty means AWS.")
    force_path_style: bool = Field(default=False, description="Whether the bucket stands in the path: MinIO needs it.")
    discover_bucket_region: bool = Field(default=True, description="Whether a bucket's region is asked for.")
    pre_signed_endpoint: OrEmpty[Url] = Field("", description="Endpoint in links for clients outside the cluster.")
    access_key_id: SecretRef = Field(ACCESS_KEY_ID, description="Access key's id.")
    secret_access_key: SecretRef = Field(SECRET_ACCESS_KEY, description="Access key's secret.")


class Gs(Values):
    """Google Cloud Storage; without a file in a Secret, the identity of the ServiceAccount."""

    credentials: SecretRef = Field(GCP_CREDENTIALS, description="Service account's file; never its text.")


class Azure(Values):
    """Azure Blob Storage by identity: lakeFS prints an account's key into its log, so there is no value for one."""

    storage_account: OrEmpty[Account] = Field("", description="Storage account.")
    domain: OrEmpty[Host] = Field("", description="Domain; empty means blob.core.windows.net.")
    tenant_id: OrEmpty[Word] = Field("", description="Tenant; empty means the identity of the ServiceAccount.")
    client_id: OrEmpty[Word] = Field("", description="Client.")
    client_secret: SecretRef = Field(AZURE_CLIENT_SECRET, description="Client secret.")


class Blockstore(Choice):
    """Where objects are; another type on existing repositories is refused by the program."""

    needed: ClassVar = {"azure": ("storageAccount",)}

    type: Literal["s3", "gs", "azure", "local"] = Field("s3", description="`local` is for development, with one pod.")
    s3: S3 = Field(S3(), description="Used where type is `s3`.")
    gs: Gs = Field(Gs(), description="Used where type is `gs`.")
    azure: Azure = Field(Azure(), description="Used where type is `azure`.")


class Cache(Values):
    """Committed metadata on the pod's own disk."""

    size: Quantity = Field("1Gi", description="Size; the volume has a quarter more.")


class S3Gateway(Values):
    """The S3 interface, on the same port as the API."""

    domain_names: ListOf[HostPattern] = Field(
        (), description="Domains of buckets, each with a wildcard in the DNS; none may be a part of another."
    )
    region: Word = Field("us-east-1", description="Region that it says it is in.")


class Telemetry(Values):
    """What the program asks and tells its makers."""

    enabled: bool = Field(default=False, description="Whether it sends statistics and looks for new versions.")


class Setup(Task):
    """A Job that makes the first administrator; until there is one, whoever reaches the server may."""

    enabled: bool = Field(default=False, description="Whether it runs; where there is one already, it does nothing.")
    user_name: Word = Field("admin", description="Name.")
    access_key_id: SecretRef = Field(ACCESS_KEY_ID, description="Access key's id, such as 20 letters and digits.")
    secret_access_key: SecretRef = Field(SECRET_ACCESS_KEY, description="Access key's secret.")


class Migration(Task):
    """A Job before an upgrade that converts the database; needed where a new version says so."""

    enabled: bool = Field(default=False, description="Whether it runs; where nothing is to be done, it does nothing.")


class ServerTls(Tls):
    """Where the server's certificate comes from."""

    type: Literal["none", "existingSecret", "certManager"] = Field(
        "existingSecret", description="`none` is for development, and behind a mesh."
    )
    existing_secret: ExistingTls = Field(
        ExistingTls(name="lakefs-tls"), description="Used where type is `existingSecret`."
    )


class ServerSecurity(PodSecurityContext):
    """Security of the pods; the image's own user has a name and no number, which `runAsNonRoot` refuses."""

    run_as_user: Id | None = Field(8000, description="User id of its own, as inotify's limits count by user.")
    run_as_group: Id | None = Field(8000, description="Group id.")
    fs_group: Id | None = Field(8000, description="Group that owns the volumes.")


class Servers(Values):
    """Whom the pods may reach; without labels, everyone on the port that the values name."""

    postgresql: Peer = Field(Peer(), description="Pods of the database.")
    object_store: Peer = Field(Peer(), description="Pods of the object store.")


class ServerNetworkPolicy(NetworkPolicy):
    """Who may reach the pods, and whom they may reach: by default only what the configuration needs."""

    allow_external_egress: bool = Field(default=False, description="Whether pods may reach everything.")
    servers: Servers = Field(Servers(), description="Whom the pods may reach.")


class ServerEnvVar(ProgramEnvVar):
    """A variable of the server that the chart does not set itself."""

    own: ClassVar[tuple[str, ...]] = (
        *("LAKEFS_DATABASE_POSTGRES_CONNECTION_STRING", "LAKEFS_AUTH_ENCRYPT_SECRET_KEY", "LAKEFS_DATABASE"),
        *("LAKEFS_BLOCKSTORE_SIGNING_SECRET_KEY", "LAKEFS_BLOCKSTORE_S3_CREDENTIALS_ACCESS_KEY_ID"),
        *("LAKEFS_BLOCKSTORE_S3_CREDENTIALS_SECRET_ACCESS_KEY", "LAKEFS_BLOCKSTORE_AZURE_STORAGE_ACCESS_KEY"),
        *("LAKEFS_BLOCKSTORE_GS_CREDENTIALS_JSON", "LAKEFS_BLOCKSTORE", "LAKEFS_AUTH", "LAKEFS_LISTEN_ADDRESS"),
        *("PGPASSWORD", "HOME", "AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"),
    )


_ONE_POD = {"replicaCount": (0, 1), "autoscaling.enabled": (False,), "updateStrategy.type": ("Recreate",)}
RULES = (
    Rule(
        when={"database.type": "local"},
        then=_ONE_POD,
        because="the database's folder is locked by one pod, and a second would have data of its own",
    ),
    Rule(
        when={"blockstore.type": "local"},
        then=_ONE_POD,
        because="the objects lie in one pod's volume",
    ),
    Rule(
        when={"database.type": "postgres", "database.postgres.connectionString.name": ""},
        needed=("database.postgres.host", "database.postgres.password.name"),
        because="the database must be named, by its parts or by connectionString",
    ),
    Rule(
        when={"setup.enabled": True},
        needed=("setup.accessKeyId.name", "setup.secretAccessKey.name"),
        because="the Job would print keys that it made up into its log",
    ),
)


class Lakefs(StatelessWorkload, ChartValues):
    """lakeFS on Kubernetes."""

    rules: ClassVar = RULES

    image: Image = Field(Image(registry="docker.io", repository="treeverse/lakefs"), description="Image.")
    replica_count: Annotated[int, Field(ge=0, le=100)] = Field(2, description="Pods, unless they are autoscaled.")
    database: LakefsDatabase = Field(LakefsDatabase(), description="Where references, commits and users are.")
    blockstore: Blockstore = Field(Blockstore(), description="Where objects are.")
    encryption_key: NamedSecretRef = Field(
        NamedSecretRef(name="lakefs", key="encryption-key"),
        description="Key of stored credentials: lost, nobody can log in any more.",
    )
    signing_key: NamedSecretRef = Field(
        NamedSecretRef(name="lakefs", key="signing-key"), description="Key of signed requests."
    )
    cache: Cache = Field(Cache(), description="Committed metadata on the pod's own disk.")
    s3_gateway: S3Gateway = Field(S3Gateway(), description="The S3 interface.")
    log_level: Literal["TRACE", "DEBUG", "INFO", "WARN", "ERROR"] = Field("INFO", description="Level of the log.")
    log_format: Literal["json", "text"] = Field("json", description="Format of the log.")
    telemetry: Telemetry = Field(Telemetry(), description="What the program asks and tells its makers.")
    setup: Setup = Field(Setup(), description="Job that makes the first administrator.")
    migration: Migration = Field(Migration(), description="Job before an upgrade that converts the database.")
    persistence: Persistence = Field(
        Persistence(), description="Volume of the database and the objects, as far as they are `local`."
    )
    tls: ServerTls = Field(ServerTls(), description="Where the server's certificate comes from.")
    cluster_domain: Host = Field("cluster.local", description="Domain of the cluster.")
    resources: Resources = Field(
        Resources(
            requests={"cpu": "250m", "memory": "512Mi", "ephemeral-storage": "64Mi"},
            limits={"memory": "2Gi", "ephemeral-storage": "4Gi"},
        ),
        description="Requests and limits; the table cache alone takes 400 MB.",
    )
    service_account: ServiceAccount = Field(ServiceAccount(), description="ServiceAccount of the server.")
    service: Service = Field(Service(), description="Service of the server.")
    ingress: Ingress = Field(Ingress(), description="Ingress to the server.")
    http_route: HttpRoute = Field(HttpRoute(), description="Route of the Gateway API to the server.")
    network_policy: ServerNetworkPolicy = Field(ServerNetworkPolicy(), description="Network policy.")
    pod_security_context: ServerSecurity = Field(ServerSecurity(), description="Security of all pods.")
    pdb: PodDisruptionBudget = Field(PodDisruptionBudget(), description="Disruption budget.")
    startup_probe: Probe = Field(
        Probe(period_seconds=2, failure_threshold=90), description="Whether the server has started."
    )
    termination_grace_period_seconds: Seconds = Field(40, description="Seconds to stop.")
    extra_env_vars: ListOf[ServerEnvVar] = Field((), description="Further variables of the server.")
    metrics: Metrics = Field(Metrics(), description="Metrics, alerts and dashboards.")
    tests: HelmTest = Field(HelmTest(), description="Pod of `helm test`.")


_KEYS = {"encryption-key": 32, "signing-key": 32}


def _defaults(_: Ground) -> dict[str, Any]:
    return {"database": {"type": "postgres", "postgres": LEFT_OPEN}}


def _needs(values: Lakefs) -> tuple[PostgresqlDatabase, ...]:
    database = values.database.postgres
    if values.database.type != "postgres" or not is_left_open(database) or database.connection_string.name:
        return ()
    pods = values.autoscaling.max_replicas if values.autoscaling.enabled else max(1, values.replica_count)
    at_a_rollout = pods + (values.update_strategy.type == "RollingUpdate")
    return (
        PostgresqlDatabase(
            name=database.database,
            role=database.username,
            connections=database.max_open_connections * at_a_rollout,
        ),
    )


def _given(_: Lakefs, given: Given) -> dict[str, Any]:
    keys = given.place.secret("keys")
    told: dict[str, Any] = {"encryptionKey": {"name": keys}, "signingKey": {"name": keys}}
    for each in given.connections_of(PostgresqlDatabase):
        told["database"] = {"postgres": connection_values(each)}
        told["networkPolicy"] = {"servers": {"postgresql": each.provider.peer.document()}}
    return told


def _metrics(values: Lakefs) -> tuple[MetricsEndpoint, ...]:
    is_plain = values.tls.type == "none"
    return (
        MetricsEndpoint(labels={"lakefs-metrics": "true"}, name="http" if is_plain else "https", is_plain=is_plain),
    )


CHART = ChartType(
    name="lakefs",
    model=Lakefs,
    version="0.1.0",
    app_version="1.84.0",
    description="lakeFS on PostgreSQL and S3, Google Cloud Storage or Azure, without a kernel setting in its pods.",
    default_profile="ha",
    icon="https://raw.githubusercontent.com/treeverse/lakeFS/master/docs/src/assets/img/logo.svg",
    home="https://lakefs.io",
    sources=("https://github.com/treeverse/lakeFS",),
    keywords=("lakefs", "data lake", "versioning", "s3"),
    category="database",
    wiring=Wiring(
        defaults=_defaults,
        metrics=_metrics,
        needs=_needs,
        secrets=lambda _: (OwnSecret(suffix="keys", keys=_KEYS),),
        values=_given,
    ),
)
