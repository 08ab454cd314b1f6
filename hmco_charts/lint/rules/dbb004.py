"""DBB004: a role that may connect to its database, but not create tables in it."""

from collections.abc import Iterator

from hmco_charts.formats.ddl import Statement
from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.programs import databases
from hmco_charts.lint.programs.databases import Setup, setups
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_FIRST_CLOSED = 15
_ALL = ("ALL", "ALL PRIVILEGES", "CREATE")


class SchemaPrivileges(Rule):
    """Reports roles that get privileges on a database of PostgreSQL 15 or later, but none on a schema."""

    id = "DBB004"
    name = "schema-privileges"
    severity = Severity.WARNING
    confidence = Confidence.MEDIUM
    title = "A role that cannot create tables in its database"
    why = (
        "Since PostgreSQL 15 the schema `public` is no longer open to everyone, and GRANT ALL ON DATABASE does not open"
        " it: the program's migration stops with 'permission denied for schema public'."
    )
    remedy = "Make the role the database's owner (`CREATE DATABASE … OWNER role`), or grant CREATE on a schema."
    source = "https://www.postgresql.org/docs/15/release-15.html"

    def check(self, release: Release) -> Iterator[Finding]:
        """The grants on databases whose role has nothing more anywhere in the release."""
        if _is_before_closing(release):
            return
        found = [(setup, each) for setup in setups(release) for each in setup.statements]
        for setup, statement in found:
            if _opens_database(statement) and not any(_lets_create(each, other, statement) for each, other in found):
                yield self.finding(
                    f"Role {statement.role} may connect to database {statement.name}, but not create tables in it.",
                    on=setup.text.object,
                    span=setup.text.span(statement.start, statement.end),
                    locator=setup.text.locator(statement.start),
                    subject=f"{setup.text.name}#{statement.role}#{statement.name}",
                )


def _is_before_closing(release: Release) -> bool:
    majors = [server.major for server in databases.servers(release) if server.product == "postgresql"]
    return bool(majors) and all(major is not None and major < _FIRST_CLOSED for major in majors)


def _opens_database(statement: Statement) -> bool:
    return statement.verb == "GRANT" and statement.target == "DATABASE" and statement.rights in _ALL


def _lets_create(setup: Setup, other: Statement, grant: Statement) -> bool:
    """Whether another statement lets the role of a grant create tables, or spares it from doing so."""
    if other.role == grant.role and other.verb in ("CREATE DATABASE", "ALTER DATABASE"):
        return other.name == grant.name
    if other.role == grant.role and other.verb in ("CREATE SCHEMA", "ALTER SCHEMA"):
        return True
    if other.role == grant.role and other.verb == "GRANT" and other is not grant:
        rights = {right.strip() for right in other.rights.split(",")}
        return other.target == "" or (other.target == "SCHEMA" and bool(rights & set(_ALL)))
    return other.verb == "CREATE USER" and other.name == grant.role and _is_superuser(setup, other)


def _is_superuser(setup: Setup, statement: Statement) -> bool:
    words = setup.text.value[statement.start : statement.end].upper().split()
    return "SUPERUSER" in words
