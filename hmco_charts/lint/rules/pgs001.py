"""PGS001: variables with which PostgreSQL's image does not start, or that it does not read."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import postgresql
from hmco_charts.lint.programs.databases import Server
from hmco_charts.lint.programs.environment import Environment, environment
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_WITH_FILE = ("POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_INITDB_ARGS")
_WITHOUT_FILE = ("POSTGRES_HOST_AUTH_METHOD", "POSTGRES_INITDB_WALDIR", "PGDATA")
_PASSWORDS = ("POSTGRES_PASSWORD", "POSTGRES_PASSWORD_FILE")


class PostgresqlVariables(Rule):
    """Reports variables of PostgreSQL's image that exclude each other, are missing, or have no effect."""

    id = "PGS001"
    name = "postgresql-variables"
    profile = "min"
    title = "Variables with which PostgreSQL's image does not start"
    why = (
        "The entry point stops where a variable and its form with _FILE are both set ('are exclusive'), and on an empty"
        " volume where there is no password ('superuser password is not specified'). Other variables have no form with"
        " _FILE, and it is not read."
    )
    remedy = "Set POSTGRES_PASSWORD_FILE to a file of a Secret, and POSTGRES_PASSWORD not at all."
    source = "https://github.com/docker-library/postgres/blob/master/docker-entrypoint.sh"

    def check(self, release: Release) -> Iterator[Finding]:
        """The variables of every server."""
        for server in postgresql.servers(release):
            found = environment(release, server.container)
            for name in _WITH_FILE:
                if found.first(name) and found.first(f"{name}_FILE"):
                    yield self._on(server, name, f"{name} and {name}_FILE are both set: the image does not start.")
            for name in _WITHOUT_FILE:
                if found.first(f"{name}_FILE"):
                    message = f"{name}_FILE is not read: {name} has no such form."
                    yield self._on(server, name, message, Severity.WARNING)
            if _has_no_password(found):
                yield self._on(server, "password", "No password is set: the image does not start on an empty volume.")

    def _on(self, server: Server, subject: str, message: str, severity: Severity | None = None) -> Finding:
        container = server.container
        return self.finding(
            message,
            on=container.pod.object,
            span=container.span(),
            locator=container.locator,
            subject=f"{container.locator}#{subject}",
            severity=severity,
        )


def _has_no_password(found: Environment) -> bool:
    method = found.first("POSTGRES_HOST_AUTH_METHOD")
    is_trusted = method is not None and (method[1] is None or method[1].value == "trust")
    return found.is_complete and not found.first(*_PASSWORDS) and not is_trusted
