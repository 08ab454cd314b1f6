"""Values of what runs as pods: probes, hooks, rollout, backups. The macros of `_lib/workloads.j2` read them."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema, PydanticCustomError

from hmco_charts.values.base import Values
from hmco_charts.values.kubernetes import (
    Annotations,
    ExtraContainer,
    ExtraEnvVar,
    ExtraVolume,
    ExtraVolumeMount,
    Labels,
    Resources,
    Seconds,
)
from hmco_charts.values.text import CountOrPercentage, ListOf
from hmco_charts.values.types import COMMON, SMALL, Backup, ClaimRetention, DiagnosticMode, Image, Persistence, Probe

Percent = Annotated[int, Field(ge=1, le=100)]


class ProgramEnvVar(ExtraEnvVar):
    """A variable of a program that the chart does not set itself; a chart's own type names those that it does."""

    own: ClassVar[tuple[str, ...]] = ()
    """Variables that the chart sets, or that would undo what it writes."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The variable, and the names that are taken."""
        told = handler.resolve_ref_schema(handler(core))
        if cls.own:
            told["not"] = {"properties": {"name": {"enum": [*cls.own]}}, "required": ["name"]}
        return told

    @model_validator(mode="after")
    def _is_not_our_own(self) -> "ProgramEnvVar":
        if self.name in self.own:
            raise PydanticCustomError("own_variable", "{name} is set by the chart", {"name": self.name})
        return self


class Workload(Values):
    """Pods of one kind."""

    resources: Resources = Field(SMALL, description="Requests and limits.")
    pod_anti_affinity_preset: Literal["soft", "hard"] = Field(
        "soft", description="Whether pods of one node are avoided or forbidden; `affinity` replaces it."
    )
    pod_annotations: Annotations = Field({}, description="Annotations of the pods.")
    pod_labels: Labels = Field({}, description="Labels of the pods.")
    startup_probe: Probe = Field(Probe(), description="Whether the program has started.")
    readiness_probe: Probe = Field(Probe(), description="Whether the program can serve.")
    liveness_probe: Probe = Field(Probe(), description="Whether the program answers at all.")
    termination_grace_period_seconds: Seconds = Field(60, description="Seconds to stop.")
    extra_env_vars: ListOf[ProgramEnvVar] = Field((), description="Further variables of the program.")
    extra_volumes: ListOf[ExtraVolume] = Field((), description="Further volumes of the pods.")
    extra_volume_mounts: ListOf[ExtraVolumeMount] = Field((), description="Where the program sees them.")
    init_containers: ListOf[ExtraContainer] = Field((), description="Further init containers.")
    sidecars: ListOf[ExtraContainer] = Field((), description="Further containers.")
    diagnostic_mode: DiagnosticMode = Field(DiagnosticMode(), description="Sleep instead of the program.")


class StatefulUpdate(Values):
    """How a change reaches the pods of a StatefulSet."""

    type: Literal["RollingUpdate", "OnDelete"] = Field("RollingUpdate", description="`OnDelete` leaves it to you.")


class StatefulWorkload(Workload):
    """Pods of a StatefulSet."""

    update_strategy: StatefulUpdate = Field(StatefulUpdate(), description="How a change reaches the pods.")
    persistent_volume_claim_retention_policy: ClaimRetention = Field(
        ClaimRetention(), description="What becomes of the claims."
    )


class StatelessUpdate(Values):
    """How a change reaches the pods of a Deployment."""

    type: Literal["RollingUpdate", "Recreate"] = Field("RollingUpdate", description="`Recreate` stops all pods first.")
    max_surge: CountOrPercentage = Field(1, description="Pods beside those wanted, where type is `RollingUpdate`.")
    max_unavailable: CountOrPercentage = Field(0, description="Pods that may be missing meanwhile.")


class Autoscaling(Values):
    """A HorizontalPodAutoscaler; it needs metrics-server, and `replicaCount` is not written."""

    enabled: bool = Field(default=False, description="Whether it is created.")
    min_replicas: Annotated[int, Field(ge=1, le=1000)] = Field(2, description="Pods at least.")
    max_replicas: Annotated[int, Field(ge=1, le=1000)] = Field(5, description="Pods at most.")
    target_cpu: Percent = Field(80, alias="targetCPUUtilizationPercentage", description="CPU in use, of the requests.")
    target_memory: Percent | None = Field(
        None, alias="targetMemoryUtilizationPercentage", description="Memory in use, of the requests."
    )


class StatelessWorkload(Workload):
    """Pods of a Deployment."""

    update_strategy: StatelessUpdate = Field(StatelessUpdate(), description="How a change reaches the pods.")
    autoscaling: Autoscaling = Field(Autoscaling(), description="Autoscaling.")


class NodeWorkload(Workload):
    """Pods of a DaemonSet."""

    max_unavailable: CountOrPercentage = Field(1, description="Nodes that may be without a pod during a rollout.")


WORKLOAD = frozenset(
    field.alias
    for model in (StatefulWorkload, StatelessWorkload, NodeWorkload)
    for field in model.model_fields.values()
)
"""Keys that all pods have."""


def rank(key: str) -> int:
    """Where a key is shown: a chart's own first, then those of all pods, last those of all charts."""
    return 2 if key in COMMON else int(key in WORKLOAD)


class Task(Values):
    """A Job that may be repeated."""

    backoff_limit: Annotated[int, Field(ge=0, le=100)] = Field(6, description="Failed tries until it gives up.")
    active_deadline_seconds: Annotated[int, Field(ge=60, le=86_400)] = Field(900, description="Seconds it may take.")


class VolumeBackup(Backup):
    """Backups on a volume; ship them off the cluster."""

    persistence: Persistence = Field(Persistence(), description="Volume of the backups; uninstalling keeps it.")
    resources: Resources = Field(
        Resources(
            requests={"cpu": "50m", "memory": "128Mi", "ephemeral-storage": "16Mi"},
            limits={"memory": "512Mi", "ephemeral-storage": "256Mi"},
        ),
        description="Requests and limits.",
    )


class Exporter(Values):
    """A container beside the program that translates its metrics; a chart's own type names the image."""

    image: Image = Field(description="Image.")
    resources: Resources = Field(SMALL, description="Requests and limits.")


class HelmTest(Values):
    """The pod of `helm test`."""

    resources: Resources = Field(SMALL, description="Requests and limits.")
