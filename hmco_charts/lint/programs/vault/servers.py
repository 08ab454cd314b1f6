"""The containers that run a Vault or OpenBao server, and the configurations that it loads."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from hmco_charts.formats import Entry, hcl
from hmco_charts.lint.programs.vault.configuration import setting
from hmco_charts.lint.programs.vault.invocation import Invocation, invocations
from hmco_charts.lint.programs.vault.loading import Load, loads
from hmco_charts.objects import Container, Release, Text


@dataclass(frozen=True, eq=False)
class Server:
    """A container that runs `vault server` or `bao server`.

    Attributes:
        container: The container.
        invocation: How it starts the server.
        loads: What the server reads, in its order.
    """

    container: Container
    invocation: Invocation
    loads: tuple[Load, ...]

    @property
    def product(self) -> str:
        """`vault` or `openbao`."""
        return self.invocation.product

    @property
    def is_dev(self) -> bool:
        """Whether it runs in development mode."""
        return self.invocation.is_dev

    @cached_property
    def configurations(self) -> tuple[Text, ...]:
        """The configurations that it loads, as far as they are in the input; each once."""
        texts = (file.text for load in self.loads for file in load.files)
        return tuple(dict.fromkeys(text for text in texts if text))

    @property
    def is_complete(self) -> bool:
        """Whether these are all."""
        return bool(self.configurations) and all(load.is_complete for load in self.loads)

    def setting(self, name: str) -> tuple[Text, Entry] | None:
        """The top-level setting of that name that counts: the last one that holds something."""
        found = [(text, entry) for text in self.configurations if (entry := setting(hcl.parse(text.value), name))]
        return next((each for each in reversed(found) if each[1].value not in ("", None)), None)


@lru_cache(maxsize=4)
def servers(release: Release) -> tuple[Server, ...]:
    """The Vault and OpenBao servers of a release."""
    return tuple(found for container in release.containers if (found := _server(release, container)))


def _server(release: Release, container: Container) -> Server | None:
    for invocation in invocations(release, container):
        if invocation.is_server:
            return Server(container, invocation, tuple(loads(release, container, invocation)))
    return None
