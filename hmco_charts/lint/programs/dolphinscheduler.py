"""DolphinScheduler: which containers run its servers, and on which ports these speak their own protocol.

Sources: apache/dolphinscheduler, each server's `application.yaml` (ports) and `src/main/bin/start.sh` (heap);
`dolphinscheduler-common`, `ImmutablePriorityPropertyDelegate` (variables win over files since 3.2.2).
"""

from dataclasses import dataclass

from hmco_charts.lint.programs.environment import Environment, environment
from hmco_charts.objects import Container, Release
from hmco_charts.objects.remembering import remembered

_RPC = {
    "master": ("MASTER_LISTEN_PORT", 5678),
    "worker": ("WORKER_LISTEN_PORT", 1234),
    "alert-server": ("ALERT_PORT", 50052),
    "api": ("API_PYTHON_GATEWAY_GATEWAY_SERVER_PORT", 25333),
}
_PREFIX = "dolphinscheduler-"


@dataclass(frozen=True)
class Server:
    """A container that runs a server.

    Attributes:
        container: The container.
        part: `master`, `worker`, `alert-server` or `api`.
        environment: Its variables.
    """

    container: Container
    part: str
    environment: Environment

    @property
    def rpc_port(self) -> int:
        """The port of its own protocol; 0 where it is not known."""
        variable, usual = _RPC[self.part]
        if variable not in self.environment.variables:
            return usual
        told = self.told(variable) or ""
        return int(told) if told.isdigit() else 0

    def told(self, name: str) -> str | None:
        """What a variable is set to; `None` where it is not, or only in a Secret."""
        found = self.environment.variables.get(name)
        return found.value if found else None


@remembered
def servers(release: Release) -> tuple[Server, ...]:
    """The servers of a release."""
    found = ((each, each.image.base.removeprefix(_PREFIX)) for each in release.containers if each.role == "container")
    named = ((each, part) for each, part in found if each.image.base.startswith(_PREFIX) and part in _RPC)
    return tuple(Server(each, part, environment(release, each)) for each, part in named)
