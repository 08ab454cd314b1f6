"""A platform made into releases: each with all of its values, in order of installation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hmco_charts.values import ChartType
from hmco_charts.values.platform import Platform
from hmco_charts.values.provision import Connection, Given, Place, Tenant
from hmco_charts.values.types import ChartValues
from hmco_charts.wiring.groundwork import groundwork, reconciled
from hmco_charts.wiring.joining import Link, in_order, left_out, links
from hmco_charts.wiring.refusal import Objections
from hmco_charts.wiring.secrets import Credential, credentials, producers
from hmco_charts.wiring.system import Member, member
from hmco_charts.wiring.watching import alerts, find_watcher, watched


@dataclass(frozen=True, slots=True)
class PlannedRelease:
    """A release with its values.

    Attributes:
        place: Its name, namespace and chart's name.
        kind: Its chart.
        values: Its values.
        needs: Names of the releases that must be there before.
    """

    place: Place
    kind: ChartType
    values: ChartValues
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a platform installs.

    Attributes:
        platform: The platform.
        releases: Its releases, in order of installation.
        credentials: The Secrets that its releases make.
        notes: What its releases do without, and why, in lines.
    """

    platform: Platform
    releases: tuple[PlannedRelease, ...]
    credentials: tuple[Credential, ...]
    notes: tuple[str, ...]


def wire(platform: Platform) -> Plan:
    """The releases of a platform.

    Raises:
        Refusal: The platform cannot be.
    """
    there = members(platform)
    found = links(there)
    ports, watcher = _node_ports(platform, there), find_watcher(platform, there)
    wires = _Wires(platform, there, found, tuple(credentials(there, found)), ports, watcher)
    releases = tuple(wires.release(each) for each in in_order(there, found))
    return Plan(platform, releases, wires.credentials, tuple(left_out(there)))


def members(platform: Platform) -> list[Member]:
    """The systems of a platform before they are joined, by name.

    Raises:
        Refusal: One of them cannot be.
    """
    found = []
    objections = Objections()
    for name in sorted(platform.systems):
        with objections.gathered():
            found.append(member(platform, name))
    objections.close()
    return found


def _node_ports(platform: Platform, members: Iterable[Member]) -> dict[str, int]:
    """The first port of the nodes for each system that needs some, in the order of the file."""
    wanted = {each.place.name: each.kind.wiring.node_ports(each.values) for each in members}
    ports: dict[str, int] = {}
    free = platform.cluster.first_node_port
    for name in platform.systems:
        if wanted[name]:
            ports[name] = free
            free += wanted[name]
    return ports


@dataclass(frozen=True, slots=True)
class _Wires:
    """What lies between the systems of a platform."""

    platform: Platform
    members: Sequence[Member]
    links: Sequence[Link]
    credentials: tuple[Credential, ...]
    node_ports: Mapping[str, int]
    watcher: Member | None

    def release(self, each: Member) -> PlannedRelease:
        """A system's release, with what the platform gives it."""
        given = self._given(each)
        clients = {tenant.consumer.name: tenant.consumer.peer.document() for tenant in given.tenants}
        network: dict[str, Any] = {"networkPolicy": {"clients": clients}} if clients else {}
        secrets = producers(self.platform, each.place, self.credentials)
        under = groundwork(each, self.members)
        own = each.kind.wiring.values(each.values, given)
        values = each.settled(own, network, watched(each, self.watcher), under.values, secrets)
        there_before = {link.provider.name for link in given.connections if not link.need.is_of_all}
        return PlannedRelease(each.place, each.kind, values, tuple(sorted(there_before | under.names)))

    def _given(self, each: Member) -> Given:
        connections = [
            Connection(link.need, link.provider.place, link.offer, link.secret, link.authority)
            for link in self.links
            if link.consumer is each
        ]
        tenants = [Tenant(link.need, link.consumer.place, link.secret) for link in self.links if link.provider is each]
        return Given(
            place=each.place,
            connections=tuple(connections),
            tenants=tuple(tenants),
            node_port=self.node_ports.get(each.place.name, 0),
            alerts=alerts(each, self.watcher, self.members),
            reconciled=reconciled(each, self.members),
        )
