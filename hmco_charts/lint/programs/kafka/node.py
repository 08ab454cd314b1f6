"""Containers that run a Kafka node, and its settings: a mounted file, and over it the environment."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from hmco_charts.formats import properties
from hmco_charts.lint.programs.command import commands, scripts
from hmco_charts.lint.programs.environment import environment
from hmco_charts.objects import Container, Release, Text
from hmco_charts.objects.remembering import collected
from hmco_charts.yamlio import Span

_APACHE, _CONFLUENT = ("kafka", "kafka-native"), ("cp-kafka", "cp-server")
_OTHERS = ("bitnami", "wurstmeister", "strimzi")
_FILE = "/mnt/shared/config/server.properties"
_OWN_SCRIPTS = ("/etc/kafka/docker/", "/etc/confluent/docker/", "/opt/bitnami/scripts/kafka/")
_OF_A_NODE = frozenset(
    ("process.roles", "node.id", "broker.id", "listeners", "advertised.listeners", "log.dirs", "zookeeper.connect")
)
_UNDERSCORES = {1: ".", 2: "_", 3: "-"}
_NOT_MAPPED = re.compile(
    r"KAFKA_(VERSION|HEAP_OPTS|LOG4J_.*|OPTS|JMX_.*|JVM_PERFORMANCE_OPTS|GC_LOG_OPTS|TOOLS_LOG4J_LOGLEVEL|HOME|USER|"
    r"CLUSTER_ID|CFG_.*)"
)


@dataclass(frozen=True)
class Setting:
    """A setting of a node.

    Attributes:
        name: Its name in `server.properties`.
        value: What it is set to; `None` where that is known on the cluster only.
        text: The text that sets it; `None` where it is not in the input.
        start: Offset of the value in the text.
        end: Offset behind it.
        variable: The environment variable that it comes from; empty for a file.
        key_start: Offset of its name in the text of a file.
        key_end: Offset behind it.
    """

    name: str
    value: str | None
    text: Text | None = None
    start: int = 0
    end: int = 0
    variable: str = ""
    key_start: int = 0
    key_end: int = 0

    @property
    def told(self) -> str:
        """The setting as its author wrote it."""
        return self.variable or self.name

    def span(self, otherwise: Container) -> Span:
        """The place of the value; the container's where it is not in the input."""
        return self.text.span(self.start, self.end) if self.text else otherwise.span()

    @property
    def name_span(self) -> Span | None:
        """The place of the name; `None` where it is not in the input."""
        if self.text is None:
            return None
        if self.text.path[-1:] == ("value",):
            return self.text.object.span((*self.text.path[:-1], "name"))
        return self.text.span(self.key_start, self.key_end) if self.key_end else self.text.object.span(self.text.path)

    @cached_property
    def fixed(self) -> str | None:
        """The value, where it is the same in every pod."""
        return None if self.value is None or "$" in self.value else self.value.strip()

    @property
    def number(self) -> int | None:
        """The value, where it is a whole number."""
        return int(self.fixed) if self.fixed and self.fixed.isdigit() else None


@dataclass(frozen=True, eq=False)
class Node:
    """A container that runs Kafka.

    Attributes:
        container: The container.
        settings: What it is told, by the names of `server.properties`.
        is_complete: Whether it is told nothing else.
        maps_environment: Whether its start makes settings of variables.
        has_file: Whether a file of settings is mounted.
    """

    container: Container
    settings: Mapping[str, Setting]
    is_complete: bool
    maps_environment: bool
    has_file: bool

    @property
    def roles(self) -> frozenset[str] | None:
        """`broker` and `controller`, as far as it is known; a node without `process.roles` is a broker of ZooKeeper."""
        if "process.roles" not in self.settings:
            return frozenset({"broker"}) if self.is_complete else None
        told = self.settings["process.roles"].fixed
        return None if told is None else frozenset(part.strip() for part in told.split(","))

    @property
    def is_controller_only(self) -> bool:
        """Whether it serves no clients."""
        return self.roles is not None and self.roles == frozenset({"controller"})

    @property
    def is_of_kafka(self) -> bool:
        """Whether the image is Apache's or Confluent's, whose defaults are those of the program."""
        image = self.container.image
        is_apache = image.base in _APACHE and not any(each in image.repository for each in _OTHERS)
        return is_apache or image.base in _CONFLUENT

    def fixed(self, name: str) -> str | None:
        """What a setting is in every pod; `None` where it is not set, or not known."""
        return self.settings[name].fixed if name in self.settings else None


@collected
def nodes(release: Release) -> Iterator[Node]:
    """The Kafka nodes of a release."""
    for container in release.containers:
        if container.role == "container" and container.image.base in (*_APACHE, *_CONFLUENT):
            node = _node(release, container)
            if node.settings.keys() & _OF_A_NODE:
                yield node


def _node(release: Release, container: Container) -> Node:
    said = [each.value for each in scripts(release, container)]
    words = " ".join([*said, *(word for words in commands(release, container) for word in words)])
    maps = not container.command or any(own in words for own in _OWN_SCRIPTS)
    in_file = {each.name: each for each in _in_files(release, container)}
    told = in_file | (dict(_in_environment(release, container)) if maps else {})
    may_have_file = bool(container.in_volume(_FILE)[0])
    is_complete = (
        maps and not said and environment(release, container).is_complete and (bool(in_file) or not may_have_file)
    )
    return Node(container, told, is_complete, maps, bool(in_file) or may_have_file)


def _in_files(release: Release, container: Container) -> Iterator[Setting]:
    for file in release.files(container):
        entries = properties.read(file.text.value).entries if file.path.endswith(".properties") else ()
        if {entry.key for entry in entries} & _OF_A_NODE:
            for entry in entries:
                yield Setting(
                    entry.key, str(entry.value), file.text, entry.start, entry.end, "", entry.key_start, entry.key_end
                )


def _in_environment(release: Release, container: Container) -> Iterator[tuple[str, Setting]]:
    prefix = "KAFKA_CFG_" if "bitnami" in container.image.repository else "KAFKA_"
    for variable, text in environment(release, container).variables.items():
        if variable.startswith(prefix) and (prefix != "KAFKA_" or not _NOT_MAPPED.fullmatch(variable)):
            name = re.sub(
                "_+", lambda run: _UNDERSCORES.get(len(run[0]), run[0]), variable.removeprefix(prefix).lower()
            )
            value = text.value if text else None
            yield name, Setting(name, value, text, 0, len(value or ""), variable)
