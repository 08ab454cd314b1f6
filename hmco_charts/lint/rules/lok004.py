"""LOK004: more copies of each line than Loki has servers."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import monitoring
from hmco_charts.lint.programs.monitoring import Configuration, Server
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.replicas import Replicas
from hmco_charts.yamlio import Path

_FACTORS: tuple[Path, ...] = (
    ("ingester", "lifecycler", "ring", "replication_factor"),
    ("common", "replication_factor"),
)
_DEFAULT = 3


class LokiReplication(Rule):
    """Reports Loki servers of which too few run for a single line to be taken."""

    id = "LOK004"
    name = "loki-replication"
    profile = "min"
    title = "More copies of each line than Loki has servers"
    why = (
        "A line is taken when more than half of its copies are: of three, which is the default, two. With one server"
        " each push is refused ('at least 2 live replicas required, could only find 1'), while /ready says that all is"
        " well."
    )
    remedy = "Set common.replication_factor to 1, or run three servers."
    source = "https://grafana.com/docs/loki/latest/configure/#common"

    def check(self, release: Release) -> Iterator[Finding]:
        """The copies of servers that do everything."""
        for server in monitoring.servers(release, "loki"):
            file = server.configuration
            if file and _does_everything(server, file):
                path, factor = _factor(file)
                running = release.replicas(server.pod)
                if _is_known(running) and 0 < running.most < factor // 2 + 1:
                    yield self.finding(
                        f"Of {factor} copies {factor // 2 + 1} must be taken, and {running.most} server runs.",
                        on=file.text.object,
                        span=file.span(path),
                        locator=file.locator(path),
                        subject=f"{server.container.locator}#replication_factor",
                    )


def _is_known(running: Replicas) -> bool:
    return running.least == running.most


def _does_everything(server: Server, file: Configuration) -> bool:
    told = server.flags["target"].value if "target" in server.flags else file.at("target")
    return told in (None, "all") and not any("replication-factor" in flag for flag in server.flags)


def _factor(file: Configuration) -> tuple[Path, int]:
    for path in _FACTORS:
        value = file.at(*path)
        if isinstance(value, int):
            return path, value
    return ("common",), _DEFAULT
