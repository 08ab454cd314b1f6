"""Values of programs that use a PostgreSQL database; the Go helpers `libpq` and `postgresql…` read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from hmco_charts.values.base import Values
from hmco_charts.values.kubernetes import PortNumber, Resources
from hmco_charts.values.provision import GIVEN, Connection, Need, Offer
from hmco_charts.values.text import Host, OrEmpty, Pattern
from hmco_charts.values.types import Authority, Password, VersionedImage

SqlName = Annotated[str, Pattern("a plain SQL name", r"[a-z_][a-z0-9_]{0,62}", "vault", 63)]


class PostgresqlConnection(Values):
    """A database, and the role that uses it."""

    host: OrEmpty[Host] = Field("", description="Host of the database.")
    port: PortNumber = Field(5432, description="Its port.")
    database: SqlName = Field(description="Database.")
    username: SqlName = Field(description="Role, owner of the database.")
    password: Password = Field(Password(), description="The role's password, any characters.")
    ssl_mode: Literal["verify-full", "verify-ca", "require", "disable"] = Field(
        "verify-full",
        description="What of the database's certificate is verified; `disable` does not encrypt.",
    )
    ssl_root_cert: Authority = Field(
        Authority(),
        description="Who signed the database's certificate; empty means the system's authorities.",
    )


class PostgresqlClient(Values):
    """The PostgreSQL client in Jobs and in init containers that wait."""

    image: VersionedImage = Field(
        VersionedImage(registry="docker.io", repository="library/postgres", tag="18.1-alpine"),
        description="Image with `psql`, `pg_isready` and `pg_dump`, not older than the server.",
    )
    resources: Resources = Field(
        Resources(
            requests={"cpu": "50m", "memory": "64Mi", "ephemeral-storage": "16Mi"},
            limits={"memory": "256Mi", "ephemeral-storage": "256Mi"},
        ),
        description="Requests and limits.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresqlServer(Offer):
    """A PostgreSQL server that makes databases and roles for others."""

    port: int = 5432


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresqlDatabase(Need):
    """A database on a PostgreSQL server, and the role that owns it.

    Attributes:
        role: The role.
        connections: How many connections its programs open at most.
        schemas: Schemas beside `public`.
        extensions: Extensions.
        exclude_table_data: Tables that backups hold empty.
    """

    of: ClassVar = PostgresqlServer
    kind: ClassVar = "postgresql"

    role: str
    connections: int
    schemas: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()
    exclude_table_data: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresqlAccess(Need):
    """A role that uses a database of others, whose owner is another.

    Attributes:
        database: The database.
        role: The role.
        privileges: What it may do to rows; it creates nothing.
        connections: How many connections its programs open at most; -1 means no limit.
    """

    of: ClassVar = PostgresqlServer
    kind: ClassVar = "postgresql"

    database: str
    role: str
    privileges: Literal["read", "write"] = "read"
    connections: int = -1


LEFT_OPEN: Mapping[str, Any] = {"host": GIVEN, "password": {"name": GIVEN}}
"""Values of a `PostgresqlConnection` that a platform is to give."""


def is_left_open(connection: PostgresqlConnection) -> bool:
    """Whether a platform is to give it: users said neither host nor password."""
    return connection.host == GIVEN and connection.password.name == GIVEN


def connection_values(connection: Connection[Any]) -> dict[str, Any]:
    """The values of a `PostgresqlConnection` that lead to a database."""
    return {
        "host": connection.host,
        "port": connection.offer.port,
        "password": {"name": connection.secret},
        "sslMode": "verify-full" if connection.is_encrypted else "disable",
        "sslRootCert": connection.authority.document(),
    }
