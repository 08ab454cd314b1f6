"""GRF004: visitors of Grafana without a login who may change it."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import grafana
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_STRONG = ("Admin", "Editor")


class GrafanaAnonymousEditor(Rule):
    """Reports Grafana servers where whoever comes is administrator or editor."""

    id = "GRF004"
    name = "grafana-anonymous-editor"
    title = "Whoever comes may change Grafana"
    why = (
        "An anonymous administrator adds users and datasources, an editor asks every datasource what he likes, with the"
        " credentials that Grafana keeps for it."
    )
    remedy = "Leave `auth.anonymous.org_role` at Viewer, or ask for a login."
    source = "https://grafana.com/docs/grafana/latest/setup-grafana/configure-access/configure-authentication/grafana/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The role of visitors of every server that lets them in."""
        for server in grafana.servers(release):
            role = server.told("auth.anonymous.org_role")
            if server.is_on("auth.anonymous.enabled") and role and role.value in _STRONG:
                yield self.finding(
                    f"Whoever reaches the server is {role.value}.",
                    on=role.object,
                    span=role.span,
                    locator=role.locator,
                    subject=f"{server.container.locator}#auth.anonymous.org_role",
                )
