"""Values that charts share: images, references to Secrets, storage, network, metrics, producers of Secrets.

These modules make up the vocabulary: `text` (strings with a pattern), `kubernetes` (Kubernetes' own shapes), this one,
`workload` (what runs as pods) and `postgresql_client`. A chart's module adds its own models and one root model derived
from `ChartValues`, and from `StatefulWorkload` or `StatelessWorkload` where its program has one part.

How to write a chart's types:

* Every field has `Field(default, description="…")`; every class a docstring. Schema, `values.yaml` comments,
  README table and messages come from them.
* Another default is no other type: `startup_probe: Probe = Field(Probe(failure_threshold=240), description="…")`.
  A user who gives a part of it keeps the rest. A derived type narrows, adds, or describes otherwise.
* Optional text is `OrEmpty[ObjectName] = ""`, a list `ListOf[T] = ()`, a map `MapOf[K, V] = {}`.
  `X | None = None` means that the key is absent from `values.yaml` (it is shown as a comment).
* A choice between variants survives Helm's deep merge only when switching leaves no stray keys. So never
  `storage: {type: raft, path: …}`, but a tag and **one closed sub-object per variant**, all of them present:
  `storage: {type: raft, raft: {…}, postgresql: {…}}`. Helm merges a user's values over the chart's defaults
  before it validates, so the keys of the variant not chosen are always there; they are allowed and ignored.
  Derive such a model from `Choice`: the tag is a `Literal` field called `type`; each variant's fields have
  defaults; what a chosen variant needs set (a Secret's name) is named in
  `needed: ClassVar = {"postgresql": ("url.name",)}` and enforced by Python and,
  with `if`/`then`, by the schema.
* A credential is a `SecretRef`, which names a Secret and a key in it; there is no field for a literal one. Its types
  here (`Password`, `Authority`, `ConnectionUrl`) differ by the key that is usual:
  `password: Password = Field(Password(), description="…")`. It is never `None`: an empty `name` means not set, and the
  helpers `secretVariable` and `secretFile` then write nothing.
* What all charts have stands in `ChartValues`. A program of several parts has a model for each, with what the part has
  of its own: `class Worker(StatefulWorkload, Scheduling)` for its pods and their placement, `pod_security_context`
  where its image has another user.
"""

import json
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema, PydanticCustomError

from hmco_charts.values.base import KubernetesShape, Values
from hmco_charts.values.credential import has_credential_shape
from hmco_charts.values.kubernetes import (
    Affinity,
    AlertRule,
    Annotations,
    ContainerSecurityContext,
    Count,
    DataSource,
    DnsConfig,
    EgressRule,
    HostAlias,
    IngressRule,
    Labels,
    LabelSelector,
    LocalObject,
    NetworkPeer,
    PodSecurityContext,
    PortNumber,
    Relabeling,
    Resources,
    Seconds,
    Toleration,
    TopologySpreadConstraint,
)
from hmco_charts.values.rule import AnyRule, Rule
from hmco_charts.values.text import (
    Cidr,
    CountOrPercentage,
    DataKey,
    Digest,
    DnsLabel,
    Duration,
    HostPattern,
    IpAddress,
    Kind,
    LabelKey,
    ListOf,
    MapOf,
    Namespace,
    ObjectName,
    OrEmpty,
    PrometheusDuration,
    Quantity,
    Registry,
    RemotePath,
    Repository,
    Schedule,
    StorageClassName,
    Tag,
    Text,
    TimeZone,
    UrlPath,
)

SMALL = Resources(
    requests={"cpu": "50m", "memory": "64Mi", "ephemeral-storage": "16Mi"},
    limits={"memory": "128Mi", "ephemeral-storage": "64Mi"},
)
"""Resources of a container that runs a shell and a client."""


class Choice(Values):
    """One of several variants: a tag `type`, and one sub-object per variant."""

    needed: ClassVar[dict[str, tuple[str, ...]]] = {}
    """Dotted paths (as in YAML) that must not be empty, by variant; of `url|host` one will do."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The object, and what a chosen variant needs."""
        told = handler.resolve_ref_schema(handler(core))
        if cls.needed:
            told["allOf"] = [_when(variant, path) for variant, paths in cls.needed.items() for path in paths]
        return told

    @model_validator(mode="after")
    def _chosen_variant_is_complete(self) -> "Choice":
        document = self.document()
        chosen = document["type"]
        for paths in self.needed.get(chosen, ()):
            if not any(_at(document, f"{chosen}.{path}") for path in paths.split("|")):
                told = " or ".join(f"{chosen}.{path}" for path in paths.split("|"))
                raise PydanticCustomError(
                    "needed", "{path} must be set where type is {type}", {"path": told, "type": chosen}
                )
        return self


def _when(variant: str, paths: str) -> dict[str, Any]:
    needed = [_set(variant, *path.split(".")) for path in paths.split("|")]
    then = needed[0] if len(needed) == 1 else {"anyOf": needed}
    return {"if": {"properties": {"type": {"const": variant}}, "required": ["type"]}, "then": then}


def _set(*keys: str) -> dict[str, Any]:
    node: dict[str, Any] = {"type": ["string", "array", "object"], "minLength": 1, "minItems": 1, "minProperties": 1}
    for key in reversed(keys):
        node = {"required": [key], "properties": {key: node}}
    return node


def _at(document: Any, path: str) -> Any:
    for key in path.split("."):
        document = document.get(key) if isinstance(document, dict) else None
    return document


class Image(Values):
    """A container image; the digest wins over the tag."""

    registry: OrEmpty[Registry] = Field("", description="Registry; `global.imageRegistry` wins over it.")
    repository: Repository = Field(description="Repository.")
    tag: OrEmpty[Tag] = Field("", description="Tag; empty means the chart's appVersion.")
    digest: OrEmpty[Digest] = Field("", description="Digest; pins the image whatever the tag says.")
    pull_policy: Literal["Always", "IfNotPresent", "Never"] = Field("IfNotPresent", description="When to pull.")
    pull_secrets: ListOf[LocalObject] = Field((), description="Secrets for the registry, as `[{name: …}]`.")


class VersionedImage(Image):
    """A container image whose version is its own, not the chart's; the digest wins over the tag."""

    tag: OrEmpty[Tag] = Field(description="Tag.")


KUBECTL = VersionedImage(registry="docker.io", repository="alpine/kubectl", tag="1.34.2")
"""Image with a shell and `kubectl`."""


class SecretRef(Values):
    """A key of a Secret that exists, or that `externalSecrets` or `generatedSecrets` produces."""

    name: OrEmpty[ObjectName] = Field("", description="Name of the Secret.")
    key: DataKey = Field(description="Key in it.")


class Password(SecretRef):
    """A password in a Secret."""

    key: DataKey = Field("password", description="Key in it.")


class NamedSecretRef(SecretRef):
    """A key of a Secret that must be named."""

    name: ObjectName = Field(description="Name of the Secret.")


class NamedPassword(Password):
    """A password in a Secret that must be named."""

    name: ObjectName = Field(description="Name of the Secret.")


class Authority(SecretRef):
    """An authority's certificate in a Secret."""

    key: DataKey = Field("ca.crt", description="Key in it.")


class ConnectionUrl(SecretRef):
    """A whole connection URL in a Secret."""

    key: DataKey = Field("uri", description="Key in it.")


class ServiceAccount(Values):
    """The ServiceAccount of the pods."""

    create: bool = Field(default=True, description="Whether the chart creates it.")
    name: OrEmpty[ObjectName] = Field("", description="Name; empty means the release's full name.")
    annotations: Annotations = Field({}, description="Annotations, such as a cloud identity.")
    automount_service_account_token: bool = Field(default=False, description="Whether pods get its token.")


class Rbac(Values):
    """Rights at the Kubernetes API."""

    create: bool = Field(default=True, description="Whether roles are made: for what the program reads, no more.")


class Scheduling(Values):
    """Where pods run."""

    node_selector: Labels = Field({}, description="Labels that a node must have.")
    tolerations: ListOf[Toleration] = Field((), description="Taints that pods tolerate.")
    affinity: Affinity = Field(Affinity(), description="Nodes and pods to be near to, or far from.")
    topology_spread_constraints: ListOf[TopologySpreadConstraint] = Field(
        (), description="How pods spread over zones and nodes."
    )
    priority_class_name: OrEmpty[ObjectName] = Field("", description="Priority class.")
    scheduler_name: OrEmpty[ObjectName] = Field("", description="Scheduler; empty means the cluster's.")
    runtime_class_name: OrEmpty[ObjectName] = Field("", description="Runtime class.")
    host_aliases: ListOf[HostAlias] = Field((), description="Entries of /etc/hosts.")
    dns_policy: Literal["", "ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"] = Field(
        "", description="DNS policy; empty means the cluster's."
    )
    dns_config: DnsConfig = Field(DnsConfig(), description="Resolver.")


class Probe(Values):
    """Timing of a probe that the chart defines."""

    enabled: bool = Field(default=True, description="Whether it is used.")
    initial_delay_seconds: Seconds = Field(0, description="Seconds before the first probe.")
    period_seconds: Annotated[int, Field(ge=1, le=3600)] = Field(10, description="Seconds between probes.")
    timeout_seconds: Annotated[int, Field(ge=1, le=3600)] = Field(5, description="Seconds until a probe fails.")
    failure_threshold: Annotated[int, Field(ge=1, le=10_000)] = Field(3, description="Failures in a row that count.")
    success_threshold: Annotated[int, Field(ge=1, le=100)] = Field(1, description="Successes in a row that count.")


PATIENT = Probe(failure_threshold=6)
"""A probe of a program that is stopped late, as a start costs more than a pause."""


class PodDisruptionBudget(Values):
    """How many pods a drain of nodes may take at a time."""

    create: bool = Field(default=True, description="Whether it is created; only with more than one replica.")
    min_available: CountOrPercentage | None = Field(None, description="Pods that must stay.")
    max_unavailable: CountOrPercentage | None = Field(1, description="Pods that may go.")
    unhealthy_pod_eviction_policy: Literal["", "IfHealthyBudget", "AlwaysAllow"] = Field(
        "", description="Whether unhealthy pods may always go; left out before Kubernetes 1.27."
    )


class Peer(Values):
    """Pods of this cluster, by their labels."""

    namespace: OrEmpty[Namespace] = Field("", description="Their namespace; empty means the release's.")
    labels: Labels = Field({}, description="Labels that they have.")


class NetworkPolicy(Values):
    """Who may reach the pods, and whom they may reach."""

    enabled: bool = Field(default=True, description="Whether the policy is created.")
    allow_external: bool = Field(default=True, description="Whether every pod may reach the service's ports.")
    allow_external_egress: bool = Field(default=True, description="Whether pods may reach everything.")
    clients: MapOf[DnsLabel, Peer] = Field(
        {}, description="Who may reach the service where `allowExternal` is off, by a name of your choice."
    )
    ingress_peers: ListOf[NetworkPeer] = Field((), description="Likewise, in Kubernetes' own form.")
    extra_ingress: ListOf[IngressRule] = Field((), description="Further rules for what comes in.")
    extra_egress: ListOf[EgressRule] = Field((), description="Further rules for what goes out.")
    api_server_ports: Annotated[ListOf[PortNumber], Field(min_length=1)] = Field(
        (443, 6443), description="Ports of the Kubernetes API server."
    )


CLOSED = NetworkPolicy(allow_external_egress=False)
"""Pods reach what the configuration needs, and nobody else."""


class ServiceMonitor(Values):
    """Prometheus operator's description of what to scrape."""

    enabled: bool = Field(default=False, description="Whether it is created.")
    namespace: OrEmpty[Namespace] = Field("", description="Namespace; empty means the release's.")
    interval: OrEmpty[PrometheusDuration] = Field("30s", description="Time between scrapes.")
    scrape_timeout: OrEmpty[PrometheusDuration] = Field("", description="Time until a scrape fails.")
    labels: Labels = Field({}, description="Labels that the operator selects by.")
    relabelings: ListOf[Relabeling] = Field((), description="Relabelling of targets.")
    metric_relabelings: ListOf[Relabeling] = Field((), description="Relabelling of series.")
    honor_labels: bool = Field(default=False, description="Whether labels of the series win.")


class PrometheusRule(Values):
    """Alerts."""

    enabled: bool = Field(default=False, description="Whether the alerts are created.")
    kind: Literal["PrometheusRule", "ConfigMap"] = Field(
        "PrometheusRule",
        description="`ConfigMap` is a file NAME-alerts for a Prometheus without the operator, which names it.",
    )
    namespace: OrEmpty[Namespace] = Field("", description="Namespace; empty means the release's.")
    labels: Labels = Field({}, description="Labels that the operator selects by.")
    extra_rules: ListOf[AlertRule] = Field((), description="Alerts beside the chart's own.")


class Dashboards(Values):
    """Dashboards for Grafana, in a ConfigMap that its sidecar collects."""

    enabled: bool = Field(default=False, description="Whether the ConfigMap is created.")
    namespace: OrEmpty[Namespace] = Field("", description="Namespace; empty means the release's.")
    labels: Labels = Field({"grafana_dashboard": "1"}, description="Labels that the sidecar selects by.")
    annotations: Annotations = Field({}, description="Annotations, such as the folder.")


class Watch(Values):
    """Alerts and dashboards by what the cluster knows of the pods: the program serves no metrics."""

    enabled: bool = Field(default=True, description="Whether there are any.")
    prometheus_rule: PrometheusRule = Field(PrometheusRule(), description="Alerts.")
    dashboards: Dashboards = Field(Dashboards(), description="Dashboards.")


class Metrics(Values):
    """Metrics, alerts and dashboards."""

    enabled: bool = Field(default=True, description="Whether metrics are served.")
    service_monitor: ServiceMonitor = Field(ServiceMonitor(), description="What Prometheus scrapes.")
    prometheus_rule: PrometheusRule = Field(PrometheusRule(), description="Alerts.")
    dashboards: Dashboards = Field(Dashboards(), description="Dashboards.")


class IssuerRef(Values):
    """A cert-manager issuer."""

    name: OrEmpty[ObjectName] = Field("", description="Name of the issuer.")
    kind: Kind = Field("Issuer", description="Issuer or ClusterIssuer.")
    group: ObjectName = Field("cert-manager.io", description="API group.")


class ExistingCertificate(Values):
    """A certificate in a Secret."""

    name: OrEmpty[ObjectName] = Field("", description="Name of the Secret.")
    certificate_key: DataKey = Field("tls.crt", description="Key of the certificate chain.")
    private_key_key: DataKey = Field("tls.key", description="Key of the private key.")


class ExistingTls(ExistingCertificate):
    """A certificate in a Secret, and who signed it."""

    ca_key: DataKey = Field("ca.crt", description="Key of the authority's certificate.")


class CertManagerTls(Values):
    """A certificate that cert-manager issues and renews."""

    issuer_ref: IssuerRef = Field(IssuerRef(), description="Who issues it.")
    duration: Duration = Field("2160h", description="Life of the certificate.")
    renew_before: Duration = Field("720h", description="Time left when it is renewed.")
    extra_dns_names: ListOf[HostPattern] = Field((), description="Names beside those of the services.")
    extra_ip_addresses: ListOf[IpAddress] = Field((), description="IP addresses beside the loopback.")


class ServingTls(Choice):
    """Where the certificate of a program comes from that needs to know no authority."""

    needed: ClassVar = {"existingSecret": ("name",), "certManager": ("issuerRef.name",)}

    type: Literal["none", "existingSecret", "certManager"] = Field(
        "none", description="`none` is for development only."
    )
    existing_secret: ExistingCertificate = Field(
        ExistingCertificate(), description="Used where type is `existingSecret`."
    )
    cert_manager: CertManagerTls = Field(CertManagerTls(), description="Used where type is `certManager`.")


class Tls(ServingTls):
    """Where the certificate comes from."""

    existing_secret: ExistingTls = Field(ExistingTls(), description="Used where type is `existingSecret`.")


class ClientTls(Choice):
    """A certificate by which a program serves nobody; its Secret tells who signed those of the servers."""

    needed: ClassVar = {"certManager": ("issuerRef.name",)}

    type: Literal["none", "certManager"] = Field("none", description="`none` where authorities are told otherwise.")
    cert_manager: CertManagerTls = Field(CertManagerTls(), description="Used where type is `certManager`.")


AccessMode = Literal["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"]


class Persistence(Values):
    """A volume that outlives pods."""

    enabled: bool = Field(default=True, description="Whether a claim is made; off means an emptyDir.")
    existing_claim: OrEmpty[ObjectName] = Field("", description="Claim to use instead of a new one.")
    storage_class: OrEmpty[StorageClassName] = Field(
        "",
        description="Storage class; empty means `global.storageClass`, else the cluster's; `-` means none.",
    )
    access_modes: ListOf[AccessMode] = Field(("ReadWriteOnce",), description="Access modes.")
    size: Quantity = Field("10Gi", description="Size; templates of claims cannot grow, the claims themselves can.")
    annotations: Annotations = Field({}, description="Annotations of the claim.")
    labels: Labels = Field({}, description="Labels of the claim.")
    selector: LabelSelector = Field(LabelSelector(), description="Volumes to choose from.")
    data_source: DataSource | None = Field(None, description="What a new claim is filled from.")


class PodPersistence(Persistence):
    """A volume of each pod's own: two servers on one would destroy each other's data, or lock each other out."""

    existing_claim: Literal[""] = Field("", description="Always empty: name a claim as the StatefulSet's to adopt it.")


class LastingVolume(Persistence):
    """A volume without which a program loses what it must keep: always a claim."""

    enabled: Literal[True] = Field(default=True, description="A claim is always made.")


class ClaimRetention(Values):
    """What becomes of a StatefulSet's claims."""

    enabled: bool = Field(default=False, description="Whether it is set (Kubernetes 1.27).")
    when_scaled: Literal["Retain", "Delete"] = Field("Retain", description="When replicas become fewer.")
    when_deleted: Literal["Retain", "Delete"] = Field("Retain", description="When the StatefulSet goes.")


class Service(Values):
    """How the pods are reached."""

    type: Literal["ClusterIP", "NodePort", "LoadBalancer"] = Field("ClusterIP", description="Type.")
    annotations: Annotations = Field({}, description="Annotations.")
    labels: Labels = Field({}, description="Labels.")
    cluster_ip: OrEmpty[IpAddress] = Field("", alias="clusterIP", description="Fixed cluster address.")
    load_balancer_class: OrEmpty[LabelKey] = Field("", description="Class of the load balancer.")
    load_balancer_source_ranges: ListOf[Cidr] = Field((), description="Who may reach the load balancer.")
    external_traffic_policy: Literal["", "Cluster", "Local"] = Field(
        "", description="Whether the client's address is kept (Local)."
    )
    session_affinity: Literal["", "None", "ClientIP"] = Field("", description="Whether a client stays on a pod.")
    ip_family_policy: Literal["", "SingleStack", "PreferDualStack", "RequireDualStack"] = Field(
        "", description="Address families."
    )
    ip_families: ListOf[Literal["IPv4", "IPv6"]] = Field((), description="Families, the first is primary.")


class IngressPath(KubernetesShape):
    """A path of an Ingress."""

    path: UrlPath = Field("/", description="Path.")
    path_type: Literal["Prefix", "Exact", "ImplementationSpecific"] = Field("Prefix", description="How it matches.")


class IngressHost(KubernetesShape):
    """A host of an Ingress."""

    host: HostPattern = Field(description="Host name.")
    paths: ListOf[IngressPath] = Field((IngressPath(),), description="Paths.")


class IngressTls(KubernetesShape):
    """A certificate of an Ingress."""

    secret_name: ObjectName = Field(description="Secret with tls.crt and tls.key.")
    hosts: ListOf[HostPattern] = Field((), description="Host names.")


_HOSTS_ARE_NAMED = Rule(
    when={"enabled": True},
    needed=("hosts",),
    because="an Ingress without hosts takes those of everybody who shares its controller",
)


class Ingress(Values):
    """An Ingress."""

    model_config = ConfigDict(json_schema_extra={"allOf": [_HOSTS_ARE_NAMED.schema()]})

    enabled: bool = Field(default=False, description="Whether it is created.")
    class_name: OrEmpty[ObjectName] = Field("", description="Ingress class; empty means the cluster's.")
    annotations: Annotations = Field({}, description="Annotations.")
    hosts: ListOf[IngressHost] = Field((), description="Hosts and paths.")
    tls: ListOf[IngressTls] = Field((), description="Certificates.")

    @model_validator(mode="after")
    def _hosts_are_named(self) -> "Ingress":
        _HOSTS_ARE_NAMED.enforce(self.document())
        return self


class ParentRef(KubernetesShape):
    """A Gateway that a route joins."""

    name: ObjectName = Field(description="Name of the Gateway.")
    namespace: Namespace | None = Field(None, description="Its namespace; unset means the release's.")
    section_name: ObjectName | None = Field(None, description="Its listener.")
    port: PortNumber | None = Field(None, description="Its port.")


_GATEWAY_IS_NAMED = Rule(
    when={"enabled": True}, needed=("parentRefs",), because="a route that joins no Gateway leads nowhere"
)


class HttpRoute(Values):
    """A route of the Gateway API."""

    model_config = ConfigDict(json_schema_extra={"allOf": [_GATEWAY_IS_NAMED.schema()]})

    enabled: bool = Field(default=False, description="Whether it is created.")
    annotations: Annotations = Field({}, description="Annotations.")
    parent_refs: ListOf[ParentRef] = Field((), description="Gateways.")
    hostnames: ListOf[HostPattern] = Field((), description="Host names; those of the Gateway where there are none.")

    @model_validator(mode="after")
    def _gateway_is_named(self) -> "HttpRoute":
        _GATEWAY_IS_NAMED.enforce(self.document())
        return self


class DiagnosticMode(Values):
    """Pods that sleep instead of running the program, with the probes off."""

    enabled: bool = Field(default=False, description="Whether it is on.")
    command: ListOf[Text] = Field(("sleep",), description="Words of the command.")
    args: ListOf[Text] = Field(("infinity",), description="Its arguments.")


class SecretStoreRef(Values):
    """A store of the External Secrets operator."""

    name: ObjectName = Field(description="Name of the store.")
    kind: Literal["SecretStore", "ClusterSecretStore"] = Field("SecretStore", description="Kind of the store.")


class RemoteKey(Values):
    """Where a key's value stands in the store."""

    key: RemotePath = Field(description="Path in the store.")
    property: OrEmpty[DataKey] = Field("", description="Field of the entry.")


class ExternalSecret(Values):
    """A Secret that the External Secrets operator fills from a store."""

    store_ref: SecretStoreRef = Field(description="The store.")
    refresh_interval: Duration = Field("1h", description="Time between looks at the store.")
    data: MapOf[DataKey, RemoteKey] = Field(description="Keys of the Secret and where their values stand.")


class GeneratedKey(Values):
    """A random value."""

    length: Annotated[int, Field(ge=16, le=1024)] = Field(32, description="Length in characters.")


class GeneratedSecret(Values):
    """A Secret that a Job fills with random values once on the cluster; upgrades keep it."""

    keys: MapOf[DataKey, GeneratedKey] = Field(description="Keys of the Secret.")
    namespaces: ListOf[Namespace] = Field((), description="Namespaces that get the same Secret; they must exist.")


class SecretGenerator(Values):
    """The Job that makes `generatedSecrets`."""

    image: VersionedImage = Field(KUBECTL, description="Image.")
    resources: Resources = Field(SMALL, description="Requests and limits.")


class BackupSchedule(Values):
    """When backups run."""

    enabled: bool = Field(default=False, description="Whether backups are made.")
    schedule: Schedule = Field("15 2 * * *", description="Cron schedule.")
    time_zone: OrEmpty[TimeZone] = Field("", description="Time zone of the schedule (Kubernetes 1.27).")
    concurrency_policy: Literal["Allow", "Forbid", "Replace"] = Field("Forbid", description="What a late run does.")
    starting_deadline_seconds: Seconds = Field(600, description="Seconds that a run may start late.")
    successful_jobs_history_limit: Count = Field(3, description="Finished Jobs that stay.")
    failed_jobs_history_limit: Count = Field(3, description="Failed Jobs that stay.")
    suspend: bool = Field(default=False, description="Whether the schedule rests.")


class Backup(BackupSchedule):
    """When backups run and how many stay."""

    retention: Annotated[int, Field(ge=1, le=10_000)] = Field(14, description="Backups that stay.")


class GlobalValues(Values):
    """Values that all charts of a release share; other charts' keys are welcome."""

    model_config = ConfigDict(extra="allow")

    image_registry: OrEmpty[Registry] = Field("", description="Registry of all images.")
    image_pull_secrets: ListOf[LocalObject] = Field((), description="Secrets for all registries.")
    storage_class: OrEmpty[StorageClassName] = Field("", description="Storage class of all claims.")

    @model_validator(mode="after")
    def _other_keys_hold_no_credential(self) -> "GlobalValues":
        if has_credential_shape(json.dumps(self.model_extra)):
            raise PydanticCustomError("credential", "holds a credential")
        return self


def _open(schema: dict[str, Any]) -> None:
    schema["additionalProperties"] = True


def _open_with_global(schema: dict[str, Any]) -> None:
    _open(schema)
    told = {"type": "object", "properties": {}, "description": "Helm puts the chart's own `global` here."}
    schema["properties"]["global"] = told


class UpstreamObject(Values):
    """An object among the values of a chart of others, by the names there.

    Before Helm holds the values to the schema it adds upstream's own defaults, so the schema admits keys that are not
    here. Where values are read by these types, a key that is not here is refused as everywhere.
    """

    model_config = ConfigDict(json_schema_extra=_open)


class UpstreamValues(UpstreamObject):
    """Values of a chart of others that a chart of ours wraps."""

    model_config = ConfigDict(json_schema_extra=_open_with_global)

    enabled: bool = Field(
        default=False,
        description="Whether it is part of this release, after `hmco-charts deps`; else it is of another one.",
    )


class ChartValues(Scheduling):
    """What every chart's root has; `extraDeploy` is left out on purpose, as it could hold a Secret.

    The Go helpers and the templates that every chart has read these values. A chart narrows one by a field of the same
    name, with another default, such as a pod security context with its image's user, or a derived type.

    Attributes:
        rules: What must hold between its values.
    """

    rules: ClassVar[Sequence[AnyRule]] = ()

    global_: GlobalValues = Field(
        GlobalValues(), alias="global", description="Values that all charts of a release share."
    )
    name_override: OrEmpty[DnsLabel] = Field("", description="Replaces the chart's name in names.")
    fullname_override: OrEmpty[DnsLabel] = Field("", description="Replaces the whole name.")
    namespace_override: OrEmpty[Namespace] = Field("", description="Replaces the release's namespace.")
    common_labels: Labels = Field({}, description="Labels of all objects and pods, never of selectors.")
    common_annotations: Annotations = Field({}, description="Annotations of all objects.")
    image_pull_secrets: ListOf[LocalObject] = Field((), description="Secrets for the registries of all images.")
    external_secrets: MapOf[ObjectName, ExternalSecret] = Field(
        {}, description="Secrets that External Secrets fills, by name."
    )
    generated_secrets: MapOf[ObjectName, GeneratedSecret] = Field(
        {}, description="Secrets generated once on the cluster and kept, by name."
    )
    secret_generator: SecretGenerator = Field(SecretGenerator(), description="Job that makes `generatedSecrets`.")
    pod_security_context: PodSecurityContext = Field(PodSecurityContext(), description="Security of all pods.")
    container_security_context: ContainerSecurityContext = Field(
        ContainerSecurityContext(), description="Security of all containers."
    )
    network_policy: NetworkPolicy = Field(NetworkPolicy(), description="Network policy.")

    @model_validator(mode="after")
    def _rules_hold(self) -> "ChartValues":
        document: dict[str, Any] = self.document() if self.rules else {}
        for rule in self.rules:
            rule.enforce(document)
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The model's schema with the rules."""
        schema = handler(core)
        if cls.rules:
            handler.resolve_ref_schema(schema)["allOf"] = [rule.schema() for rule in cls.rules]
        return schema


COMMON = frozenset(field.alias for field in ChartValues.model_fields.values())
"""Keys that every chart has."""
