"""What programs ask of an Elasticsearch cluster."""

from dataclasses import dataclass
from typing import ClassVar

from hmco_charts.values.provision import Need, Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class ElasticsearchCluster(Offer):
    """An Elasticsearch cluster that makes users for others."""

    port: int = 9200


@dataclass(frozen=True, slots=True, kw_only=True)
class ElasticsearchUser(Need):
    """A user, named like the need, and what he may do.

    Attributes:
        indices: Indices, with `*` for any.
        privileges: What he may do with them.
        cluster: Privileges in the cluster.
    """

    of: ClassVar = ElasticsearchCluster
    kind: ClassVar = "elasticsearch"

    indices: tuple[str, ...]
    privileges: tuple[str, ...]
    cluster: tuple[str, ...] = ()
