"""GRF002: credentials of Grafana that stand in its source."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import grafana
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_PUBLIC = {"security.admin_password": "admin", "security.secret_key": "SW2YcwTIb9zpOOhoPsMm"}
"""The values of Grafana's own `conf/defaults.ini`."""


class GrafanaPublicCredential(Rule):
    """Reports Grafana servers whose administrator or key everybody knows."""

    id = "GRF002"
    name = "grafana-public-credential"
    title = "A credential of Grafana that stands in its source"
    why = (
        "The administrator's first password is `admin` where none is given; whoever logs in first may change it. The"
        " secret key protects the credentials of datasources in the database, and has a default that everybody can"
        " look up."
    )
    remedy = "Set GF_SECURITY_ADMIN_PASSWORD and GF_SECURITY_SECRET_KEY from a Secret."
    source = "https://github.com/grafana/grafana/blob/main/conf/defaults.ini"

    def check(self, release: Release) -> Iterator[Finding]:
        """The administrator's password and the key of every server."""
        for server in grafana.servers(release):
            for key, value in _PUBLIC.items():
                told = server.told(key)
                if told and told.value == value:
                    yield self.finding(
                        f"`{key}` is the one of Grafana's source.",
                        on=told.object,
                        span=told.span,
                        locator=told.locator,
                        subject=f"{server.container.locator}#{key}",
                    )
            if server.is_complete and not server.told("security.admin_password") and not _needs_no_password(server):
                yield self.finding(
                    "No password is given: the administrator's is `admin`.",
                    on=server.container.pod.object,
                    span=server.container.span(),
                    locator=server.container.locator,
                    subject=f"{server.container.locator}#security.admin_password",
                    severity=Severity.WARNING,
                )


def _needs_no_password(server: grafana.Server) -> bool:
    return server.is_on("security.disable_initial_admin_creation") or server.is_on("auth.disable_login_form")
