"""What is known of the cluster that the objects are for; what is not told stays unknown and is never guessed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

PodSecurityLevel = Literal["privileged", "baseline", "restricted"]


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster profile. `None` means that nothing is known.

    Attributes:
        nodes: How many nodes pods can be scheduled on.
        zones: How many zones they stand in.
        kubernetes: The version of the API server, such as `1.31`.
        domain: The cluster's DNS domain.
        pod_security: The Pod Security level that each namespace enforces; `*` stands for all others.
        allowed_unsafe_sysctls: The kubelets' `--allowed-unsafe-sysctls`, such as `net.core.*`.
        memlock: The containers' limit on locked memory.
        swap: Whether the nodes swap.
        storage_classes: The storage classes that there are.
        hosts: Names of hosts outside the objects that are checked; `*.example.com` stands for all under it.
        objects: Objects that exist elsewhere, as `Kind/name` or `Kind/namespace/name`; a name may end in `*`.
    """

    nodes: int | None = None
    zones: int | None = None
    kubernetes: str | None = None
    domain: str = "cluster.local"
    pod_security: Mapping[str, PodSecurityLevel] = field(default_factory=dict)
    allowed_unsafe_sysctls: tuple[str, ...] | None = None
    memlock: Literal["limited", "unlimited"] | None = None
    swap: bool | None = None
    storage_classes: tuple[str, ...] | None = None
    hosts: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()


UNKNOWN = Cluster()
"""A cluster of which nothing is known."""
