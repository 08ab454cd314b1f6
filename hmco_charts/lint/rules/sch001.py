"""SCH001: more pods want a port of a node than there are nodes."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from hmco_charts.lint.finding import Confidence, Finding, Related, Severity
from hmco_charts.lint.programs.scheduling import need
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Pod, Release
from hmco_charts.objects.kubernetes import text
from hmco_charts.yamlio import Path

_ANY = ("", "0.0.0.0", "::")  # noqa: S104 - addresses to compare with, nothing listens


@dataclass(frozen=True)
class _Port:
    """A port of the node that a container takes."""

    pod: Pod
    path: Path
    number: str
    protocol: str
    address: str

    def collides(self, other: "_Port") -> bool:
        """Whether both cannot be on one node."""
        same = (self.number, self.protocol) == (other.number, other.protocol)
        return same and (self.address == other.address or self.address in _ANY or other.address in _ANY)


class HostPortCapacity(Rule):
    """Reports workloads that cannot run all their pods because each needs a node's port for itself."""

    id = "SCH001"
    name = "host-port-capacity"
    title = "More pods than nodes for a port of the node"
    why = (
        "A hostPort exists once on each node. The scheduler keeps every further pod Pending ('didn't have free ports'),"
        " and a rolling update that first starts a new pod never ends where no node is left for it."
    )
    remedy = "Use a Service instead of hostPort; else at most as many replicas as nodes, and the strategy Recreate."
    source = "https://kubernetes.io/docs/concepts/configuration/overview/#services"

    def check(self, release: Release) -> Iterator[Finding]:
        """The workloads with more pods than nodes, and two workloads that want one port of every node."""
        ports = [port for pod in release.pods for port in _ports(pod)]
        for pod in dict.fromkeys(port.pod for port in ports):
            own = [port for port in ports if port.pod is pod]
            yield from self._workload(release, own)
        yield from self._rivals(release, ports)

    def _workload(self, release: Release, ports: list[_Port]) -> Iterator[Finding]:
        pod, nodes = ports[0].pod, release.cluster.nodes
        wanted = need(release, pod)
        if pod.object.kind == "DaemonSet":
            return
        if nodes is None and wanted.steady > 1:
            message = f"{wanted.steady} pods want port {ports[0].number} of a node each: they need as many nodes."
            yield self._finding(ports, message, Severity.WARNING, Confidence.MEDIUM)
        elif nodes is not None and wanted.steady > nodes:
            message = f"{wanted.steady} pods want port {ports[0].number} of a node each, but the cluster has {nodes}."
            yield self._finding(ports, message, Severity.ERROR, Confidence.HIGH)
        elif nodes is not None and wanted.updating > nodes:
            message = f"An update starts a pod before it stops one, but no node has port {ports[0].number} free for it."
            yield self._finding(ports, message, Severity.ERROR, Confidence.HIGH)

    def _rivals(self, release: Release, ports: list[_Port]) -> Iterator[Finding]:
        by_number: dict[str, list[_Port]] = defaultdict(list)
        for port in ports:
            by_number[port.number].append(port)
        for same in by_number.values():
            for at, port in enumerate(same):
                rival = next((each for each in same[:at] if _are_rivals(release, each, port)), None)
                if rival:
                    message = (
                        f"{rival.pod.object.kind} {rival.pod.object.name} wants port {port.number} of the nodes too."
                    )
                    yield self._finding([port, rival], message, Severity.ERROR, Confidence.MEDIUM)

    def _finding(self, ports: list[_Port], message: str, severity: Severity, confidence: Confidence) -> Finding:
        first, *others = ports
        return self.finding(
            message,
            on=first.pod.object,
            span=first.pod.object.span(first.path),
            locator=f"hostPort/{first.number}",
            subject=f"hostPort#{first.number}",
            severity=severity,
            confidence=confidence,
            related=tuple(Related("object", each.pod.object.span(each.path), f"port {each.number}") for each in others),
        )


def _ports(pod: Pod) -> Iterator[_Port]:
    field = "containerPort" if pod.spec.get("hostNetwork") is True else "hostPort"
    for container in pod.containers:
        for index, port in enumerate(container.ports):
            number = text(port.get(field))
            if number and number != "0":
                path = (*container.path, "ports", index, field)
                yield _Port(pod, path, number, text(port.get("protocol")) or "TCP", text(port.get("hostIP")))


def _are_rivals(release: Release, one: _Port, other: _Port) -> bool:
    """Whether two workloads meet on a node for certain: it is the only one, or both run on every node."""
    if one.pod is other.pod or not one.collides(other):
        return False
    if not (release.replicas(one.pod).least and release.replicas(other.pod).least):
        return False
    if release.cluster.nodes == 1:
        return True
    pods = (one.pod, other.pod)
    everywhere = all(pod.object.kind == "DaemonSet" and not _is_chosen(pod) for pod in pods)
    return everywhere and one.pod.object.file == other.pod.object.file


def _is_chosen(pod: Pod) -> bool:
    return bool(pod.spec.get("nodeSelector") or pod.spec.get("affinity"))
