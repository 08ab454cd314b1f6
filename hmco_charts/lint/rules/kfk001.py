"""KFK001: the addresses that a Kafka broker advertises."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import kafka
from hmco_charts.lint.programs.kafka import Listener, Node, Setting
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.dns import is_loopback

_ADVERTISED, _LISTENERS = "advertised.listeners", "listeners"
_ANY = ("0.0.0.0", "::", "0:0:0:0:0:0:0:0")  # noqa: S104 - names to compare with, nothing listens


class KafkaAdvertisedListeners(Rule):
    """Reports addresses of brokers that clients cannot use, or that do not tell the brokers apart."""

    id = "KFK001"
    name = "kafka-advertised-listeners"
    profile = "min"
    title = "A Kafka broker that advertises an address nobody can use"
    why = (
        "A client asks any broker for the addresses of all, and then talks to these only. With 0.0.0.0 the broker does"
        " not start; with localhost every client finds itself; with one address for several brokers the requests for"
        " one go to any of them."
    )
    remedy = "Advertise the name of each pod, `NAME://$(POD_NAME).HEADLESS-SERVICE.NAMESPACE.svc:PORT`."
    source = "https://kafka.apache.org/documentation/#brokerconfigs_advertised.listeners"

    def check(self, release: Release) -> Iterator[Finding]:
        """The advertised listeners of every node, or what it listens to where it advertises nothing else."""
        for node in kafka.nodes(release):
            controllers = (node.fixed("controller.listener.names") or "CONTROLLER").upper().split(",")
            setting = node.settings.get(_ADVERTISED)
            if setting and node.is_controller_only and setting.variable and not node.container.command:
                yield self._at(node, setting, None, "stops the image's start script on a node that is no broker")
            elif setting:
                yield from self._advertised(release, node, setting, controllers)
            elif node.is_complete and _LISTENERS in node.settings:
                yield from self._unroutable(node, node.settings[_LISTENERS], controllers, " and nothing else")

    def _advertised(self, release: Release, node: Node, setting: Setting, controllers: list[str]) -> Iterator[Finding]:
        yield from self._unroutable(node, setting, controllers)
        clients = [each for each in kafka.listeners(setting) if each.name not in controllers]
        if clients and all(is_loopback(each.host) and each.host not in (*_ANY, "") for each in clients):
            yield self._at(node, setting, clients[0], f"tells clients {clients[0].host}, which is themselves")
        elif clients and setting.fixed and release.replicas(node.container.pod).least > 1:
            yield self._at(node, setting, clients[0], "is the same in every pod: clients cannot tell the brokers apart")

    def _unroutable(self, node: Node, setting: Setting, controllers: list[str], when: str = "") -> Iterator[Finding]:
        for each in kafka.listeners(setting):
            if each.host in _ANY and each.name not in controllers:
                told = f"advertises {each.host}{when}: 'cannot use the nonroutable meta-address', the broker stops"
                yield self._at(node, setting, each, told)

    def _at(self, node: Node, setting: Setting, listener: Listener | None, fault: str) -> Finding:
        start, end = (listener.start, listener.end) if listener else (setting.start, setting.end)
        return self.finding(
            f"{setting.told} of {node.container.locator} {fault}.",
            on=setting.text.object if setting.text else node.container.pod.object,
            span=setting.text.span(start, end) if setting.text else node.container.span(),
            locator=node.container.locator,
            subject=f"{node.container.locator}#{setting.name}#{listener.name if listener else ''}",
        )
