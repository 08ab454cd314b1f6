"""Typed values of the `node-tuning` chart: settings of the nodes' kernel that no pod may have for itself.

Sources: Linux, Documentation/admin-guide/sysctl/fs.rst and vm.rst; Kubernetes, `pkg/kubelet/sysctl/allowlist.go`.
"""

from typing import Annotated

from pydantic import Field

from hmco_charts.values.base import Values
from hmco_charts.values.chart import ChartType
from hmco_charts.values.kubernetes import PodSecurityContext, Resources, Toleration
from hmco_charts.values.text import CountOrPercentage, ListOf
from hmco_charts.values.types import ChartValues, ServiceAccount, VersionedImage

Least = Annotated[int, Field(ge=0, le=2**31 - 1)]


class Settings(Values):
    """The least that each node has; a node with more keeps it, and 0 leaves the setting alone."""

    inotify_max_user_instances: Least = Field(
        8192, description="`fs.inotify.max_user_instances`: watchers of files, of each user of the node."
    )
    inotify_max_user_watches: Least = Field(
        524_288, description="`fs.inotify.max_user_watches`: files that are watched, of each user of the node."
    )
    max_map_count: Least = Field(
        262_144, description="`vm.max_map_count`: mapped areas of a process; Elasticsearch and Doris need so many."
    )


class NodeTuning(ChartValues):
    """Settings of the nodes' kernel."""

    enabled: bool = Field(default=True, description="Whether the DaemonSet is there; off, nodes keep what they have.")
    settings: Settings = Field(Settings(), description="The least that each node has.")
    image: VersionedImage = Field(
        VersionedImage(registry="docker.io", repository="library/busybox", tag="1.37"), description="Image."
    )
    resources: Resources = Field(
        Resources(
            requests={"cpu": "5m", "memory": "8Mi", "ephemeral-storage": "1Mi"},
            limits={"memory": "32Mi", "ephemeral-storage": "16Mi"},
        ),
        description="Requests and limits.",
    )
    max_unavailable: CountOrPercentage = Field("25%", description="Nodes at a time whose pod a rollout replaces.")
    tolerations: ListOf[Toleration] = Field(
        (Toleration(operator="Exists"),), description="Taints that pods tolerate: by default all."
    )
    service_account: ServiceAccount = Field(ServiceAccount(), description="ServiceAccount of the pods.")
    pod_security_context: PodSecurityContext = Field(
        PodSecurityContext(run_as_user=65534, run_as_group=65534), description="Security of all pods."
    )


CHART = ChartType(
    name="node-tuning",
    model=NodeTuning,
    version="0.1.0",
    app_version="1.37",
    description="Kernel settings of the nodes that no pod may set for itself: inotify and mapped areas.",
    default_profile="ha",
    keywords=("sysctl", "inotify", "kernel", "nodes"),
    category="integration-delivery",
)
