"""Needs of systems joined with what others offer, by type alone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from hmco_charts.values import Fault, charts
from hmco_charts.values.provision import Need, Offer
from hmco_charts.values.types import Authority, ClientTls, ServingTls, Tls
from hmco_charts.wiring.common import keys_of
from hmco_charts.wiring.groundwork import groundwork
from hmco_charts.wiring.refusal import Objections, Refusal, about
from hmco_charts.wiring.system import Member


@dataclass(frozen=True, slots=True)
class Link:
    """A need that is met.

    Attributes:
        consumer: Who needs.
        need: What it needs.
        provider: Who has it.
        offer: What it has.
        secret: Name of the Secret that both sides share, in both namespaces; empty where nobody logs in.
        authority: Who signed the provider's certificate, as the consumer finds it.
    """

    consumer: Member
    need: Need
    provider: Member
    offer: Offer
    secret: str
    authority: Authority

    @property
    def crosses(self) -> bool:
        """Whether the two live in different namespaces."""
        return self.consumer.place.namespace != self.provider.place.namespace


def links(members: Sequence[Member]) -> list[Link]:
    """Every need of every system with the offer that meets it.

    Raises:
        Refusal: A need is not met, or could be met by several; several want the same thing; or a way is not safe.
    """
    found: list[Link] = []
    objections = Objections()
    for each in members:
        for need in each.kind.wiring.needs(each.values):
            with objections.gathered():
                found += _met(each, need, members)
    objections.close(_claimed_twice(found))
    return found


def left_out(members: Iterable[Member]) -> Iterator[str]:
    """What systems do without although another offers it, each with its reason and what to do, as a line."""
    there = list(members)
    for each in there:
        for need in filter(_may_be_left_out, each.kind.wiring.needs(each.values)):
            candidates = list(_candidates(each, need, there))
            if not any(_is_wanted(each, provider, offer) for provider, offer in candidates):
                for provider, _ in candidates:
                    told, remedy = _overheard(each, provider)
                    yield f"{each.place.name} does without {need.kind} of {provider.place.name}: {told}. {remedy}"


def in_order(members: Iterable[Member], found: Iterable[Link]) -> list[Member]:
    """The systems in an order of installation: each after those that it needs.

    Raises:
        Refusal: They need each other in a circle.
    """
    by_name = {each.place.name: each for each in members}
    needs = {name: set(groundwork(each, [*by_name.values()]).names) for name, each in by_name.items()}
    for link in found:
        if not link.need.is_of_all:
            needs[link.consumer.place.name].add(link.provider.place.name)
    sorter = TopologicalSorter(needs)
    try:
        sorter.prepare()
    except CycleError as error:
        circle = " needs ".join(error.args[1][::-1])
        raise Refusal(about(error.args[1][0], f"{circle}: a circle", "Let one of them do without.")) from None
    return list(_layers(sorter, by_name))


def _layers(sorter: "TopologicalSorter[str]", by_name: Mapping[str, Member]) -> Iterator[Member]:
    """The systems whose needs are met, then those whose needs are met by them; operators come first among equals."""
    while sorter.is_active():
        ready = [by_name[name] for name in sorted(sorter.get_ready())]
        yield from sorted(ready, key=lambda each: each.kind.wiring.reconciler is None)
        sorter.done(*(each.place.name for each in ready))


def _met(consumer: Member, need: Need, members: Sequence[Member]) -> Iterator[Link]:
    candidates = list(_candidates(consumer, need, members))
    if need.is_of_all:
        yield from (_link(consumer, need, provider, offer) for provider, offer in candidates)
        return
    if _may_be_left_out(need):
        candidates = [(provider, offer) for provider, offer in candidates if _is_wanted(consumer, provider, offer)]
    if candidates or not need.is_optional:
        yield _safe(_link(consumer, need, *_chosen(consumer, need, candidates)))


def _may_be_left_out(need: Need) -> bool:
    return need.is_optional and not need.is_of_all


def _is_wanted(consumer: Member, provider: Member, offer: Offer) -> bool:
    """Whether something that is no need is joined: it is safe, or asked for by name."""
    return _is_safe(consumer, provider, offer) or provider.place.name in consumer.uses


def _is_safe(consumer: Member, provider: Member, offer: Offer) -> bool:
    """Whether nothing that the two say to each other leaves its namespace without TLS."""
    return consumer.place.namespace == provider.place.namespace or _is_encrypted(provider, offer)


def _link(consumer: Member, need: Need, provider: Member, offer: Offer) -> Link:
    owner, suffix = (provider, offer.secret) if offer.secret else (consumer, need.kind)
    return Link(
        consumer=consumer,
        need=need,
        provider=provider,
        offer=offer,
        secret=owner.place.secret(suffix) if need.keys and offer.has_users else "",
        authority=_authority(consumer, need) if _is_encrypted(provider, offer) else Authority(),
    )


def _safe(link: Link) -> Link:
    """The link, unless it tells the network what nobody should hear."""
    if not _is_safe(link.consumer, link.provider, link.offer):
        raise Refusal(about(link.consumer.place.name, *_overheard(link.consumer, link.provider)))
    return link


def _overheard(consumer: Member, provider: Member) -> tuple[str, str]:
    """Why two may not be joined, and what to do."""
    can_encrypt = any(keys_of(provider.kind.model, ServingTls))
    remedy = "Let certificates.type be certManager, or put" if can_encrypt else "Put"
    told = f"what {consumer.place.name} says to {provider.place.name} would leave its namespace without TLS"
    return told, f"{remedy} both into one namespace."


def _candidates(consumer: Member, need: Need, members: Iterable[Member]) -> Iterator[tuple[Member, Offer]]:
    for each in members:
        for offer in each.offers:
            if each is not consumer and isinstance(offer, need.of):
                yield each, offer


def _chosen(consumer: Member, need: Need, candidates: list[tuple[Member, Offer]]) -> tuple[Member, Offer]:
    named = [pair for pair in candidates if pair[0].place.name in consumer.uses]
    if len(chosen := named or candidates) == 1:
        return chosen[0]
    name = consumer.place.name
    wanted = f"{name} needs {need.kind}{need.name and f' ({need.name})'}"
    if not chosen:
        remedy = f"Add a system of the chart {_able(need)}, or tell its values of one elsewhere."
        raise Refusal(about(name, f"{wanted}, which no system offers", remedy))
    offering = _and(each.place.name for each, _ in chosen)
    raise Refusal(about(name, f"{wanted}, which {offering} offer", f"Name one of them under systems.{name}.uses."))


def _able(need: Need) -> str:
    """The charts that offer what is needed."""
    offered = {kind.name: kind.wiring.offers(kind.model()) for kind in charts().values()}
    return " or ".join(name for name, offers in offered.items() if any(isinstance(each, need.of) for each in offers))


def _is_encrypted(provider: Member, offer: Offer) -> bool:
    document = provider.values.document()
    return not offer.is_plain and any(
        document[key]["type"] != "none" for key in keys_of(provider.kind.model, ServingTls)
    )


def _authority(consumer: Member, need: Need) -> Authority:
    """One issuer signs all certificates, so the consumer's own Secret holds the authority of the provider's."""
    document = consumer.values.document()
    for tls in (document[key] for key in keys_of(consumer.kind.model, Tls, ClientTls)):
        if tls["type"] == "certManager":
            return Authority(name=consumer.place.secret("tls"))
        if tls["type"] == "existingSecret":
            return Authority(name=tls["existingSecret"]["name"], key=tls["existingSecret"]["caKey"])
    told = f"{consumer.place.name} has no certificate, and so does not know who signed that of {need.kind}"
    raise Refusal(about(consumer.place.name, told, "Give it one under its values, or tell them of a server elsewhere."))


def _claimed_twice(found: Iterable[Link]) -> Iterator[Fault]:
    first: dict[tuple[str, str, str], Link] = {}
    for link in (each for each in found if each.need.name):
        key = (link.provider.place.name, link.need.kind, link.need.name)
        other = first.setdefault(key, link)
        if other is not link:
            names = _and((other.consumer.place.name, link.consumer.place.name))
            told = f"{names} both want {link.need.kind} {link.need.name} of {link.provider.place.name}"
            yield about(link.consumer.place.name, told, "Give one of them another name under its values.")


def _and(names: Iterable[str]) -> str:
    return " and ".join(names)
