"""RDS006: Redis' data and the volume miss each other."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.programs import redis
from hmco_charts.lint.programs.volumes import claimed, is_claimed
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_DIRECTORY = "/data"


class RedisDurability(Rule):
    """Reports an append-only file beside the claim, and claims on which nothing is written."""

    id = "RDS006"
    name = "redis-durability"
    severity = Severity.WARNING
    confidence = Confidence.MEDIUM
    title = "Redis' data and the volume miss each other"
    why = (
        'An append-only file outside of a claim costs writes and goes with the pod; a claim with `save ""` and without'
        " `appendonly yes` stays empty, and a restart loses all."
    )
    remedy = "Let `dir` lie in the claim and say `appendonly yes`, or give a cache neither."
    source = "https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The servers whose whole configuration is known."""
        for server in redis.servers(release):
            if server.is_complete and not server.is_sentinel and server.is_official:
                yield from self._judged(server)

    def _judged(self, server: redis.Server) -> Iterator[Finding]:
        container = server.container
        directory = server.value("dir") or _DIRECTORY
        volume, _ = container.in_volume(directory)
        appends = server.value("appendonly") == "yes"
        if appends and not is_claimed(container.pod, volume):
            where = (
                f"the volume {volume}, which goes with the pod" if volume else "no volume, and goes with the container"
            )
            yield self._finding(server, "appendonly", f"The append-only file lies in {where}.")
        elif not appends and server.value("save") == "" and directory in claimed(container):
            yield self._finding(server, "save", f"Nothing is written to the claim at {directory}: a restart loses all.")

    def _finding(self, server: redis.Server, name: str, message: str) -> Finding:
        found = None if name in server.options else server.last(name)
        return self.finding(
            message,
            on=found.text.object if found else server.container.pod.object,
            span=found.span if found else server.container.span(),
            locator=found.text.locator(found.start) if found else server.container.locator,
            subject=f"{server.container.locator}#{name}",
        )
