"""GRF005: several Grafana servers that all send every alert."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import grafana
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release


class GrafanaDoubleAlerts(Rule):
    """Reports Grafana servers with several replicas whose alerting does not know of each other."""

    id = "GRF005"
    name = "grafana-double-alerts"
    severity = Severity.WARNING
    title = "Several Grafana pods that each send every alert"
    why = "Each server evaluates all alert rules and sends what fires: without peers or Redis each message comes twice."
    remedy = "Set `unified_alerting.ha_peers` to a headless Service with port 9094, or switch unified_alerting off."
    source = "https://grafana.com/docs/grafana/latest/alerting/set-up/configure-high-availability/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The alerting of servers with more than one replica, where all that they are told is known."""
        for server in grafana.servers(release):
            shared = ("ha_peers", "ha_redis_address")
            knows = any(server.told(f"unified_alerting.{key}") for key in shared)
            told = server.told("unified_alerting.enabled")
            is_off = told is not None and told.value in (None, "false")
            several = release.replicas(server.container.pod).most > 1
            if several and server.is_complete and not knows and not is_off:
                pod = server.container.pod
                yield self.finding(
                    f"The servers of {pod.object.kind} {pod.object.name} know nothing of each other's alerts.",
                    on=pod.object,
                    span=pod.object.span(("spec", "replicas")),
                    locator=server.container.locator,
                    subject=f"{server.container.locator}#unified_alerting",
                )
