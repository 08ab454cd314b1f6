"""KFK007: controllers that do not form Kafka's quorum."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import kafka
from hmco_charts.lint.programs.kafka import Node, Setting
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.dns import is_loopback

_VOTERS = "controller.quorum.voters"
_VOTER = re.compile(r"(?P<id>\d+)@(?P<host>\[[^\]]*\]|[^:,\s]+):(?P<port>\d+)")


class Voter(NamedTuple):
    """An entry of `controller.quorum.voters`, and its offsets in the text."""

    id: int
    host: str
    port: int
    start: int
    end: int


class KafkaQuorumVoters(Rule):
    """Reports lists of voters that contradict themselves or the node that has them."""

    id = "KFK007"
    name = "kafka-quorum-voters"
    profile = "min"
    title = "Controllers that do not form Kafka's quorum"
    why = (
        "Every controller must be in `controller.quorum.voters`, under its `node.id` and at the port of its controller"
        " listener: otherwise it stops ('the node id must be included in the set of voters'), or waits for ever for the"
        " others."
    )
    remedy = "List each controller once, `ID@POD.HEADLESS-SERVICE.NAMESPACE.svc:PORT`."
    source = "https://kafka.apache.org/documentation/#brokerconfigs_controller.quorum.voters"

    def check(self, release: Release) -> Iterator[Finding]:
        """The lists of voters of all nodes."""
        for node in kafka.nodes(release):
            setting = node.settings.get(_VOTERS)
            voters = list(_voters(setting)) if setting else []
            if setting and voters:
                yield from self._twice(node, setting, voters)
                yield from self._own(node, setting, voters)
                yield from self._ports(node, setting, voters)
                if release.replicas(node.container.pod).least > 1 and all(is_loopback(each.host) for each in voters):
                    yield self._at(node, setting, voters[0], "is the pod itself: each forms a quorum of its own")

    def _twice(self, node: Node, setting: Setting, voters: list[Voter]) -> Iterator[Finding]:
        seen: set[int] = set()
        for each in voters:
            if each.id in seen:
                yield self._at(node, setting, each, f"has the id {each.id}, which another voter has too")
            seen.add(each.id)

    def _own(self, node: Node, setting: Setting, voters: list[Voter]) -> Iterator[Finding]:
        own = node.settings.get("node.id")
        ids = {each.id for each in voters}
        is_controller = node.roles is not None and "controller" in node.roles
        if (
            is_controller
            and own
            and own.number is not None
            and "$" not in (setting.value or "")
            and own.number not in ids
        ):
            yield self._at(node, setting, None, f"lacks the node's own id {own.number}: it does not start")

    def _ports(self, node: Node, setting: Setting, voters: list[Voter]) -> Iterator[Finding]:
        names = (node.fixed("controller.listener.names") or "").upper().split(",")
        listeners = kafka.listeners(node.settings["listeners"]) if "listeners" in node.settings else ()
        ports = {each.port for each in listeners if each.name in names}
        for each in voters if ports else ():
            if each.port not in ports:
                told = ", ".join(map(str, sorted(ports)))
                yield self._at(node, setting, each, f"has port {each.port}, but controllers listen at {told}")

    def _at(self, node: Node, setting: Setting, voter: Voter | None, fault: str) -> Finding:
        start, end = (voter.start, voter.end) if voter else (setting.start, setting.end)
        return self.finding(
            f"{f'Voter {voter.host}' if voter else setting.told} {fault}.",
            on=setting.text.object if setting.text else node.container.pod.object,
            span=setting.text.span(start, end) if setting.text else node.container.span(),
            locator=node.container.locator,
            subject=f"{node.container.locator}#{_VOTERS}#{voter.host if voter else ''}",
        )


def _voters(setting: Setting) -> Iterator[Voter]:
    for found in _VOTER.finditer(setting.value or ""):
        start = setting.start + found.start()
        yield Voter(int(found["id"]), found["host"], int(found["port"]), start, setting.start + found.end())
