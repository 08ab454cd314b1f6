"""PRM003: interfaces of Prometheus that stop it or delete its series, for everybody."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Related, Severity
from hmco_charts.lint.programs import monitoring
from hmco_charts.lint.programs.monitoring import Server
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release

_DOES = {
    "web.enable-admin-api": "delete series and write snapshots",
    "web.enable-lifecycle": "stop the server",
    "web.enable-remote-write-receiver": "write series",
}


class PrometheusOpenInterface(Rule):
    """Reports Prometheus servers that everybody outside the cluster may stop, empty or fill."""

    id = "PRM003"
    name = "prometheus-open-interface"
    severity = Severity.WARNING
    title = "An interface that changes Prometheus, open to everybody"
    why = (
        "Prometheus asks nobody for a password unless `--web.config.file` says so. With these options whoever reaches"
        " it may stop it (`/-/quit`), delete its series or write some."
    )
    remedy = (
        "Leave the option out, or ask for a password by --web.config.file. With --enable-feature=auto-reload-config a"
        " changed file is taken without it."
    )
    source = "https://prometheus.io/docs/operating/security/#prometheus"

    def check(self, release: Release) -> Iterator[Finding]:
        """The options of servers that a Service of the nodes, an Ingress or a route leads to."""
        for server in monitoring.servers(release, "prometheus"):
            found = [flag for flag in _DOES if server.is_on(flag)]
            way = monitoring.entrance(release, server.pod) if found else None
            if way and "web.config.file" not in server.flags:
                yield from (self._on(server, flag, way) for flag in found)

    def _on(self, server: Server, flag: str, way: KubernetesObject) -> Finding:
        return self.finding(
            f"Whoever comes by {way.kind} {way.name} may {_DOES[flag]}.",
            on=server.pod.object,
            span=server.span(flag),
            locator=server.container.locator,
            subject=f"{server.container.locator}#{flag}",
            related=(Related("object", way.span(("metadata", "name")), f"{way.kind} {way.name}"),),
        )
