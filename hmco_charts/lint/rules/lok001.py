"""LOK001: several Loki servers, each with logs of its own."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import monitoring
from hmco_charts.lint.programs.monitoring import Configuration, Server
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.kubernetes import items, mapping
from hmco_charts.yamlio import Path

_RINGS: tuple[Path, ...] = (
    ("common", "ring", "kvstore", "store"),
    ("ingester", "lifecycler", "ring", "kvstore", "store"),
)


class LokiSeparateLogs(Rule):
    """Reports Loki servers with several replicas on a file system, or with a ring of one."""

    id = "LOK001"
    name = "loki-separate-logs"
    title = "Several Loki pods, each with logs of its own"
    why = (
        "On a file system each pod keeps the lines that happened to reach it, and finds those alone. With a ring in"
        " memory a pod does not know of the others either: what they have not stored yet is missing in every answer."
    )
    remedy = "Use an object store and `memberlist`, or one replica."
    source = "https://grafana.com/docs/loki/latest/get-started/deployment-modes/#monolithic-mode"

    def check(self, release: Release) -> Iterator[Finding]:
        """The store and the ring of servers with more than one replica."""
        for server in monitoring.servers(release, "loki"):
            if server.configuration and release.replicas(server.pod).most > 1:
                for path, what in _faults(server.configuration, _shares_a_volume(release, server)):
                    yield self.finding(
                        f"{server.pod.object.kind} {server.pod.object.name} runs several servers, but {what}.",
                        on=server.configuration.text.object,
                        span=server.configuration.span(path),
                        locator=server.configuration.locator(path),
                        subject=f"{server.container.locator}#{what}",
                    )


def _shares_a_volume(release: Release, server: Server) -> bool:
    folder = server.configuration.at("common", "path_prefix") if server.configuration else None
    volume = monitoring.volume(release, server.container, folder if isinstance(folder, str) else "/loki")
    return volume is not None and volume.is_shared


def _faults(file: Configuration, shares_a_volume: bool) -> Iterator[tuple[Path, str]]:
    schemas = items(file.at("schema_config", "configs"))
    if schemas and not shares_a_volume and mapping(schemas[-1]).get("object_store") == "filesystem":
        yield ("schema_config", "configs", len(schemas) - 1, "object_store"), "each keeps logs on its own file system"
    for path in _RINGS:
        if file.at(*path) == "inmemory":
            yield path, "the ring of each is in its memory"
