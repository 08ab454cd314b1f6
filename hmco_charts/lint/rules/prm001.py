"""PRM001: a retention that the volume has no room for."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import monitoring
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.quantity import size

_FLAG = "storage.tsdb.retention.size"
_MOST = 0.9
"""Share of a volume; Prometheus' makers say 80 to 85 percent."""


class PrometheusRetention(Rule):
    """Reports Prometheus servers whose blocks may fill their volume."""

    id = "PRM001"
    name = "prometheus-retention"
    title = "A retention that fills Prometheus' volume"
    why = (
        "Blocks are deleted when they are more than `--storage.tsdb.retention.size`. The log of recent samples and"
        " compaction need room beside them. On a full volume Prometheus stores nothing more, and does not start again."
    )
    remedy = "Set it to 80 to 85 percent of the volume, such as 40GB of 50Gi."
    source = "https://prometheus.io/docs/prometheus/latest/storage/#right-sizing-retention-size"

    def check(self, release: Release) -> Iterator[Finding]:
        """The size of the retention beside that of the volume."""
        for server in monitoring.servers(release, "prometheus"):
            volume = monitoring.volume(release, server.container, monitoring.series(server))
            wanted = size(server.flags[_FLAG].value) if _FLAG in server.flags else None
            if volume and volume.size and wanted and wanted > _MOST * volume.size:
                is_larger = wanted > volume.size
                share = f"{round(100 * wanted / volume.size)} percent of volume {volume.name}"
                yield self.finding(
                    f"Blocks may take {share}.",
                    on=server.pod.object,
                    span=server.span(_FLAG),
                    locator=server.container.locator,
                    subject=f"{server.container.locator}#{_FLAG}",
                    severity=Severity.ERROR if is_larger else Severity.WARNING,
                )
