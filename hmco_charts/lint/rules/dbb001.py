"""DBB001: a program connects as a user, or to a database, that nobody creates."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Confidence, Finding, Related, Severity
from hmco_charts.lint.programs import databases
from hmco_charts.lint.programs.connections import Connection, connections, users
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Release
from hmco_charts.objects.dns import service_of


class DatabaseNotProvisioned(Rule):
    """Reports connections to a database of the release whose user or database is not set up there."""

    id = "DBB001"
    name = "database-not-provisioned"
    severity = Severity.ERROR
    confidence = Confidence.MEDIUM
    title = "A database or user that nobody creates"
    why = (
        "The server's image makes the one user and database that its variables name. Whoever connects as another gets"
        " 'password authentication failed' (PostgreSQL says the same for a missing role) or 'database does not exist'."
    )
    remedy = "Create the role and the database in a Job or an init script, or name the ones that are there."
    source = "https://github.com/docker-library/docs/blob/master/postgres/README.md"

    def check(self, release: Release) -> Iterator[Finding]:
        """The containers whose connection leads to a server of the release that does not know them."""
        seen: set[tuple[int, str, str]] = set()
        for connection in connections(release):
            missing = _missing(release, connection)
            for container in users(release, connection.text) if missing else ():
                key = (id(container.pod.object), connection.link.host, missing)
                if key not in seen:
                    seen.add(key)
                    yield self._finding(container, connection, missing)

    def _finding(self, container: Container, connection: Connection, missing: str) -> Finding:
        return self.finding(
            f"{container.locator} connects to {connection.link.host}, where {missing}.",
            on=container.pod.object,
            span=container.span(),
            locator=container.locator,
            subject=f"{container.locator}#{connection.link.host}#{missing}",
            related=(Related("object", connection.span, "the connection"),),
        )


def _missing(release: Release, connection: Connection) -> str:
    """What the server lacks for a connection; empty where it lacks nothing or that cannot be told."""
    link = connection.link
    service = service_of(release, link.host, connection.text.object) if link.scheme in ("postgresql", "mysql") else None
    server = databases.behind(release, service) if service else None
    if server is None:
        return ""
    found = databases.contents(release, server)
    database = link.path or (link.user if link.scheme == "postgresql" else "")
    wanted = (("user", link.user, found.users), ("database", database, found.databases))
    lacking = [f"{kind} `{name}`" for kind, name, there in wanted if name.isidentifier() and name not in there]
    return f"nothing in the input creates {' and '.join(lacking)}" if lacking and found.is_known else ""
