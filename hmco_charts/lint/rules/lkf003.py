"""LKF003: several pods of lakeFS, each with data of its own."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import lakefs
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_KEYS = ("database.type", "blockstore.type")
_LOCAL = ("local", "mem")


class LakefsSeparateData(Rule):
    """Reports lakeFS servers with several replicas on a local database or block store."""

    id = "LKF003"
    name = "lakefs-separate-data"
    title = "Several lakeFS pods, each with data of its own"
    why = (
        "A local database is locked by one pod: on a shared volume a second does not start, without one each pod has"
        " users, branches and objects of its own, and a client sees now these and now those."
    )
    remedy = "Use PostgreSQL and an object store, or one replica with `strategy: Recreate`."
    source = "https://docs.lakefs.io/latest/understand/how/kv/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The settings of servers with more than one replica."""
        for server in lakefs.servers(release):
            if release.replicas(server.container.pod).most > 1:
                for key in _KEYS:
                    told = server.told(key)
                    if told and told.value in _LOCAL:
                        yield self.finding(
                            f"`{key}: {told.value}` with several replicas: each has data of its own.",
                            on=told.object,
                            span=told.span,
                            locator=told.locator,
                            subject=f"{server.container.locator}#{key}",
                        )
