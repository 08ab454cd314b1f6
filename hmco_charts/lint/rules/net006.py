"""NET006: two Services want the same port of the nodes."""

from collections.abc import Iterator
from dataclasses import dataclass

from hmco_charts.lint.finding import Finding, Related
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.kubernetes import items, mapping, text
from hmco_charts.yamlio import Path


@dataclass(frozen=True)
class _NodePort:
    """A port of all nodes that a Service asks for."""

    service: KubernetesObject
    path: Path
    number: str
    protocol: str


class NodePortClaimedTwice(Rule):
    """Reports Services that ask for a node port that another one has."""

    id = "NET006"
    name = "node-port-claimed-twice"
    profile = "min"
    title = "A port of the nodes that two Services want"
    why = (
        "A node port belongs to one Service of the whole cluster. The API server refuses the second: 'provided port is"
        " already allocated', and the installation stops half-way."
    )
    remedy = "Choose another number from the range, 30000 to 32767 as a rule, or leave it out and get a free one."
    source = "https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport"

    def check(self, release: Release) -> Iterator[Finding]:
        """One finding for each port that was there before, whatever the namespaces."""
        first: dict[tuple[str, str], _NodePort] = {}
        for port in _node_ports(release):
            other = first.setdefault((port.number, port.protocol), port)
            if other is not port and not _are_alternatives(other.service, port.service):
                yield self._finding(port, other)

    def _finding(self, port: _NodePort, other: _NodePort) -> Finding:
        return self.finding(
            f"Service {other.service.name} wants port {port.number} of the nodes too.",
            on=port.service,
            span=port.service.span(port.path),
            locator=f"nodePort/{port.number}",
            subject=f"nodePort#{port.number}",
            related=(Related("object", other.service.span(other.path), f"Service {other.service.name}"),),
        )


def _node_ports(release: Release) -> Iterator[_NodePort]:
    for service in release.of_kind("Service"):
        for index, port in enumerate(map(mapping, items(service.at(("spec", "ports"))))):
            if number := text(port.get("nodePort")):
                path = ("spec", "ports", index, "nodePort")
                yield _NodePort(service, path, number, text(port.get("protocol")) or "TCP")


def _are_alternatives(one: KubernetesObject, other: KubernetesObject) -> bool:
    """Whether two Services of one name in different files are more likely two spellings of one."""
    return (one.name, one.namespace) == (other.name, other.namespace) and one.file != other.file
