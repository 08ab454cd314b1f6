"""GRF003: variables with which Grafana's image does not start, or that it does not read."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import grafana
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_SECRETS = ("PASSWORD", "SECRET_KEY", "CLIENT_SECRET", "ADMIN_USER")


class GrafanaVariables(Rule):
    """Reports pairs of variables that exclude each other, and `_FILE` with one underscore."""

    id = "GRF003"
    name = "grafana-variables"
    profile = "min"
    title = "Variables with which Grafana's image does not start"
    why = (
        "The entry point reads the file that GF_…__FILE names, with two underscores, and ends where the variable itself"
        " is set too ('are exclusive'). With one underscore it is the setting of another name, which nobody reads."
    )
    remedy = "Set one of the two; write two underscores before FILE."
    source = "https://github.com/grafana/grafana/blob/main/packaging/docker/run.sh"

    def check(self, release: Release) -> Iterator[Finding]:
        """The variables of servers that the image's entry point starts."""
        for server in grafana.servers(release):
            for name in server.environment.variables if not server.container.command else ():
                base = name.removesuffix("__FILE")
                if name.startswith("GF_") and base != name and server.environment.first(base):
                    yield self._on(server, name, f"{base} and {name} are both set: the image does not start.")
                if _has_one_underscore(name):
                    yield self._on(server, name, f"{name} is not read: the name ends with __FILE.", Severity.WARNING)

    def _on(self, server: grafana.Server, name: str, message: str, severity: Severity | None = None) -> Finding:
        container = server.container
        index = next((at for at, each in enumerate(container.environment) if each.name == name), None)
        return self.finding(
            message,
            on=container.pod.object,
            span=container.span() if index is None else container.span("env", index),
            locator=f"{container.locator}/env/{name}",
            subject=f"{container.locator}#{name}",
            severity=severity,
        )


def _has_one_underscore(name: str) -> bool:
    base = name.removesuffix("_FILE")
    return name.startswith("GF_") and base != name and base.endswith(_SECRETS)
