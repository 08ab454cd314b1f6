"""Database servers, what they are set up with, and the scripts that set them up.

Sources: docker-library/postgres `docker-entrypoint.sh`, docker-library/mysql and mariadb the same; bitnami/containers
`postgresql/libpostgresql.sh`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from hmco_charts import formats
from hmco_charts.formats import ddl
from hmco_charts.formats.ddl import Statement
from hmco_charts.lint.programs import psql
from hmco_charts.objects import Container, KubernetesObject, Pod, Release, Text
from hmco_charts.objects.remembering import remembered

POSTGRESQL = frozenset({"postgres", "postgresql", "postgis", "timescaledb", "pgvector", "postgresql-repmgr"})
MYSQL = frozenset({"mysql", "mariadb", "mysql-server", "percona-server", "mariadb-galera"})
INIT_FOLDER = "/docker-entrypoint-initdb.d/"
_ADMINS = {"postgresql": {"postgres"}, "mysql": {"root"}}
_SYSTEM_DATABASES = {"postgresql": {"postgres", "template1"}, "mysql": {"mysql", "information_schema"}}
_USER_VARIABLES = ("POSTGRES_USER", "POSTGRESQL_USERNAME", "MYSQL_USER", "MARIADB_USER")
_DATABASE_VARIABLES = ("POSTGRES_DB", "POSTGRESQL_DATABASE", "MYSQL_DATABASE", "MARIADB_DATABASE")
_WORDS = re.compile(r"(?i)\b(?:create|grant|alter)\s")
_CREATE_USER = re.compile(r"\bcreateuser\b(?:\s+-{1,2}\S+)*\s+(?P<name>[\w-]+)")
_CREATE_DATABASE = re.compile(r"\bcreatedb\b(?:\s+-{1,2}\S+)*\s+(?P<name>[\w-]+)")
_OPERATORS = ("Database", "User", "Grant", "MariaDB", "Postgresql", "PostgresUser", "PostgresqlUser", "postgresql")


@dataclass(frozen=True)
class Setup:
    """A script that sets up databases.

    Attributes:
        text: The script.
        statements: Its statements.
        runner: The Job or init container that executes it; `None` for a file of a ConfigMap or Secret.
    """

    text: Text
    statements: tuple[Statement, ...]
    runner: Container | None = None


@dataclass(frozen=True)
class Server:
    """A pod of a database server.

    Attributes:
        pod: The pod.
        container: Its container with the server.
        product: `postgresql` or `mysql`.
    """

    pod: Pod
    container: Container
    product: str

    @cached_property
    def major(self) -> int | None:
        """The major version, as far as the image's tag tells it."""
        number = re.match(r"v?(\d+)", self.container.image.tag)
        return int(number[1]) if number else None


@dataclass(frozen=True)
class Contents:
    """The users and databases that a server is set up with; nothing can be said to be missing unless all are known."""

    users: frozenset[str]
    databases: frozenset[str]
    is_known: bool


@remembered
def setups(release: Release) -> tuple[Setup, ...]:
    """The scripts with SQL that sets up databases: files, and what containers execute."""
    found = [_setup(text, None) for text in release.texts]
    for container in release.containers:
        for field, words in (("command", container.command), ("args", container.args)):
            for index, word in enumerate(words):
                text = Text(container.pod.object, (*container.path, field, index), "script.sh", word)
                found.append(_setup(text, container))
    return tuple(each for each in found if each)


def _setup(text: Text, runner: Container | None) -> Setup | None:
    if not _WORDS.search(text.value):
        return None
    is_shell = not text.name.endswith(".sql") and formats.detect(text.value, text.name) != "sql"
    statements = ddl.statements(text.value, is_shell=is_shell)
    return Setup(text, statements, runner) if statements else None


@remembered
def servers(release: Release) -> tuple[Server, ...]:
    """The pods that run PostgreSQL, MySQL or MariaDB."""
    return tuple(found for container in release.containers if (found := _server(container)))


def _server(container: Container) -> Server | None:
    is_server = container.role == "container" and container.pod.object.kind not in ("Job", "CronJob")
    for product, images in (("postgresql", POSTGRESQL), ("mysql", MYSQL)):
        if is_server and container.image.base in images:
            return Server(container.pod, container, product)
    return None


def behind(release: Release, service: KubernetesObject) -> Server | None:
    """The database server that a Service leads to."""
    pods = release.behind(service)
    return next((server for server in servers(release) if server.pod in pods), None)


def contents(release: Release, server: Server) -> Contents:
    """What a server is set up with: by its image's variables, and by the scripts of the release."""
    variables = {each.name: each.text for each in release.environment(server.container)}
    told = [name for name in (*_USER_VARIABLES, *_DATABASE_VARIABLES) if name in variables]
    is_known = all(variables[name] for name in told) and not _has_operator(release, server)
    users = {text.value for name in _USER_VARIABLES if (text := variables.get(name))}
    databases = {text.value for name in _DATABASE_VARIABLES if (text := variables.get(name))}
    if server.product == "postgresql" and not databases:
        databases = set(users)
    for setup in setups(release):
        for statement in setup.statements:
            names = _names(release, setup, statement)
            users |= names if statement.verb == "CREATE USER" else set()
            databases |= names if statement.verb == "CREATE DATABASE" else set()
            is_known = is_known and bool(names)
    users |= set(_created(release, _CREATE_USER)) | _ADMINS[server.product]
    databases |= set(_created(release, _CREATE_DATABASE)) | _SYSTEM_DATABASES[server.product]
    return Contents(frozenset(users), frozenset(databases), is_known)


def _names(release: Release, setup: Setup, statement: Statement) -> frozenset[str]:
    """What a statement is about; nothing where a name comes from what is not known."""
    if statement.is_parameter and statement.verb in ("CREATE USER", "CREATE DATABASE"):
        return psql.values(release, setup.text, statement.start)
    return frozenset((statement.name,))


def _created(release: Release, command: re.Pattern[str]) -> Iterator[str]:
    words = (word for each in release.containers for word in (*each.command, *each.args))
    for text in (*(text.value for text in release.texts), *words):
        yield from (match["name"] for match in command.finditer(text))


def _has_operator(release: Release, server: Server) -> bool:
    """Whether an operator's objects may create users and databases in the server's namespace."""
    there = release.of_kind(*_OPERATORS)
    return any("." in each.api_version and each.namespace == server.pod.object.namespace for each in there)
