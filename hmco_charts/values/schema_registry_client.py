"""What programs ask of a schema registry."""

from dataclasses import dataclass
from typing import ClassVar

from hmco_charts.values.provision import Need, Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaRegistryServer(Offer):
    """A schema registry as Confluent's, which asks nobody for a password."""

    port: int = 8081


@dataclass(frozen=True, slots=True, kw_only=True)
class Schemas(Need):
    """Schemas of topics."""

    of: ClassVar = SchemaRegistryServer
    kind: ClassVar = "schema-registry"
    keys: ClassVar = ()
