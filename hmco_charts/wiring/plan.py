"""A platform made into releases: each with all of its values, in order of installation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hmco_charts.values import ChartType
from hmco_charts.values.platform import Platform
from hmco_charts.values.provision import Connection, Given, Place, Tenant
from hmco_charts.values.types import ChartValues
from hmco_charts.wiring.joining import Link, in_order, links
from hmco_charts.wiring.refusal import Objections
from hmco_charts.wiring.secrets import Credential, credentials, producers
from hmco_charts.wiring.system import Member, member


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
    """

    platform: Platform
    releases: tuple[PlannedRelease, ...]
    credentials: tuple[Credential, ...]


def wire(platform: Platform) -> Plan:
    """The releases of a platform.

    Raises:
        Refusal: The platform cannot be.
    """
    members = _members(platform)
    found = links(members)
    made = list(credentials(members, found))
    releases = [_release(platform, each, found, made) for each in in_order(members, found)]
    return Plan(platform, tuple(releases), tuple(made))


def _members(platform: Platform) -> list[Member]:
    found = []
    objections = Objections()
    for name in sorted(platform.systems):
        with objections.gathered():
            found.append(member(platform, name))
    objections.close()
    return found


def _release(platform: Platform, each: Member, found: Sequence[Link], made: Sequence[Credential]) -> PlannedRelease:
    asked = [link for link in found if link.consumer is each]
    given = Given(each.place, tuple(map(_connection, asked)), tuple(_tenants(each, found)))
    clients = {tenant.consumer.name: tenant.consumer.peer.document() for tenant in given.tenants}
    network: dict[str, Any] = {"networkPolicy": {"clients": clients}} if clients else {}
    joined = each.kind.wiring.values(each.values, given)
    values = each.settled(joined, network, producers(platform, each.place, made))
    needs = sorted({link.provider.place.name for link in asked})
    return PlannedRelease(each.place, each.kind, values, tuple(needs))


def _connection(link: Link) -> Connection[Any]:
    return Connection(link.need, link.provider.place, link.offer, link.secret, link.authority)


def _tenants(provider: Member, found: Sequence[Link]) -> Iterator[Tenant[Any]]:
    return (Tenant(link.need, link.consumer.place, link.secret) for link in found if link.provider is provider)
