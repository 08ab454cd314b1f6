"""ZKP008: ZooKeeper keeps every snapshot and log."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.programs import zookeeper
from hmco_charts.lint.programs.zookeeper import Server
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.yamlio import Span

_KEY, _VARIABLE = "autopurge.purgeInterval", "ZOO_AUTOPURGE_PURGEINTERVAL"


class ZookeeperAutopurge(Rule):
    """Reports servers that never delete old snapshots."""

    id = "ZKP008"
    name = "zookeeper-autopurge"
    profile = "production"
    title = "ZooKeeper keeps every snapshot and log"
    why = "The purge of old snapshots and logs is off unless it is asked for: the volume fills, and the server stops."
    remedy = "Set `autopurge.purgeInterval=6` (hours) and `autopurge.snapRetainCount=3`."
    source = "https://zookeeper.apache.org/doc/r3.9.4/zookeeperAdmin.html#sc_advancedConfiguration"

    def check(self, release: Release) -> Iterator[Finding]:
        """The interval of every server whose configuration is known."""
        for server in zookeeper.servers(release):
            told = server.told(_KEY, _VARIABLE)
            is_known = bool(server.keys) or (_is_of_variables(server) and not server.has_file)
            if told[0] == "0" if told else is_known:
                yield self._finding(server, told[1] if told else None)

    def _finding(self, server: Server, place: Span | None) -> Finding:
        key = server.keys.get(_KEY)
        return self.finding(
            f"{_KEY} of {server.container.locator} is {'0' if place else 'not set'}: nothing old is deleted.",
            on=key.text.object if key else server.container.pod.object,
            span=place or server.container.span(),
            locator=server.container.locator,
            subject=f"{server.container.locator}#{_KEY}",
            severity=Severity.WARNING,
            confidence=None if place else Confidence.MEDIUM,
        )


def _is_of_variables(server: Server) -> bool:
    """Whether the start script writes the file, and nothing tells it more."""
    extra = "ZOO_CFG_EXTRA" in server.variables or _VARIABLE in server.variables
    return server.is_official and server.runs_entrypoint and server.is_complete and not extra
