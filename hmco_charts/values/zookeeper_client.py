"""What programs ask of a ZooKeeper ensemble."""

from dataclasses import dataclass
from typing import ClassVar

from hmco_charts.values.provision import Need, Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class ZookeeperEnsemble(Offer):
    """A ZooKeeper ensemble."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZookeeperRoot(Need):
    """A root of one's own in an ensemble, named like the need; with TLS, clients show their certificate."""

    of: ClassVar = ZookeeperEnsemble
    kind: ClassVar = "zookeeper"
    keys: ClassVar = ()
