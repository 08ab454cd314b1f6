"""What programs ask of a server that speaks MySQL's protocol."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from hmco_charts.values.provision import Need, Offer
from hmco_charts.values.text import Pattern

UserName = Annotated[str, Pattern("a plain name of a user", r"[a-z_][a-z0-9_]{0,31}", "seatunnel", 32)]
DatabaseName = Annotated[str, Pattern("a plain name of a database", r"[a-z_][a-z0-9_]{0,62}", "seatunnel", 63)]

_DORIS = 9030
"""The port by which clients of MySQL's protocol mean Doris."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MysqlServer(Offer):
    """A MySQL server that makes databases and users for others."""

    port: int = 3306


@dataclass(frozen=True, slots=True, kw_only=True)
class DorisServer(Offer):
    """Frontends of Doris that make databases and users for others."""

    port: int = _DORIS
    service: str = "-fe"


@dataclass(frozen=True, slots=True, kw_only=True)
class MysqlDatabase(Need):
    """A database, and the user that may do all in it.

    Attributes:
        user: The user.
        connections: How many connections its programs open at most.
    """

    of: ClassVar = MysqlServer
    kind: ClassVar = "mysql"

    user: str
    connections: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MysqlAccess(Need):
    """A user of a database of others.

    Attributes:
        database: The database; empty means all.
        user: The user.
        privileges: What it may do to rows.
    """

    of: ClassVar[type[Offer]] = MysqlServer
    kind: ClassVar = "mysql"

    database: str
    user: str
    privileges: Literal["read", "write"] = "read"


@dataclass(frozen=True, slots=True, kw_only=True)
class DorisAccess(MysqlAccess):
    """The same of Doris."""

    of: ClassVar = DorisServer
    kind: ClassVar = "doris"


def access_by(port: int | None) -> type[MysqlAccess]:
    """What a client of MySQL's protocol needs, by the port that it asks at."""
    return DorisAccess if port == _DORIS else MysqlAccess
