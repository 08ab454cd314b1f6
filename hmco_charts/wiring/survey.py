"""What a planned platform really installs, as Helm renders it: pods and what they ask for, ports, security levels."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hmco_charts import generate
from hmco_charts.errors import ChartError, Location
from hmco_charts.generate import ChartTree
from hmco_charts.objects import ChartOptions, KubernetesObject, Pod, Release, read
from hmco_charts.objects.kubernetes import items, mapping, text
from hmco_charts.objects.pod_security import violations
from hmco_charts.quantity import quantity
from hmco_charts.values.platform import ClusterProfile

_INSTANCE = "app.kubernetes.io/instance"
_LEVELS = ("restricted", "baseline")


@dataclass(frozen=True, slots=True)
class Amount:
    """Of CPU in cores, of memory and disk in bytes."""

    cpu: float = 0
    memory: float = 0
    disk: float = 0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.cpu + other.cpu, self.memory + other.memory, self.disk + other.disk)

    def __sub__(self, other: "Amount") -> "Amount":
        return Amount(self.cpu - other.cpu, self.memory - other.memory, self.disk - other.disk)

    def fits(self, room: "Amount") -> bool:
        """Whether there is room for it."""
        return self.cpu <= room.cpu and self.memory <= room.memory and self.disk <= room.disk


@dataclass(frozen=True, slots=True)
class PodDemand:
    """What a pod asks for.

    Attributes:
        release: The release that it belongs to.
        name: Its workload, as `Kind/name`.
        amount: What it asks for.
    """

    release: str
    name: str
    amount: Amount


@dataclass(frozen=True)
class Survey:
    """The objects of a platform.

    Attributes:
        release: All of them.
        nodes: How many nodes there are.
    """

    release: Release
    nodes: int

    @cached_property
    def demands(self) -> tuple[PodDemand, ...]:
        """Every pod that may run at the same time as the others, Jobs too, but no test, and no CronJob that rests."""
        pods = (pod for pod in self.release.pods if not _is_test(pod) and not _rests(pod))
        return tuple(demand for pod in pods for demand in self._of(pod))

    def of(self, name: str) -> list[PodDemand]:
        """The pods of one release."""
        return [each for each in self.demands if each.release == name]

    @cached_property
    def levels(self) -> Mapping[str, str]:
        """The strictest level of Pod Security that admits all pods of a namespace, by the namespace."""
        pods = defaultdict(list)
        for each in self.release.pods:
            pods[each.object.namespace].append(each)
        return {namespace: _level(pods[namespace]) for namespace in sorted(pods)}

    @cached_property
    def claimed_twice(self) -> list[str]:
        """Ports of the nodes that more than one object claims, each told in a line."""
        claims: dict[str, list[str]] = defaultdict(list)
        for port, owner in (*self._node_ports(), *self._host_ports()):
            claims[port].append(owner)
        return [f"{port}: {', '.join(owners)}" for port, owners in sorted(claims.items()) if len(owners) > 1]

    @cached_property
    def made_twice(self) -> list[str]:
        """Objects that more than one release makes, each told in a line."""
        makers: dict[str, list[str]] = defaultdict(list)
        for each in self.release.objects:
            makers[f"{each.kind}/{each.namespace}/{each.name}"].append(_owner(each) or each.name)
        return [f"{name}: {', '.join(owners)}" for name, owners in sorted(makers.items()) if len(owners) > 1]

    def _of(self, pod: Pod) -> Iterator[PodDemand]:
        count = self.nodes if pod.object.kind == "DaemonSet" else self.release.replicas(pod).most
        amount = Amount(_asked(pod, "cpu"), _asked(pod, "memory"), self._disk(pod))
        told = PodDemand(_owner(pod.object), f"{pod.object.kind}/{pod.object.name}", amount)
        return (told for _ in range(count))

    def _disk(self, pod: Pod) -> float:
        claims = [mapping(each) for each in items(pod.object.at(("spec", "volumeClaimTemplates")))]
        for volume in pod.volumes:
            name = text(mapping(volume.get("persistentVolumeClaim")).get("claimName"))
            found = self.release.find("PersistentVolumeClaim", name, pod.object) if name else None
            claims += [found.manifest] if found and self._first_user.get(name) == id(pod) else []
        return sum(_claimed(each) for each in claims)

    @cached_property
    def _first_user(self) -> dict[str, int]:
        """The pod that a claim is counted for: the first that mounts it."""
        found: dict[str, int] = {}
        for pod in self.release.pods:
            for volume in pod.volumes:
                found.setdefault(text(mapping(volume.get("persistentVolumeClaim")).get("claimName")), id(pod))
        return found

    def _node_ports(self) -> Iterator[tuple[str, str]]:
        for service in self.release.of_kind("Service"):
            for port in map(mapping, items(service.at(("spec", "ports")))):
                if number := port.get("nodePort"):
                    yield f"node port {number}/{port.get('protocol', 'TCP')}", f"Service/{service.name}"

    def _host_ports(self) -> Iterator[tuple[str, str]]:
        for container in self.release.containers:
            for port in container.ports:
                if number := port.get("hostPort"):
                    owner = container.pod.object
                    yield f"port {number}/{port.get('protocol', 'TCP')} of a node", f"{owner.kind}/{owner.name}"


def survey(tree: ChartTree, cluster: ClusterProfile) -> Survey:
    """The objects that a platform's folder installs.

    Args:
        tree: The folder.
        cluster: The cluster.

    Raises:
        ChartError: A chart cannot be rendered with its values.
    """
    with TemporaryDirectory(prefix="hmco-charts-") as folder:
        generate.write(tree, Path(folder, tree.name))
        inputs = read([str(Path(folder, tree.name))], ChartOptions(kube_version=cluster.kubernetes or None))
        for unread in inputs.unread:
            inside = f"{folder}/{tree.name}/"
            at = Location(unread.at.file.removeprefix(inside), unread.at.line, unread.at.column)
            raise ChartError(unread.reason, at=at, remedy=unread.remedy.replace(inside, ""))
        return Survey(inputs.releases[0], cluster.size)


def _owner(each: KubernetesObject) -> str:
    return text(mapping(each.metadata.get("labels")).get(_INSTANCE))


def _is_test(pod: Pod) -> bool:
    return pod.object.annotations.get("helm.sh/hook", "").startswith("test")


def _rests(pod: Pod) -> bool:
    return pod.object.at(("spec", "suspend")) is True


def _asked(pod: Pod, resource: str) -> float:
    """What the scheduler counts for a pod: the sum of its containers, or of an init container that asks for more."""
    sums: dict[str, list[float]] = {"container": [], "initContainer": []}
    for container in pod.containers:
        told = mapping(container.spec.get("resources"))
        asked = [mapping(told.get(field)).get(resource) for field in ("requests", "limits")]
        sums[container.role].append(next((found for each in asked if (found := quantity(each))), 0.0))
    return max(sum(sums["container"]), *sums["initContainer"], 0.0)


def _claimed(claim: Mapping[str, Any]) -> float:
    told = mapping(mapping(mapping(claim.get("spec")).get("resources")).get("requests"))
    return quantity(told.get("storage")) or 0.0


def _level(pods: Iterable[Pod]) -> str:
    there = list(pods)
    admitted = (level for level in _LEVELS if not any(any(violations(pod, level)) for pod in there))
    return next(admitted, "privileged")
