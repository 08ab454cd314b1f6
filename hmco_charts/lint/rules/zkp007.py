"""ZKP007: ZooKeeper's data beside the volume that is for them."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import zookeeper
from hmco_charts.lint.programs.volumes import claimed, is_claimed
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.yamlio import Span

_FOLDERS = {"dataDir": "ZOO_DATA_DIR", "dataLogDir": "ZOO_DATA_LOG_DIR"}

_IMAGE = {"dataDir": "/data", "dataLogDir": "/datalog"}


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
                told = server.told(key, variable) or _of_image(server, key)
                if told and told[0].startswith("/") and not _is_kept(server, told[0]):
                    yield self.finding(
                        f"{key} {told[0]} does not lie in {' or '.join(mounts)}: it goes with the pod.",
                        on=server.keys[key].text.object if key in server.keys else server.container.pod.object,
                        span=told[1],
                        locator=server.container.locator,
                        subject=f"{server.container.locator}#{key}",
                    )


def _of_image(server: zookeeper.Server, key: str) -> tuple[str, Span] | None:
    """The folder that the image's start script writes into the file where no variable tells another."""
    is_made = server.is_official and server.runs_entrypoint and not (server.keys or server.has_file)
    is_known = server.is_complete and _FOLDERS[key] not in server.variables
    return (_IMAGE[key], server.container.span("image")) if is_made and is_known else None


def _is_kept(server: zookeeper.Server, folder: str) -> bool:
    return is_claimed(server.container.pod, server.container.in_volume(folder)[0])
