"""Kubernetes' own shapes, closed: scheduling, security contexts, probes, environment, volumes, resources.

Field names and meanings are those of the Kubernetes API reference (core/v1, networking.k8s.io/v1).
"""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from hmco_charts.values.base import KubernetesShape
from hmco_charts.values.credential import CREDENTIAL_NAME, is_secret_name
from hmco_charts.values.text import (
    AbsolutePath,
    ApiVersion,
    Cidr,
    DataKey,
    EnvName,
    FieldPath,
    Host,
    IpAddress,
    Kind,
    LabelKey,
    LabelValue,
    ListOf,
    MapOf,
    ObjectName,
    Pattern,
    PortName,
    PrometheusDuration,
    Quantity,
    RelativePath,
    ResourceName,
    Text,
    UrlPath,
    Word,
)

PortNumber = Annotated[int, Field(ge=1, le=65535)]
NamedPort = Annotated[str | int, Pattern("a port name", r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", "http", 15, (1, 65535))]
Seconds = Annotated[int, Field(ge=0, le=31_536_000)]
Count = Annotated[int, Field(ge=0, le=100_000)]
Id = Annotated[int, Field(ge=0, le=2**31 - 1)]
Mode = Annotated[int, Field(ge=0, le=0o777)]
Labels = MapOf[LabelKey, LabelValue]
Annotations = MapOf[LabelKey, Text]


class Resources(KubernetesShape):
    """Requests and limits of a container."""

    requests: MapOf[ResourceName, Quantity] = Field({}, description="What the scheduler sets aside.")
    limits: MapOf[ResourceName, Quantity] = Field({}, description="What the container may not exceed.")


class LocalObject(KubernetesShape):
    """An object of the release's namespace, by name."""

    name: ObjectName = Field(description="Name of the object.")


class Toleration(KubernetesShape):
    """A taint that pods tolerate."""

    key: LabelKey | None = Field(None, description="Key of the taint; unset tolerates all.")
    operator: Literal["Exists", "Equal"] | None = Field(None, description="How key and value compare.")
    value: LabelValue | None = Field(None, description="Value of the taint.")
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] | None = Field(
        None, description="Effect of the taint; unset tolerates all."
    )
    toleration_seconds: Seconds | None = Field(None, description="Seconds that a pod stays on a tainted node.")


class LabelExpression(KubernetesShape):
    """One condition on labels."""

    key: LabelKey = Field(description="Key of the label.")
    operator: Literal["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"] = Field(
        description="How the label's value compares."
    )
    values: ListOf[LabelValue] = Field((), description="Values to compare with.")


class LabelSelector(KubernetesShape):
    """Objects chosen by their labels."""

    match_labels: Labels = Field({}, description="Labels that must be equal.")
    match_expressions: ListOf[LabelExpression] = Field((), description="Conditions that must all hold.")


class NodeSelectorTerm(KubernetesShape):
    """Nodes chosen by their labels and fields."""

    match_expressions: ListOf[LabelExpression] = Field((), description="Conditions on the node's labels.")
    match_fields: ListOf[LabelExpression] = Field((), description="Conditions on the node's fields.")


class NodeSelector(KubernetesShape):
    """Nodes of which one term holds."""

    node_selector_terms: ListOf[NodeSelectorTerm] = Field(description="Terms; one must hold.")


class PreferredNodes(KubernetesShape):
    """Nodes that pods prefer."""

    weight: Annotated[int, Field(ge=1, le=100)] = Field(description="Weight of the preference.")
    preference: NodeSelectorTerm = Field(description="The preferred nodes.")


class NodeAffinity(KubernetesShape):
    """Nodes that pods need or prefer."""

    required_during_scheduling_ignored_during_execution: NodeSelector | None = Field(
        None, description="Nodes that pods need."
    )
    preferred_during_scheduling_ignored_during_execution: ListOf[PreferredNodes] = Field(
        (), description="Nodes that pods prefer."
    )


class PodAffinityTerm(KubernetesShape):
    """Pods to be near to, or far from."""

    topology_key: LabelKey = Field(description="Node label that says what near means.")
    label_selector: LabelSelector | None = Field(None, description="The pods.")
    namespaces: ListOf[ObjectName] = Field((), description="Their namespaces; empty means this one.")
    namespace_selector: LabelSelector | None = Field(None, description="Their namespaces by label.")
    match_label_keys: ListOf[LabelKey] = Field((), description="Labels whose values are taken from the pod.")
    mismatch_label_keys: ListOf[LabelKey] = Field((), description="Labels whose values must differ.")


class WeightedPodAffinityTerm(KubernetesShape):
    """Pods that pods prefer to be near to, or far from."""

    weight: Annotated[int, Field(ge=1, le=100)] = Field(description="Weight of the preference.")
    pod_affinity_term: PodAffinityTerm = Field(description="The pods.")


class PodAffinity(KubernetesShape):
    """Pods to be near to, or far from."""

    required_during_scheduling_ignored_during_execution: ListOf[PodAffinityTerm] = Field((), description="Must hold.")
    preferred_during_scheduling_ignored_during_execution: ListOf[WeightedPodAffinityTerm] = Field(
        (), description="Should hold."
    )


class Affinity(KubernetesShape):
    """Nodes and pods to be near to, or far from."""

    node_affinity: NodeAffinity | None = Field(None, description="Nodes.")
    pod_affinity: PodAffinity | None = Field(None, description="Pods to be near to.")
    pod_anti_affinity: PodAffinity | None = Field(None, description="Pods to be far from.")


class TopologySpreadConstraint(KubernetesShape):
    """How pods spread over zones or nodes."""

    max_skew: Annotated[int, Field(ge=1, le=1000)] = Field(1, description="Greatest difference between domains.")
    topology_key: LabelKey = Field(description="Node label whose values are the domains.")
    when_unsatisfiable: Literal["DoNotSchedule", "ScheduleAnyway"] = Field(
        "ScheduleAnyway", description="What happens where it cannot hold."
    )
    label_selector: LabelSelector | None = Field(None, description="Pods to count; unset means the component's.")
    min_domains: Annotated[int, Field(ge=1, le=1000)] | None = Field(None, description="Domains at least.")
    match_label_keys: ListOf[LabelKey] = Field((), description="Labels whose values are taken from the pod.")
    node_affinity_policy: Literal["Honor", "Ignore"] | None = Field(None, description="Whether affinity counts.")
    node_taints_policy: Literal["Honor", "Ignore"] | None = Field(None, description="Whether taints count.")


class HostAlias(KubernetesShape):
    """An entry of the pod's /etc/hosts."""

    ip: IpAddress = Field(description="IP address.")
    hostnames: ListOf[Host] = Field(description="Names for it.")


class DnsOption(KubernetesShape):
    """An option of the pod's resolver."""

    name: Word = Field(description="Name, such as ndots.")
    value: Word | None = Field(None, description="Value.")


class DnsConfig(KubernetesShape):
    """The pod's resolver."""

    nameservers: ListOf[IpAddress] = Field((), description="Name servers.")
    searches: ListOf[Host] = Field((), description="Search domains.")
    options: ListOf[DnsOption] = Field((), description="Options.")


class SeccompProfile(KubernetesShape):
    """System calls that are allowed."""

    type: Literal["RuntimeDefault", "Localhost", "Unconfined"] = Field("RuntimeDefault", description="Which profile.")
    localhost_profile: RelativePath | None = Field(None, description="Path of a profile on the node.")


class SeLinuxOptions(KubernetesShape):
    """SELinux labels."""

    user: Word | None = Field(None, description="User.")
    role: Word | None = Field(None, description="Role.")
    type: Word | None = Field(None, description="Type.")
    level: Word | None = Field(None, description="Level.")


class Capabilities(KubernetesShape):
    """Linux capabilities of a container."""

    add: ListOf[Annotated[str, Pattern("a capability", r"[A-Z_]+", "IPC_LOCK", 63)]] = Field((), description="Added.")
    drop: ListOf[Annotated[str, Pattern("a capability", r"[A-Z_]+", "ALL", 63)]] = Field((), description="Dropped.")


class Sysctl(KubernetesShape):
    """A kernel parameter of the pod."""

    name: Word = Field(description="Name.")
    value: Word = Field(description="Value.")


class PodSecurityContext(KubernetesShape):
    """Security of a pod; the default holds Pod Security `restricted`."""

    run_as_non_root: bool | None = Field(True, description="Refuse to run as root.")
    run_as_user: Id | None = Field(None, description="User id; unset lets OpenShift choose.")
    run_as_group: Id | None = Field(None, description="Group id.")
    fs_group: Id | None = Field(None, description="Group that owns the volumes.")
    fs_group_change_policy: Literal["OnRootMismatch", "Always"] | None = Field(
        "OnRootMismatch", description="When ownership of volumes is changed."
    )
    supplemental_groups: ListOf[Id] = Field((), description="Further groups.")
    seccomp_profile: SeccompProfile | None = Field(SeccompProfile(), description="System calls that are allowed.")
    se_linux_options: SeLinuxOptions | None = Field(None, description="SELinux labels.")
    sysctls: ListOf[Sysctl] = Field((), description="Kernel parameters.")


class ContainerSecurityContext(KubernetesShape):
    """Security of a container; the default holds Pod Security `restricted`."""

    run_as_non_root: bool | None = Field(True, description="Refuse to run as root.")
    run_as_user: Id | None = Field(None, description="User id; unset means the pod's.")
    run_as_group: Id | None = Field(None, description="Group id; unset means the pod's.")
    allow_privilege_escalation: bool | None = Field(False, description="Whether a child may gain rights.")
    read_only_root_filesystem: bool | None = Field(True, description="Whether the root file system is read-only.")
    privileged: Literal[False] | None = Field(None, description="Never true.")
    capabilities: Capabilities | None = Field(Capabilities(drop=("ALL",)), description="Linux capabilities.")
    seccomp_profile: SeccompProfile | None = Field(SeccompProfile(), description="System calls that are allowed.")
    se_linux_options: SeLinuxOptions | None = Field(None, description="SELinux labels.")


class KeyOf(KubernetesShape):
    """A key of a Secret or ConfigMap."""

    name: ObjectName = Field(description="Name of the object.")
    key: DataKey = Field(description="Key in it.")
    optional: bool | None = Field(None, description="Whether it may be missing.")


class FieldRef(KubernetesShape):
    """A field of the pod."""

    field_path: FieldPath = Field(description="Path of the field.")
    api_version: ApiVersion | None = Field(None, description="API version of the path.")


class ResourceFieldRef(KubernetesShape):
    """A request or limit of a container."""

    resource: Word = Field(description="Such as limits.memory.")
    container_name: ObjectName | None = Field(None, description="Container; unset means this one.")
    divisor: Quantity | None = Field(None, description="Unit of the result.")


class EnvSource(KubernetesShape):
    """Where an environment variable takes its value from; one of the four."""

    secret_key_ref: KeyOf | None = Field(None, description="A key of a Secret.")
    config_map_key_ref: KeyOf | None = Field(None, description="A key of a ConfigMap.")
    field_ref: FieldRef | None = Field(None, description="A field of the pod.")
    resource_field_ref: ResourceFieldRef | None = Field(None, description="A request or limit.")


class ExtraEnvVar(KubernetesShape):
    """An environment variable: a value that is no secret, or `valueFrom`."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {
                "properties": {"name": {"type": "string", "pattern": CREDENTIAL_NAME}},
                "required": ["name"],
            },
            "then": {"properties": {"value": {"enum": ["", None]}}},
        }
    )

    name: EnvName = Field(description="Name of the variable.")
    value: Text | None = Field(None, description="Value; refused where the name says that it is a credential.")
    value_from: EnvSource | None = Field(None, description="Where the value comes from.")

    @model_validator(mode="after")
    def _secrets_come_from_elsewhere(self) -> "ExtraEnvVar":
        if self.value and is_secret_name(self.name, self.value):
            raise PydanticCustomError("credential", "holds a credential")
        return self


class KeyToPath(KubernetesShape):
    """A key of a Secret or ConfigMap as a file."""

    key: DataKey = Field(description="Key.")
    path: RelativePath = Field(description="File under the mount.")
    mode: Mode | None = Field(None, description="Permission bits, decimal.")


class SecretVolume(KubernetesShape):
    """A Secret as files."""

    secret_name: ObjectName = Field(description="Name of the Secret.")
    items: ListOf[KeyToPath] = Field((), description="Keys and files; empty means all.")
    default_mode: Mode | None = Field(None, description="Permission bits, decimal.")
    optional: bool | None = Field(None, description="Whether it may be missing.")


class ConfigMapVolume(KubernetesShape):
    """A ConfigMap as files."""

    name: ObjectName = Field(description="Name of the ConfigMap.")
    items: ListOf[KeyToPath] = Field((), description="Keys and files; empty means all.")
    default_mode: Mode | None = Field(None, description="Permission bits, decimal.")
    optional: bool | None = Field(None, description="Whether it may be missing.")


class EmptyDirVolume(KubernetesShape):
    """An empty folder that lives as long as the pod."""

    medium: Literal["", "Memory"] | None = Field(None, description="Memory for a RAM disk.")
    size_limit: Quantity | None = Field(None, description="Greatest size.")


class ClaimVolume(KubernetesShape):
    """An existing claim."""

    claim_name: ObjectName = Field(description="Name of the claim.")
    read_only: bool | None = Field(None, description="Whether it is mounted read-only.")


class CsiVolume(KubernetesShape):
    """A volume of a CSI driver, such as the Secrets Store."""

    driver: ObjectName = Field(description="Name of the driver.")
    read_only: bool | None = Field(None, description="Whether it is mounted read-only.")
    volume_attributes: MapOf[Word, Text] = Field({}, description="Attributes of the driver.")
    node_publish_secret_ref: LocalObject | None = Field(None, description="Secret for the driver.")


class ServiceAccountTokenSource(KubernetesShape):
    """A token of the pod's ServiceAccount."""

    audience: Text | None = Field(None, description="Whom the token is for.")
    expiration_seconds: Annotated[int, Field(ge=600, le=2**32)] | None = Field(None, description="Life in seconds.")
    path: RelativePath = Field(description="File under the mount.")


class ProjectedSource(KubernetesShape):
    """One source of a projected volume."""

    secret: ConfigMapVolume | None = Field(None, description="A Secret.")
    config_map: ConfigMapVolume | None = Field(None, description="A ConfigMap.")
    service_account_token: ServiceAccountTokenSource | None = Field(None, description="A token.")


class ProjectedVolume(KubernetesShape):
    """Several sources in one folder."""

    sources: ListOf[ProjectedSource] = Field(description="The sources.")
    default_mode: Mode | None = Field(None, description="Permission bits, decimal.")


class HostPathVolume(KubernetesShape):
    """A path of the node."""

    path: AbsolutePath = Field(description="Path on the node.")
    type: Word | None = Field(None, description="What must be there.")


class ExtraVolume(KubernetesShape):
    """A volume of the pod; one source."""

    name: ObjectName = Field(description="Name of the volume.")
    secret: SecretVolume | None = Field(None, description="A Secret.")
    config_map: ConfigMapVolume | None = Field(None, description="A ConfigMap.")
    empty_dir: EmptyDirVolume | None = Field(None, description="An empty folder.")
    persistent_volume_claim: ClaimVolume | None = Field(None, description="An existing claim.")
    csi: CsiVolume | None = Field(None, description="A volume of a CSI driver.")
    projected: ProjectedVolume | None = Field(None, description="Several sources.")
    host_path: HostPathVolume | None = Field(None, description="A path of the node.")


class ExtraVolumeMount(KubernetesShape):
    """Where a container sees a volume."""

    name: ObjectName = Field(description="Name of the volume.")
    mount_path: AbsolutePath = Field(description="Path in the container.")
    sub_path: RelativePath | None = Field(None, description="Path in the volume.")
    read_only: bool | None = Field(None, description="Whether it is mounted read-only.")
    mount_propagation: Literal["None", "HostToContainer", "Bidirectional"] | None = Field(
        None, description="How mounts spread."
    )


class HttpGet(KubernetesShape):
    """A request that must be answered."""

    path: UrlPath = Field("/", description="Path, without a query.")
    port: NamedPort = Field(description="Port, by number or name.")
    scheme: Literal["HTTP", "HTTPS"] | None = Field(None, description="Scheme.")
    host: Host | None = Field(None, description="Host; unset means the pod.")


class TcpSocket(KubernetesShape):
    """A port that must accept."""

    port: NamedPort = Field(description="Port, by number or name.")
    host: Host | None = Field(None, description="Host; unset means the pod.")


class Exec(KubernetesShape):
    """A command that must succeed."""

    command: ListOf[Text] = Field(description="Words of the command.")


class Grpc(KubernetesShape):
    """A gRPC health check."""

    port: PortNumber = Field(description="Port.")
    service: Word | None = Field(None, description="Service to ask for.")


class CustomProbe(KubernetesShape):
    """A probe that replaces the chart's own."""

    http_get: HttpGet | None = Field(None, description="A request.")
    tcp_socket: TcpSocket | None = Field(None, description="A port.")
    exec: Exec | None = Field(None, description="A command.")
    grpc: Grpc | None = Field(None, description="A gRPC health check.")
    initial_delay_seconds: Seconds | None = Field(None, description="Seconds before the first probe.")
    period_seconds: Seconds | None = Field(None, description="Seconds between probes.")
    timeout_seconds: Seconds | None = Field(None, description="Seconds until a probe fails.")
    failure_threshold: Count | None = Field(None, description="Failures in a row that count.")
    success_threshold: Count | None = Field(None, description="Successes in a row that count.")
    termination_grace_period_seconds: Seconds | None = Field(None, description="Seconds to stop.")


class LifecycleHandler(KubernetesShape):
    """What runs after a container's start or before its stop."""

    exec: Exec | None = Field(None, description="A command.")
    http_get: HttpGet | None = Field(None, description="A request.")


class Lifecycle(KubernetesShape):
    """What runs after a container's start and before its stop."""

    post_start: LifecycleHandler | None = Field(None, description="After the start.")
    pre_stop: LifecycleHandler | None = Field(None, description="Before the stop.")


class ContainerPort(KubernetesShape):
    """A port of a container."""

    name: PortName | None = Field(None, description="Name.")
    container_port: PortNumber = Field(description="Number.")
    protocol: Literal["TCP", "UDP", "SCTP"] | None = Field(None, description="Protocol.")


class EnvFromSource(KubernetesShape):
    """All keys of a Secret or ConfigMap as environment variables."""

    prefix: EnvName | None = Field(None, description="Prefix of the names.")
    secret_ref: LocalObject | None = Field(None, description="A Secret.")
    config_map_ref: LocalObject | None = Field(None, description="A ConfigMap.")


class ExtraContainer(KubernetesShape):
    """A container beside the chart's own, or before it."""

    name: ObjectName = Field(description="Name of the container.")
    image: Annotated[
        str,
        Pattern(
            "an image",
            r"[a-z0-9][a-z0-9._/:-]*(:[A-Za-z0-9_.-]+)?(@sha256:[0-9a-f]{64})?",
            "busybox:1.37",
            512,
        ),
    ] = Field(description="Image.")
    image_pull_policy: Literal["Always", "IfNotPresent", "Never"] | None = Field(None, description="When to pull.")
    command: ListOf[Text] = Field((), description="Words of the command.")
    args: ListOf[Text] = Field((), description="Its arguments.")
    working_dir: AbsolutePath | None = Field(None, description="Working directory.")
    env: ListOf[ExtraEnvVar] = Field((), description="Environment variables.")
    env_from: ListOf[EnvFromSource] = Field((), description="Environment from Secrets and ConfigMaps.")
    ports: ListOf[ContainerPort] = Field((), description="Ports.")
    volume_mounts: ListOf[ExtraVolumeMount] = Field((), description="Mounts.")
    resources: Resources = Field(Resources(), description="Requests and limits.")
    security_context: ContainerSecurityContext = Field(
        ContainerSecurityContext(), description="Security; the default holds Pod Security restricted."
    )
    restart_policy: Literal["Always"] | None = Field(None, description="Always makes an init container a sidecar.")
    startup_probe: CustomProbe | None = Field(None, description="Whether it has started.")
    readiness_probe: CustomProbe | None = Field(None, description="Whether it is ready.")
    liveness_probe: CustomProbe | None = Field(None, description="Whether it is alive.")
    lifecycle: Lifecycle | None = Field(None, description="Hooks.")


class IpBlock(KubernetesShape):
    """A range of IP addresses."""

    cidr: Cidr = Field(description="The range.")
    except_: ListOf[Cidr] = Field((), alias="except", description="Parts left out.")


class NetworkPeer(KubernetesShape):
    """Whom a rule of a NetworkPolicy means."""

    pod_selector: LabelSelector | None = Field(None, description="Pods.")
    namespace_selector: LabelSelector | None = Field(None, description="Namespaces.")
    ip_block: IpBlock | None = Field(None, description="A range of IP addresses.")


class NetworkPort(KubernetesShape):
    """A port of a NetworkPolicy."""

    port: NamedPort | None = Field(None, description="Port, by number or name.")
    end_port: PortNumber | None = Field(None, description="Last port of a range.")
    protocol: Literal["TCP", "UDP", "SCTP"] | None = Field(None, description="Protocol.")


class IngressRule(KubernetesShape):
    """Who may come in."""

    from_: ListOf[NetworkPeer] = Field((), alias="from", description="From whom; empty means everyone.")
    ports: ListOf[NetworkPort] = Field((), description="To which ports; empty means all.")


class EgressRule(KubernetesShape):
    """Where pods may go."""

    to: ListOf[NetworkPeer] = Field((), description="To whom; empty means everywhere.")
    ports: ListOf[NetworkPort] = Field((), description="To which ports; empty means all.")


class DataSource(KubernetesShape):
    """What a new claim is filled from."""

    api_group: ObjectName | None = Field(None, description="API group.")
    kind: Kind = Field(description="Kind, such as VolumeSnapshot.")
    name: ObjectName = Field(description="Name.")


class Relabeling(KubernetesShape):
    """A relabelling step of Prometheus."""

    action: Word | None = Field(None, description="What to do.")
    source_labels: ListOf[EnvName] = Field((), description="Labels to read.")
    separator: Text | None = Field(None, description="What joins them.")
    regex: Text | None = Field(None, description="What they must match.")
    modulus: Count | None = Field(None, description="Modulus for hashmod.")
    target_label: EnvName | None = Field(None, description="Label to write.")
    replacement: Text | None = Field(None, description="What to write.")


class AlertRule(KubernetesShape):
    """An alert or a recorded series of Prometheus."""

    alert: Word | None = Field(None, description="Name of the alert.")
    record: Word | None = Field(None, description="Name of the series.")
    expr: Text = Field(description="Expression in PromQL.")
    for_: PrometheusDuration | None = Field(None, alias="for", description="How long it must hold.")
    keep_firing_for: PrometheusDuration | None = Field(None, description="How long it fires on.")
    labels: MapOf[EnvName, Text] = Field({}, description="Labels.")
    annotations: MapOf[EnvName, Text] = Field({}, description="Annotations.")
