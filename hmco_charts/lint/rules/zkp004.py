"""ZKP004: ZooKeeper servers that all have the same number."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import zookeeper
from hmco_charts.lint.programs.command import scripts
from hmco_charts.lint.programs.zookeeper import Server
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_ID = "ZOO_MY_ID"


class ZookeeperMyId(Rule):
    """Reports ensembles in one StatefulSet whose pods get no number of their own."""

    id = "ZKP004"
    name = "zookeeper-myid"
    profile = "min"
    title = "ZooKeeper servers that all have the same number"
    why = (
        "The image writes `myid` from ZOO_MY_ID, or 1, where there is none; it does not look at the pod's ordinal. All"
        " servers of the StatefulSet then take themselves for the same member, and there is no quorum."
    )
    remedy = "Start with `sh -c 'export ZOO_MY_ID=$((${HOSTNAME##*-}+1)); exec /docker-entrypoint.sh zkServer.sh ...'`."
    source = "https://github.com/31z4/zookeeper-docker/blob/master/3.9.4/docker-entrypoint.sh"

    def check(self, release: Release) -> Iterator[Finding]:
        """The servers of which one workload runs several."""
        for server in zookeeper.servers(release):
            has_several = release.replicas(server.container.pod).least > 1
            if has_several and server.is_official and not _has_own(release, server):
                yield self._finding(server)

    def _finding(self, server: Server) -> Finding:
        text = server.variables.get(_ID)
        told = f"{_ID} is {text.value}" if text else f"{_ID} is not set, and so 1"
        return self.finding(
            f"{told} in every pod of {server.container.pod.object.name}.",
            on=server.container.pod.object,
            span=text.span(0, len(text.value)) if text else server.container.span(),
            locator=server.container.locator,
            subject=f"{server.container.locator}#{_ID}",
        )


def _has_own(release: Release, server: Server) -> bool:
    """Whether the number may differ between pods: set at run time, or written by a script or an init container."""
    if _ID in server.variables:
        text = server.variables[_ID]
        return text is None or "$" in text.value
    before = [each for each in server.container.pod.containers if each.role == "initContainer"]
    said = [each.value for container in (server.container, *before) for each in scripts(release, container)]
    is_opaque = bool(before) or bool(server.container.command) or not server.is_complete
    return is_opaque or any("myid" in each or _ID in each for each in said)
