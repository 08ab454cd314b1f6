"""The containers that run a Vault or OpenBao server, and the configurations that it loads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from hmco_charts.formats import Entry, hcl
from hmco_charts.lint.programs.vault import operator
from hmco_charts.lint.programs.vault.configuration import chart_values, setting
from hmco_charts.lint.programs.vault.invocation import Invocation, invocations
from hmco_charts.lint.programs.vault.loading import Load, loads
from hmco_charts.lint.programs.vault.recognition import is_server_configuration
from hmco_charts.objects import Container, Release, Text, templates
from hmco_charts.objects.remembering import remembered

_PROSE = (".md", ".markdown", ".rst", ".adoc")


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


@remembered
def servers(release: Release) -> tuple[Server, ...]:
    """The Vault and OpenBao servers of a release."""
    return tuple(found for container in release.containers if (found := _server(release, container)))


@remembered
def configurations(release: Release) -> Mapping[Text, list[Server]]:
    """Every text of the input that is a server's configuration, and the servers that are known to read it."""
    found: dict[Text, list[Server]] = {text: [] for text in _told(release) if is_server_configuration(text.value)}
    for server in servers(release):
        for text in server.configurations:
            found.setdefault(text, []).append(server)
    return found


def _told(release: Release) -> Iterator[Text]:
    """The texts that may be configurations; those of templates that do not render hold more than one form of them."""
    sketches = {id(each) for each in release.fragments}
    texts = (text for text in release.texts if id(text.object) not in sketches)
    yield from (text for text in texts if _may_be_configuration(text))
    yield from chart_values(release)
    yield from operator.configurations(release)
    yield from (text for each in release.objects for text in templates(each) if _may_be_configuration(text))
    for container in release.containers:
        for variable in container.environment:
            if variable.value:
                text = Text(container.pod.object, (*variable.path, "value"), variable.name, variable.value)
                yield from [text] if _may_be_configuration(text) else []


def _may_be_configuration(text: Text) -> bool:
    return ("storage" in text.value or "backend" in text.value) and not text.name.lower().endswith(_PROSE)


def _server(release: Release, container: Container) -> Server | None:
    for invocation in invocations(release, container):
        if invocation.is_server:
            return Server(container, invocation, tuple(loads(release, container, invocation)))
    return None
