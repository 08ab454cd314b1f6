"""Who makes which Secret: by External Secrets from the platform's store, or by a chart's generator, once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hmco_charts.values.platform import Platform
from hmco_charts.values.provision import Place
from hmco_charts.wiring.joining import Link
from hmco_charts.wiring.system import Member

_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Credential:
    """A Secret that somebody must make.

    Attributes:
        owner: Who has it first, and generates it.
        name: Its name.
        keys: Its keys, and how many characters each has.
        others: For each other namespace that needs the same, a release in it.
        is_random: Whether any value will do.
    """

    owner: Place
    name: str
    keys: Mapping[str, int]
    others: tuple[Place, ...] = ()
    is_random: bool = True


def credentials(members: Iterable[Member], links: Iterable[Link]) -> Iterator[Credential]:
    """The Secrets of a platform: those that releases have of their own, and those that two of them share."""
    shared: dict[tuple[Place, str], list[Link]] = {}
    for link in links:
        if link.secret:
            shared.setdefault((link.provider.place, link.secret), []).append(link)
    for each in members:
        for own in each.kind.wiring.secrets(each.values):
            name = each.place.secret(own.suffix)
            others = _elsewhere(shared.pop((each.place, name), ()))
            yield Credential(each.place, name, own.keys, others, own.is_random)
    for (place, name), users in shared.items():
        yield Credential(place, name, dict.fromkeys(users[0].need.keys, _LENGTH), _elsewhere(users))


def _elsewhere(links: Iterable[Link]) -> tuple[Place, ...]:
    """Of each other namespace with consumers one of them, who has the Secret for all."""
    return tuple({link.consumer.place.namespace: link.consumer.place for link in links if link.crosses}.values())


def producers(platform: Platform, place: Place, found: Iterable[Credential]) -> dict[str, Any]:
    """The values by which a release makes its Secrets."""
    own = [each for each in found if place in (each.owner, *each.others)]
    if platform.secrets.type == "externalSecrets":
        return {"externalSecrets": {each.name: _external(platform, each) for each in own}}
    made = [each for each in own if each.owner == place and each.is_random]
    return {"generatedSecrets": {each.name: _generated(each) for each in made}}


def _external(platform: Platform, credential: Credential) -> dict[str, Any]:
    store = platform.secrets.external_secrets
    remote = {key: {"key": f"{store.path}/{credential.name}", "property": key} for key in credential.keys}
    return {"storeRef": store.store_ref.document(), "data": remote}


def _generated(credential: Credential) -> dict[str, Any]:
    told: dict[str, Any] = {"keys": {key: {"length": length} for key, length in credential.keys.items()}}
    namespaces = [each.namespace for each in credential.others]
    return told | ({"namespaces": namespaces} if namespaces else {})
