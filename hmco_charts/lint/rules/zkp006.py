"""ZKP006: a key of zoo.cfg that is misspelt."""

import re
from collections.abc import Iterator

from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.programs import zookeeper
from hmco_charts.lint.programs.zookeeper import Key, Server
from hmco_charts.lint.rule import Rule
from hmco_charts.nearest import nearest
from hmco_charts.objects import Release

_OF_MEMBERS = re.compile(r"(server|group|weight)\.\d+")
_OF_PLUGINS = ("authProvider.", "metricsProvider.", "zookeeper.")


class ZookeeperUnknownKey(Rule):
    """Reports keys that ZooKeeper does not know and that look like one that it does."""

    id = "ZKP006"
    name = "zookeeper-unknown-key"
    title = "A key of zoo.cfg that is misspelt"
    why = (
        "ZooKeeper makes a system property of every key that it does not know, and says nothing:"
        " `autopurge.purgeIntervall` leaves the purge off, and the disk fills."
    )
    remedy = "Write the key as the Administrator's Guide has it."
    source = "https://zookeeper.apache.org/doc/r3.9.4/zookeeperAdmin.html#sc_configuration"

    def check(self, release: Release) -> Iterator[Finding]:
        """The keys of every mounted file that are a slip away from one that there is."""
        for server in zookeeper.servers(release):
            for key in server.keys.values():
                close = None if _is_known(key.name) else nearest(key.name, zookeeper.known())
                if close:
                    yield self._finding(server, key, close)

    def _finding(self, server: Server, key: Key, close: str) -> Finding:
        return self.finding(
            f"ZooKeeper does not know {key.name}. Did you mean {close}?",
            on=key.text.object,
            span=key.text.span(key.key_start, key.key_end),
            locator=server.container.locator,
            subject=f"{server.container.locator}#{key.name}",
            severity=Severity.WARNING,
            confidence=Confidence.MEDIUM,
        )


def _is_known(name: str) -> bool:
    return name in zookeeper.known() or bool(_OF_MEMBERS.fullmatch(name)) or name.startswith(_OF_PLUGINS)
