"""What programs ask of a Redis server."""

from dataclasses import dataclass
from typing import ClassVar

from hmco_charts.values.provision import Need, Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisServer(Offer):
    """A Redis server that makes users for others.

    Attributes:
        master_name: Name by which its Sentinels, on port 26379, know the master; empty where it is alone.
    """

    port: int = 6379
    master_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisUser(Need):
    """A user, named like the need, and its keys.

    Attributes:
        patterns: Patterns of the names of its keys, and of its channels.
    """

    of: ClassVar = RedisServer
    kind: ClassVar = "redis"

    patterns: tuple[str, ...]
