"""Containers that run ZooKeeper, what they are told, and the members that they know."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hmco_charts.formats import properties
from hmco_charts.lint.programs.assignment import Assignment
from hmco_charts.lint.programs.command import commands, scripts
from hmco_charts.lint.programs.environment import environment
from hmco_charts.objects import Container, Release, Text
from hmco_charts.objects.remembering import collected
from hmco_charts.yamlio import Span

_FOLDERS = ("/conf/", "/opt/zookeeper/conf/", "/apache-zookeeper")
_MEMBER = re.compile(r"server\.(?P<id>\d+)(?P<equals>\s*=\s*)(?P<address>[^\s;]+)(?P<client>;\S*)?")
_PORT = re.compile(r"(\d+)$")


@dataclass(frozen=True)
class Key(Assignment):
    """A key of `zoo.cfg`; its own offsets stand beside those of the value."""

    key_start: int
    key_end: int


@dataclass(frozen=True)
class Member:
    """A server that a configuration lists.

    Attributes:
        id: Its number, as in `myid`.
        client_port: The port for clients; `None` where the entry has none.
        text: The text that lists it.
        start: Offset of the entry in the text.
        end: Offset behind it.
    """

    id: int
    client_port: int | None
    text: Text
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Server:
    """A container that runs ZooKeeper.

    Attributes:
        container: The container.
        keys: What a mounted `zoo.cfg` says; empty where there is none in the input.
        has_file: Whether something is mounted in its place.
        variables: The texts of variables; `None` where a value is known on the cluster only.
        is_complete: Whether it has no variables but these.
        said: The scripts and words that it starts with.
    """

    container: Container
    keys: Mapping[str, Key]
    has_file: bool
    variables: Mapping[str, Text | None]
    is_complete: bool
    said: str

    @property
    def is_official(self) -> bool:
        """Whether the image is the one of Docker's library, whose start script is known."""
        return self.container.image.repository.removeprefix("docker.io/").removeprefix("library/") == "zookeeper"

    @property
    def runs_entrypoint(self) -> bool:
        """Whether the image's start script makes `zoo.cfg` and `myid`."""
        return not self.container.command or "docker-entrypoint.sh" in self.said

    @property
    def members(self) -> tuple[Member, ...]:
        """The servers that `zoo.cfg`, or else `ZOO_SERVERS`, lists."""
        if self.keys:
            return tuple(_of_file(self.keys))
        text = self.variables.get("ZOO_SERVERS")
        return tuple(_of_variable(text)) if text else ()

    def told(self, key: str, variable: str) -> tuple[str, Span] | None:
        """What `zoo.cfg` says of a key, or the variable where the start script writes the file; `None` for neither."""
        if self.keys or self.has_file:
            found = self.keys.get(key)
            return (found.value.strip(), found.span) if found else None
        text = self.variables.get(variable) if self.runs_entrypoint else None
        return (text.value.strip(), text.span(0, len(text.value))) if text else None


@collected
def servers(release: Release) -> Iterator[Server]:
    """The ZooKeeper servers of a release."""
    for container in release.containers:
        if container.role == "container" and container.image.base in ("zookeeper", "cp-zookeeper"):
            yield _server(release, container)


def _server(release: Release, container: Container) -> Server:
    found = environment(release, container)
    words = [word for words in commands(release, container) for word in words]
    said = " ".join([*(each.value for each in scripts(release, container)), *words])
    has_file = any(container.in_volume(f"{folder.rstrip('/')}/zoo.cfg")[0] for folder in _FOLDERS)
    return Server(container, _keys(release, container), has_file, found.variables, found.is_complete, said)


def _keys(release: Release, container: Container) -> dict[str, Key]:
    return {
        entry.key: Key(entry.key, str(entry.value), file.text, entry.start, entry.end, entry.key_start, entry.key_end)
        for file in release.files(container)
        if file.path.rpartition("/")[2] in ("zoo.cfg", "zookeeper.properties")
        for entry in properties.read(file.text.value).entries
    }


def _of_file(keys: Mapping[str, Key]) -> Iterator[Member]:
    for name, key in keys.items():
        number = name.removeprefix("server.")
        if number.isdigit() and number != name:
            client = key.value.partition(";")[2].strip()
            yield Member(int(number), _port(client), key.text, key.key_start, key.end)


def _of_variable(text: Text) -> Iterator[Member]:
    for found in _MEMBER.finditer(text.value):
        yield Member(int(found["id"]), _port((found["client"] or "").lstrip(";")), text, *found.span())


def _port(client: str) -> int | None:
    found = _PORT.search(client)
    return int(found[1]) if found else None
