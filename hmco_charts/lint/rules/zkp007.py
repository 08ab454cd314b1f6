"""ZKP007: ZooKeeper's data beside the volume that is for them."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import zookeeper
from hmco_charts.lint.programs.volumes import claimed, is_claimed
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_FOLDERS = {"dataDir": "ZOO_DATA_DIR", "dataLogDir": "ZOO_DATA_LOG_DIR"}


class ZookeeperDataDir(Rule):
    """Reports servers with a volume of their own that keep snapshots or logs elsewhere."""

    id = "ZKP007"
    name = "zookeeper-data-dir"
    profile = "min"
    title = "ZooKeeper's data beside the volume that is for them"
    why = (
        "Snapshots (`dataDir`) and the log of transactions (`dataLogDir`) belong together: without either a restarted"
        " server is empty, and an empty majority can elect itself and take the data from the rest."
    )
    remedy = "Mount a claim at both folders, or leave dataLogDir out."
    source = "https://zookeeper.apache.org/doc/r3.9.4/zookeeperAdmin.html#sc_dataFileManagement"

    def check(self, release: Release) -> Iterator[Finding]:
        """The folders of servers that mount a claim, against the places where they mount it."""
        for server in zookeeper.servers(release):
            mounts = claimed(server.container)
            for key, variable in _FOLDERS.items() if mounts else ():
                told = server.told(key, variable)
                if told and told[0].startswith("/") and not _is_kept(server, told[0]):
                    yield self.finding(
                        f"{key} {told[0]} does not lie in {' or '.join(mounts)}: it goes with the pod.",
                        on=server.keys[key].text.object if key in server.keys else server.container.pod.object,
                        span=told[1],
                        locator=server.container.locator,
                        subject=f"{server.container.locator}#{key}",
                    )


def _is_kept(server: zookeeper.Server, folder: str) -> bool:
    return is_claimed(server.container.pod, server.container.in_volume(folder)[0])
