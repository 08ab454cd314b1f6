"""Where a server keeps its data, and whether several can share it.

Sources: hashicorp/vault `physical/*` (HAEnabled), `command/server/config.go` (a later block replaces an earlier one).
"""

from dataclasses import dataclass

from hmco_charts.formats import Scalar, hcl
from hmco_charts.lint.programs.environment import Environment
from hmco_charts.lint.programs.vault.configuration import boolean, setting, storages
from hmco_charts.lint.programs.vault.servers import Server
from hmco_charts.objects import Text

_ALWAYS = frozenset({"consul", "raft", "zookeeper"})
_EXACTLY_TRUE = frozenset({"cockroachdb", "postgresql"})
_SWITCHED = frozenset({"dynamodb", "etcd", "foundationdb", "gcs", "mysql", "oci", "spanner"}) | _EXACTLY_TRUE
_VARIABLES = {
    "dynamodb": "DYNAMODB_HA_ENABLED",
    "etcd": "ETCD_HA_ENABLED",
    "gcs": "GOOGLE_STORAGE_HA_ENABLED",
    "spanner": "GOOGLE_SPANNER_HA_ENABLED",
}


@dataclass(frozen=True)
class Storage:
    """A storage block that counts.

    Attributes:
        text: The text that holds it.
        block: The block.
    """

    text: Text
    block: hcl.Block

    @property
    def backend(self) -> str:
        """The kind of storage, such as `postgresql`."""
        return self.block.labels[0]

    @property
    def is_switched(self) -> bool:
        """Whether servers can share it, once `ha_enabled` says so."""
        return self.backend in _SWITCHED

    def shares(self, environment: Environment) -> bool | None:
        """Whether several servers agree in it on which of them is active; `None` where it cannot be told."""
        if self.backend not in _SWITCHED:
            return self.backend in _ALWAYS
        variable = environment.first(_VARIABLES.get(self.backend, ""))
        if variable:
            return boolean(variable[1].value) if variable[1] else None
        told = setting(self.block.body, "ha_enabled")
        return bool(told) and self._switch(told.value if told else None)

    def _switch(self, value: Scalar) -> bool | None:
        word = str(value).lower() if isinstance(value, bool) else str(value)
        if "{{" in word or "$" in word:
            return None
        return word == "true" if self.backend in _EXACTLY_TRUE else boolean(word)


def storage(server: Server) -> Storage | None:
    """The server's storage."""
    return _last(server, ("storage", "backend"))


def ha_storage(server: Server) -> Storage | None:
    """The storage in which servers agree on which of them is active, where it is not the storage itself."""
    return _last(server, ("ha_storage", "ha_backend"))


def _last(server: Server, types: tuple[str, ...]) -> Storage | None:
    found = [
        Storage(text, block)
        for text in server.configurations
        for block in storages(hcl.parse(text.value))
        if block.type in types
    ]
    return found[-1] if found else None


def is_shared(server: Server, environment: Environment) -> bool | None:
    """Whether several such servers form one; `None` where it cannot be told."""
    if not server.is_complete:
        return None
    found = ha_storage(server) or storage(server)
    return found.shares(environment) if found else None
