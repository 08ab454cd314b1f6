"""PRM002: several Prometheus servers on one volume."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import monitoring
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release


class PrometheusSharedVolume(Rule):
    """Reports workloads whose Prometheus servers all write to one claim."""

    id = "PRM002"
    name = "prometheus-shared-volume"
    title = "Several Prometheus servers on one volume"
    why = (
        "A server locks its folder: the second ends with 'lock DB directory: resource temporarily unavailable'. On a"
        " file system without locks, or with `--storage.tsdb.no-lockfile`, they write over each other's blocks."
    )
    remedy = "Use a StatefulSet with volumeClaimTemplates: each server scrapes everything to a volume of its own."
    source = "https://prometheus.io/docs/prometheus/latest/storage/#operational-aspects"

    def check(self, release: Release) -> Iterator[Finding]:
        """The claims of workloads with several pods."""
        for server in monitoring.servers(release, "prometheus"):
            volume = monitoring.volume(release, server.container, monitoring.series(server))
            if volume and volume.is_shared and release.replicas(server.pod).most > 1:
                yield self.finding(
                    f"All pods of {server.pod.object.kind} {server.pod.object.name} write to volume {volume.name}.",
                    on=server.pod.object,
                    span=server.pod.object.span(("spec", "replicas")),
                    locator=server.container.locator,
                    subject=f"{server.container.locator}#{volume.name}",
                )
