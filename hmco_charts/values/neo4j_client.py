"""What programs ask of a Neo4j server."""

from dataclasses import dataclass
from typing import ClassVar

from hmco_charts.values.provision import Need, Offer

USER = "neo4j"


@dataclass(frozen=True, slots=True, kw_only=True)
class Neo4jServer(Offer):
    """A Neo4j server, whose one user and one database all share.

    Attributes:
        database: The database.
    """

    port: int = 7687
    secret: str = "auth"  # noqa: S105 - the end of a name
    database: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Neo4jDatabase(Need):
    """The database of a server, as its one user."""

    of: ClassVar = Neo4jServer
    kind: ClassVar = "neo4j"
