"""ZKP001: a ZooKeeper server that listens to no client."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import zookeeper
from hmco_charts.lint.programs.zookeeper import Key, Member, Server
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_PORTS = ("clientPort", "secureClientPort")
_DYNAMIC = "dynamicConfigFile"


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
        """The members in the files and variables of every server, and files without a port."""
        for server in zookeeper.servers(release):
            has_port = any(name in server.keys for name in _PORTS)
            plain = server.keys["clientPort"].value.strip() if "clientPort" in server.keys else ""
            members = server.members if server.is_official or server.keys else ()
            deaf = [member for member in members if member.client_port is None and not has_port]
            if deaf:
                names = ", ".join(f"server.{member.id}" for member in deaf)
                yield self._at(server, deaf[0], f"{names}: no port for clients, so the server listens to none")
            elif not members and not has_port and "dataDir" in server.keys and _DYNAMIC not in server.keys:
                yield self._silent(server, server.keys["dataDir"])
            for member in members:
                if plain.isdigit() and member.client_port not in (None, int(plain)):
                    told = f"has port {member.client_port}, but clientPort is {plain}: the server stops"
                    yield self._at(server, member, f"server.{member.id} {told}")

    def _silent(self, server: Server, key: Key) -> Finding:
        return self.finding(
            f"{key.text.name} has no clientPort: the server listens to no client.",
            on=key.text.object,
            span=key.text.span(key.key_start, key.key_end),
            locator=server.container.locator,
            subject=f"{server.container.locator}#clientPort",
        )

    def _at(self, server: Server, member: Member, fault: str) -> Finding:
        return self.finding(
            f"{fault}.",
            on=member.text.object,
            span=member.text.span(member.start, member.end),
            locator=server.container.locator,
            subject=f"{server.container.locator}#server.{member.id}",
        )
