"""Typed values of the `vault` chart: HashiCorp Vault or OpenBao.

Sources: Vault's and OpenBao's documentation of the server configuration; for the differences between the two
programs and their versions, what `chart_templates/vault/files/distributions.yaml` cites.
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from hmco_charts.values.base import Values
from hmco_charts.values.chart import ChartType
from hmco_charts.values.cloud import AZURE_CLIENT_SECRET, GCP_CREDENTIALS
from hmco_charts.values.kubernetes import (
    ContainerSecurityContext,
    PodSecurityContext,
    Resources,
    Seconds,
)
from hmco_charts.values.postgresql_client import (
    LEFT_OPEN,
    PostgresqlClient,
    PostgresqlConnection,
    PostgresqlDatabase,
    SqlName,
    connection_values,
    is_left_open,
)
from hmco_charts.values.provision import Given, Ground, MetricsEndpoint, Wiring
from hmco_charts.values.rule import Rule
from hmco_charts.values.text import (
    AbsolutePath,
    Cidr,
    CountOrPercentage,
    Duration,
    Host,
    ListOf,
    OrEmpty,
    Pattern,
    Registry,
    Repository,
    Url,
    Word,
)
from hmco_charts.values.types import (
    PATIENT,
    Authority,
    ChartValues,
    Choice,
    ConnectionUrl,
    ExistingTls,
    HttpRoute,
    Image,
    Ingress,
    Metrics,
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
from hmco_charts.values.workload import (
    HelmTest,
    ProgramEnvVar,
    StatefulUpdate,
    StatefulWorkload,
    Task,
    VolumeBackup,
)

ProgramTag = Annotated[
    str,
    Pattern("a tag that begins with a version", r"v?[0-9]+\.[0-9]+\.[0-9]+([-_.][A-Za-z0-9_.-]+)?", "1.20.0", 128),
]

_OF_THE_PROGRAM = (
    *("ADDR", "API_ADDR", "CACERT", "CLUSTER_ADDR", "CONFIG_PATH", "DISABLE_MLOCK", "K8S_NAMESPACE"),
    *("K8S_POD_NAME", "LOCAL_CONFIG", "PG_CONNECTION_URL", "RAFT_NODE_ID", "RAFT_PATH", "SEAL_TYPE", "TOKEN"),
)
OWN_VARIABLES = (
    *(prefix + name for prefix in ("VAULT_", "BAO_") for name in _OF_THE_PROGRAM),
    *("HOME", "PGPASSWORD", "SKIP_CHOWN", "SKIP_SETCAP"),
)
"""Variables of the server that the chart sets itself, or that would undo what it writes (memory locking)."""


class ServerEnvVar(ProgramEnvVar):
    """A variable of the server that the chart does not set itself."""

    own = OWN_VARIABLES


class VaultImage(Image):
    """Image of HashiCorp Vault."""

    registry: OrEmpty[Registry] = Field("docker.io", description="Registry; `global.imageRegistry` wins over it.")
    repository: Repository = Field("hashicorp/vault", description="Repository.")
    tag: OrEmpty[ProgramTag] = Field(
        "",
        description="Version, also beside a digest, as it decides; empty means the chart's appVersion.",
    )


class OpenbaoImage(Image):
    """Image of OpenBao; the distroless variant has no shell and does not fit."""

    registry: OrEmpty[Registry] = Field("quay.io", description="Registry; `global.imageRegistry` wins over it.")
    repository: Repository = Field("openbao/openbao", description="Repository.")
    tag: ProgramTag = Field("2.6.2", description="Version, also where a digest pins the image.")


class VaultProgram(Values):
    """HashiCorp Vault, from 1.13.3."""

    image: VaultImage = Field(VaultImage(), description="Image.")


class OpenbaoProgram(Values):
    """OpenBao, from 2.1."""

    image: OpenbaoImage = Field(OpenbaoImage(), description="Image.")


class Distribution(Choice):
    """Which of the two programs runs."""

    type: Literal["vault", "openbao"] = Field("vault", description="HashiCorp Vault or OpenBao.")
    vault: VaultProgram = Field(VaultProgram(), description="Used where type is `vault`.")
    openbao: OpenbaoProgram = Field(OpenbaoProgram(), description="Used where type is `openbao`.")


class RaftStorage(Values):
    """Vault's own replicated storage."""

    persistence: Persistence = Field(Persistence(), description="Volume of each pod.")
    performance_multiplier: Annotated[int, Field(ge=1, le=10)] = Field(
        1, description="Factor on Raft's timings; 1 suits production."
    )


class DatabaseAdmin(Values):
    """Who may create the role and the database."""

    enabled: bool = Field(
        default=True, description="Off where role and database are there already: then only tables are made."
    )
    username: SqlName = Field("postgres", description="Role; needs CREATEROLE and CREATEDB.")
    database: SqlName = Field("postgres", description="Database to connect to.")
    password: Password = Field(Password(), description="Its password.")


class DatabaseBootstrap(Task):
    """A Job that creates role, database and tables, at each upgrade again; it sets a changed password too."""

    enabled: bool = Field(default=False, description="Whether it runs, and pods wait for what it makes.")
    admin: DatabaseAdmin = Field(DatabaseAdmin(), description="Who creates.")


class PostgresqlStorage(PostgresqlConnection):
    """A PostgreSQL database, 9.5 or later; high availability is on.

    The password, or the whole URL, reaches the server through its environment, not its configuration.
    """

    database: SqlName = Field("vault", description="Database.")
    username: SqlName = Field("vault", description="Role, owner of the database.")
    connection_url: ConnectionUrl = Field(
        ConnectionUrl(),
        description="Replaces all of the above; special characters in it are percent-encoded.",
    )
    max_parallel: Annotated[int, Field(ge=1, le=1000)] = Field(20, description="Connections of each pod.")
    bootstrap: DatabaseBootstrap = Field(DatabaseBootstrap(), description="Creation of role, database and tables.")
    client: PostgresqlClient = Field(PostgresqlClient(), description="Client for creation, waiting and backup.")


class FileStorage(Values):
    """A folder; for development, with one replica."""

    persistence: Persistence = Field(Persistence(), description="Volume of the pod.")


class Storage(Choice):
    """Where the data are."""

    type: Literal["raft", "postgresql", "file"] = Field("raft", description="`file` is for development only.")
    raft: RaftStorage = Field(RaftStorage(), description="Used where type is `raft`.")
    postgresql: PostgresqlStorage = Field(PostgresqlStorage(), description="Used where type is `postgresql`.")
    file: FileStorage = Field(FileStorage(), description="Used where type is `file`.")


class SealService(Values):
    """What the seals have in common."""

    disabled: bool = Field(default=False, description="On while migrating away from it.")


class AwsKms(SealService):
    """AWS KMS; without keys in a Secret, the identity of the ServiceAccount."""

    region: OrEmpty[Word] = Field("", description="Region.")
    kms_key_id: OrEmpty[Word] = Field("", description="Id or ARN of the key.")
    endpoint: OrEmpty[Url] = Field("", description="Endpoint, such as a private one.")
    access_key: SecretRef = Field(SecretRef(key="AWS_ACCESS_KEY_ID"), description="Access key id.")
    secret_key: SecretRef = Field(SecretRef(key="AWS_SECRET_ACCESS_KEY"), description="Secret access key.")
    session_token: SecretRef = Field(SecretRef(key="AWS_SESSION_TOKEN"), description="Session token.")


class GcpCkms(SealService):
    """Google Cloud KMS; without a file in a Secret, the identity of the ServiceAccount."""

    project: OrEmpty[Word] = Field("", description="Project.")
    region: OrEmpty[Word] = Field("", description="Location of the key ring.")
    key_ring: OrEmpty[Word] = Field("", description="Key ring.")
    crypto_key: OrEmpty[Word] = Field("", description="Key.")
    credentials: SecretRef = Field(GCP_CREDENTIALS, description="Service account's file.")


class AzureKeyVault(SealService):
    """Azure Key Vault; without a client secret, the identity of the ServiceAccount."""

    tenant_id: OrEmpty[Word] = Field("", description="Tenant.")
    client_id: OrEmpty[Word] = Field("", description="Client.")
    vault_name: OrEmpty[Word] = Field("", description="Key vault.")
    key_name: OrEmpty[Word] = Field("", description="Key.")
    client_secret: SecretRef = Field(AZURE_CLIENT_SECRET, description="Client secret.")


class Transit(SealService):
    """The transit engine of another Vault or OpenBao."""

    address: OrEmpty[Url] = Field("", description="Address of the other server.")
    key_name: OrEmpty[Word] = Field("", description="Key.")
    mount_path: Word = Field("transit/", description="Mount of the engine.")
    namespace: OrEmpty[Word] = Field("", description="Namespace in the other server.")
    tls_server_name: OrEmpty[Host] = Field("", description="Name in its certificate, where not the address's.")
    ca_cert: Authority = Field(Authority(), description="Who signed its certificate.")
    token: SecretRef = Field(SecretRef(key="token"), description="Token.")


class Seal(Choice):
    """How the server gets its key at a start: by hand (`shamir`), or from a key service."""

    needed: ClassVar[dict[str, tuple[str, ...]]] = {
        "awskms": ("region", "kmsKeyId"),
        "gcpckms": ("project", "region", "keyRing", "cryptoKey"),
        "azurekeyvault": ("tenantId", "vaultName", "keyName"),
        "transit": ("address", "keyName", "token.name"),
    }

    type: Literal["shamir", "awskms", "gcpckms", "azurekeyvault", "transit"] = Field(
        "shamir", description="`shamir` asks people for unseal keys after each restart."
    )
    awskms: AwsKms = Field(AwsKms(), description="Used where type is `awskms`.")
    gcpckms: GcpCkms = Field(GcpCkms(), description="Used where type is `gcpckms`.")
    azurekeyvault: AzureKeyVault = Field(AzureKeyVault(), description="Used where type is `azurekeyvault`.")
    transit: Transit = Field(Transit(), description="Used where type is `transit`.")


class Listener(Values):
    """The port that clients use."""

    tls_min_version: Literal["tls12", "tls13"] = Field("tls12", description="Oldest version of TLS.")
    max_request_duration: Duration = Field("90s", description="Longest time of a request.")
    x_forwarded_for_authorized_addrs: ListOf[Cidr] = Field(
        (), description="Proxies whose word about the client's address is taken."
    )


class UiService(Service):
    """A service of its own for the user interface."""

    enabled: bool = Field(default=False, description="Whether it is created.")


class Ui(Values):
    """The user interface in the browser."""

    enabled: bool = Field(default=True, description="Whether it is served.")
    service: UiService = Field(UiService(), description="A service of its own.")


class AuditFile(Values):
    """A file on a volume; rotate it, as a full volume stops all requests."""

    persistence: Persistence = Field(Persistence(), description="Volume of each pod.")


class Audit(Choice):
    """The audit device: OpenBao takes it from the configuration, Vault from a command that NOTES shows."""

    type: Literal["none", "stdout", "file"] = Field("stdout", description="Where requests are recorded.")
    file: AuditFile = Field(AuditFile(), description="Used where type is `file`.")


class ExtraConfig(Values):
    """Further keys of the server's configuration; unset ones are not written."""

    cluster_name: OrEmpty[Word] = Field("", description="Name of the cluster in metrics and logs.")
    default_lease_ttl: OrEmpty[Duration] = Field("", description="Life of leases; unset means 768h.")
    max_lease_ttl: OrEmpty[Duration] = Field("", description="Longest life of leases; unset means 768h.")
    cache_size: Annotated[int, Field(ge=1, le=2**31)] | None = Field(None, description="Entries of the read cache.")
    disable_cache: bool | None = Field(None, description="Whether the read cache is off.")
    disable_printable_check: bool | None = Field(None, description="Whether keys may hold unprintable characters.")
    disable_sealwrap: bool | None = Field(None, description="Whether seal wrapping is off.")
    enable_response_header_hostname: bool | None = Field(None, description="Whether answers name the host.")
    enable_response_header_raft_node_id: bool | None = Field(None, description="Whether answers name the Raft node.")
    imprecise_lease_role_tracking: bool | None = Field(None, description="Whether lease quotas count roughly.")
    log_requests_level: Literal["", "error", "warn", "info", "debug", "trace"] = Field(
        "", description="Level at which finished requests are logged."
    )
    plugin_directory: OrEmpty[AbsolutePath] = Field("", description="Folder of plugins; no symbolic link.")


class Rbac(Values):
    """Rights of the server in the cluster."""

    create: bool = Field(default=True, description="Whether Role and RoleBinding are created.")
    auth_delegator: bool = Field(
        default=False,
        description="Whether the server may review tokens: needed by the Kubernetes auth method.",
    )


class UpdateStrategy(StatefulUpdate):
    """How a change reaches the pods."""

    type: Literal["OnDelete", "RollingUpdate"] = Field(
        "OnDelete",
        description="`OnDelete` leaves the order, standbys first, to you; sealed pods stop a rolling update.",
    )


class QuorumBudget(PodDisruptionBudget):
    """How many pods a drain of nodes may take at a time."""

    max_unavailable: CountOrPercentage | None = Field(
        None, description="Pods that may go; unset means as many as a quorum can spare."
    )


class Servers(Values):
    """Whom the pods may reach; without labels, everyone on the port that the values name."""

    postgresql: Peer = Field(Peer(), description="Pods of the storage's database.")


class ServerNetworkPolicy(NetworkPolicy):
    """Who may reach the pods, and whom they may reach: by default only what the configuration needs."""

    allow_external_egress: bool = Field(default=False, description="Whether pods may reach everything.")
    servers: Servers = Field(Servers(), description="Whom the pods may reach.")


class RaftBackup(Values):
    """How the snapshot of Raft storage is authorised: the Kubernetes auth method, no stored token."""

    auth_path: Word = Field("kubernetes", description="Mount of the Kubernetes auth method.")
    role: Word = Field("backup", description="Role in it; NOTES shows how to make it.")


class ServerBackup(VolumeBackup):
    """Raft snapshots or PostgreSQL dumps on a volume; ship them off the cluster."""

    raft: RaftBackup = Field(RaftBackup(), description="Used where the storage is `raft`.")


RULES = (
    Rule(
        when={"storage.type": "file"},
        then={"replicaCount": (0, 1), "backup.enabled": (False,)},
        because="each pod would be a Vault of its own, and a running file store has no consistent copy",
    ),
    Rule(
        when={"storage.type": "raft"},
        then={"replicaCount": (0, 1, 3, 5, 7)},
        because="an even number of voters spares no more pods than one less",
    ),
    Rule(
        when={"storage.type": "postgresql", "storage.postgresql.connectionUrl.name": ""},
        needed=("storage.postgresql.host", "storage.postgresql.password.name"),
        because="the database must be named, by its parts or by connectionUrl",
    ),
    *(
        Rule(
            when={"storage.type": "postgresql", switch: True},
            then={"storage.postgresql.connectionUrl.name": ("",)},
            needed=("storage.postgresql.host", "storage.postgresql.password.name"),
            because="psql and pg_dump must not get a URL with a password as an argument",
        )
        for switch in ("backup.enabled", "storage.postgresql.bootstrap.enabled")
    ),
    Rule(
        when={
            "storage.type": "postgresql",
            "storage.postgresql.bootstrap.enabled": True,
            "storage.postgresql.bootstrap.admin.enabled": True,
        },
        needed=("storage.postgresql.bootstrap.admin.password.name",),
        because="the Job creates the role and the database as this administrator",
    ),
)


class Vault(StatefulWorkload, ChartValues):
    """HashiCorp Vault or OpenBao on Kubernetes."""

    rules: ClassVar = RULES

    distribution: Distribution = Field(Distribution(), description="Which program runs.")
    replica_count: Annotated[int, Field(ge=0, le=9)] = Field(3, description="Server pods.")
    storage: Storage = Field(Storage(), description="Where the data are.")
    seal: Seal = Field(Seal(), description="How the server gets its key.")
    tls: Tls = Field(
        Tls(type="existingSecret", existing_secret=ExistingTls(name="vault-tls")),
        description="Where the server's certificate comes from.",
    )
    listener: Listener = Field(Listener(), description="The port that clients use.")
    ui: Ui = Field(Ui(), description="User interface in the browser.")
    audit: Audit = Field(Audit(), description="Audit device.")
    log_level: Literal["trace", "debug", "info", "warn", "error"] = Field("info", description="Level of the log.")
    log_format: Literal["json", "standard"] = Field("json", description="Format of the log.")
    extra_config: ExtraConfig = Field(ExtraConfig(), description="Further keys of the configuration.")
    resources: Resources = Field(
        Resources(
            requests={"cpu": "250m", "memory": "512Mi", "ephemeral-storage": "64Mi"},
            limits={"memory": "1Gi", "ephemeral-storage": "512Mi"},
        ),
        description="Requests and limits of the server; Raft keeps its index in memory.",
    )
    cluster_domain: Host = Field("cluster.local", description="Domain of the cluster.")
    pod_security_context: PodSecurityContext = Field(
        PodSecurityContext(run_as_user=100, run_as_group=1000, fs_group=1000), description="Security of all pods."
    )
    container_security_context: ContainerSecurityContext = Field(
        ContainerSecurityContext(),
        description="Security of all containers; IPC_LOCK is added for the images that need it to start.",
    )
    service_account: ServiceAccount = Field(ServiceAccount(), description="ServiceAccount of the server.")
    rbac: Rbac = Field(Rbac(), description="Rights of the server in the cluster.")
    service: Service = Field(Service(), description="Service of all server pods.")
    ingress: Ingress = Field(Ingress(), description="Ingress to the active pod.")
    http_route: HttpRoute = Field(HttpRoute(), description="Route of the Gateway API to the active pod.")
    network_policy: ServerNetworkPolicy = Field(ServerNetworkPolicy(), description="Network policy.")
    pdb: QuorumBudget = Field(QuorumBudget(), description="Disruption budget.")
    startup_probe: Probe = Field(
        Probe(period_seconds=5, failure_threshold=120), description="Whether the server has started."
    )
    readiness_probe: Probe = Field(Probe(period_seconds=5), description="Whether the server is unsealed.")
    liveness_probe: Probe = Field(PATIENT, description="Whether the server answers at all.")
    update_strategy: UpdateStrategy = Field(UpdateStrategy(), description="How a change reaches the pods.")
    termination_grace_period_seconds: Seconds = Field(60, description="Seconds to hand over and stop.")
    extra_env_vars: ListOf[ServerEnvVar] = Field((), description="Further variables of the server.")
    metrics: Metrics = Field(Metrics(), description="Metrics and alerts.")
    backup: ServerBackup = Field(ServerBackup(), description="Backups.")
    tests: HelmTest = Field(HelmTest(), description="Pod of `helm test`.")


def _defaults(_: Ground) -> dict[str, Any]:
    bootstrap = {"enabled": True, "admin": {"enabled": False}}
    return {"storage": {"postgresql": {**LEFT_OPEN, "bootstrap": bootstrap}}}


def _needs(values: Vault) -> tuple[PostgresqlDatabase, ...]:
    database = values.storage.postgresql
    if values.storage.type != "postgresql" or not is_left_open(database) or database.connection_url.name:
        return ()
    return (
        PostgresqlDatabase(
            name=database.database,
            role=database.username,
            connections=database.max_parallel * max(1, values.replica_count),
            exclude_table_data=("vault_ha_locks",),
        ),
    )


def _given(_: Vault, given: Given) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for each in given.connections_of(PostgresqlDatabase):
        servers = {"postgresql": each.provider.peer.document()}
        told = {"storage": {"postgresql": connection_values(each)}, "networkPolicy": {"servers": servers}}
    return told


def _metrics(values: Vault) -> tuple[MetricsEndpoint, ...]:
    is_plain = values.tls.type == "none"
    return (
        MetricsEndpoint(
            labels={"vault-internal": "true"},
            name="http" if is_plain else "https",
            path="/v1/sys/metrics",
            params={"format": ("prometheus",)},
            is_plain=is_plain,
        ),
    )


CHART = ChartType(
    name="vault",
    model=Vault,
    version="0.1.0",
    app_version="2.0.4",
    description="HashiCorp Vault or OpenBao on Raft or PostgreSQL, locked down and monitored.",
    default_profile="ha",
    icon="https://raw.githubusercontent.com/hashicorp/vault/main/website/public/img/logo.svg",
    home="https://developer.hashicorp.com/vault",
    sources=("https://github.com/hashicorp/vault", "https://github.com/openbao/openbao"),
    keywords=("vault", "openbao", "secrets", "encryption", "postgresql", "raft"),
    category="security",
    wiring=Wiring(defaults=_defaults, metrics=_metrics, needs=_needs, values=_given),
)
