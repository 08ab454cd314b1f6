"""ZKP001: a ZooKeeper server that listens to no client."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import zookeeper
from hmco_charts.lint.programs.zookeeper import Member, Server
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_PORTS = ("clientPort", "secureClientPort")


class ZookeeperClientPort(Rule):
    """Reports members of an ensemble without a port for clients, or with two that differ."""

    id = "ZKP001"
    name = "zookeeper-client-port"
    profile = "min"
    title = "A ZooKeeper server that listens to no client"
    why = (
        "From 3.5 on the port for clients stands behind a semicolon, `server.1=zk-0:2888:3888;2181`. Without it, and"
        " without `clientPort`, the servers elect a leader and listen to nobody: 'clientPort is not set', and no error."
        " Where both stand and differ the server stops."
    )
    remedy = "End each entry with `;2181`, and leave `clientPort` out or give it the same port."
    source = "https://zookeeper.apache.org/doc/r3.9.4/zookeeperReconfig.html#sc_reconfig_clientport"

    def check(self, release: Release) -> Iterator[Finding]:
        """The members in the files and variables of every server."""
        for server in zookeeper.servers(release):
            ports = {server.keys[name].value.strip() for name in _PORTS if name in server.keys}
            plain = server.keys.get("clientPort")
            for member in server.members if server.is_official or server.keys else ():
                if member.client_port is None and not ports:
                    yield self._at(server, member, "has no port for clients: the server listens to none")
                elif plain and plain.value.strip().isdigit() and member.client_port not in (None, int(plain.value)):
                    told = f"has port {member.client_port}, but clientPort is {plain.value.strip()}: the server stops"
                    yield self._at(server, member, told)

    def _at(self, server: Server, member: Member, fault: str) -> Finding:
        return self.finding(
            f"server.{member.id} {fault}.",
            on=member.text.object,
            span=member.text.span(member.start, member.end),
            locator=server.container.locator,
            subject=f"{server.container.locator}#server.{member.id}",
        )
