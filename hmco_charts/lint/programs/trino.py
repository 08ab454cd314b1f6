"""Trino's nodes: what their files tell them, and which catalogs they load.

Sources: trinodb/trino, `docs/src/main/sphinx/installation/deployment.md`, `security/secrets.md` and
`core/docker/bin/run-trino`; Trino 476 was run with each fault.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from hmco_charts.formats import properties
from hmco_charts.lint.programs.assignment import Assignment
from hmco_charts.objects import Container, Release, Text
from hmco_charts.objects.remembering import collected

_HEAP = re.compile(r"(?m)^-Xmx(\d+)([kKmMgG]?)\s*$")
_HEAP_UNITS = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(B|kB|MB|GB|TB|PB)")
_SIZE_UNITS = {"B": 1, "kB": 2**10, "MB": 2**20, "GB": 2**30, "TB": 2**40, "PB": 2**50}
_CONNECTOR = "connector.name"


class Setting(Assignment):
    """A property in a file of a node."""

    @property
    def bytes(self) -> int | None:
        """The size that it is, as Trino reads sizes; `None` where it is none."""
        found = _SIZE.fullmatch(self.value.strip())
        return int(float(found[1]) * _SIZE_UNITS[found[2]]) if found else None


@dataclass(frozen=True, eq=False)
class Node:
    """A container that runs Trino.

    Attributes:
        container: The container.
        files: Its files of properties, by path: `config.properties`, `catalog/lake.properties`.
        heap: The heap's greatest size in bytes, where `jvm.config` tells it.
    """

    container: Container
    files: Mapping[str, tuple[Setting, ...]]
    heap: int | None

    @cached_property
    def config(self) -> Mapping[str, Setting]:
        """The properties of `config.properties`."""
        return {each.name: each for each in self.files.get("config.properties", ())}

    @property
    def is_worker(self) -> bool:
        """Whether it is told to be no coordinator."""
        return "coordinator" in self.config and self.config["coordinator"].value.strip().lower() == "false"

    @property
    def environment(self) -> Setting | None:
        """The name of its cluster."""
        return next((each for each in self.files.get("node.properties", ()) if each.name == "node.environment"), None)

    @property
    def catalogs(self) -> Iterator[tuple[str, tuple[Setting, ...]]]:
        """Its catalogs by name, and their properties."""
        for path, settings in self.files.items():
            folder, _, file = path.rpartition("/")
            if folder == "catalog" and any(each.name == _CONNECTOR for each in settings):
                yield PurePosixPath(file).stem, settings

    @property
    def is_official(self) -> bool:
        """Whether the image is Trino's own, with its own plugins alone."""
        is_extended = any("/plugin" in str(mount.get("mountPath")) for mount in self.container.mounts)
        return self.container.image.repository.endswith("trinodb/trino") and not is_extended


@collected
def nodes(release: Release) -> Iterator[Node]:
    """The Trino nodes of a release whose `config.properties` is in the input."""
    for container in release.containers:
        if container.role == "container" and container.image.base == "trino":
            node = _node(release, container)
            if node.config:
                yield node


def _node(release: Release, container: Container) -> Node:
    mounted = {file.path: file.text for file in release.files(container)}
    folder = next(
        (path.removesuffix("config.properties") for path in mounted if path.endswith("/config.properties")), ""
    )
    inside = {path.removeprefix(folder): text for path, text in mounted.items() if folder and path.startswith(folder)}
    files = {path: tuple(_settings(text)) for path, text in inside.items() if path.endswith(".properties")}
    return Node(container, files, _heap(inside["jvm.config"]) if "jvm.config" in inside else None)


def _settings(text: Text) -> Iterator[Setting]:
    for entry in properties.read(text.value).entries:
        yield Setting(entry.key, str(entry.value), text, entry.start, entry.end)


def _heap(text: Text) -> int | None:
    found = _HEAP.findall(text.value)
    return int(found[-1][0]) * _HEAP_UNITS[found[-1][1].lower()] if found else None
