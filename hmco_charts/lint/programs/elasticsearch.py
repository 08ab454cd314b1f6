"""Elasticsearch and OpenSearch nodes and their settings.

Sources: elastic/elasticsearch `distribution/docker/src/docker/bin/docker-entrypoint.sh` (settings from the
environment and `-E`), `server/src/main/java/org/elasticsearch/bootstrap/BootstrapChecks.java`.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hmco_charts import formats
from hmco_charts.lint.programs.command import commands
from hmco_charts.lint.programs.environment import environment
from hmco_charts.objects import Container, Release, Text
from hmco_charts.objects.kubernetes import text
from hmco_charts.objects.remembering import collected

_IMAGES = ("elasticsearch", "elasticsearch-oss", "opensearch")
_FILES = ("elasticsearch.yml", "elasticsearch.yaml", "opensearch.yml", "opensearch.yaml")
_LOCKS = ("bootstrap.memory_lock", "bootstrap.mlockall")
_DISCOVERY = "discovery.type"
_PREFIX = "ES_SETTING_"


@dataclass(frozen=True)
class Value:
    """A value of a setting, or one of a list.

    Attributes:
        value: The value, lower case where it is true or false.
        text: The text that sets it; `None` on a command line.
        start: Offset of the value in the text.
        end: Offset behind it.
    """

    value: str
    text: Text | None = None
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Node:
    """A container that runs Elasticsearch or OpenSearch.

    Attributes:
        container: The container.
        settings: The values of each setting that is told; none where its value is only known at run time.
        is_complete: Whether the settings that are not told are the image's own.
    """

    container: Container
    settings: Mapping[str, tuple[Value, ...]]
    is_complete: bool

    @property
    def locks_memory(self) -> bool:
        """Whether `bootstrap.memory_lock` is true."""
        return any(self.fixed(name).lower() == "true" for name in _LOCKS)

    @property
    def is_single(self) -> bool:
        """Whether it forms a cluster alone, so that a failed bootstrap check is only a warning."""
        return self.fixed(_DISCOVERY) == "single-node"

    def fixed(self, name: str) -> str:
        """The value of a setting that has one; empty where it has none, or a list."""
        values = self.settings.get(name, ())
        return values[0].value if len(values) == 1 else ""


@collected
def nodes(release: Release) -> Iterator[Node]:
    """The Elasticsearch and OpenSearch nodes of a release."""
    for container in release.containers:
        if container.role == "container" and container.image.base in _IMAGES:
            settings: dict[str, tuple[Value, ...]] = {}
            for source in (_in_files, _in_environment, _on_command_line):
                settings |= source(release, container)
            yield Node(container, settings, _is_complete(release, container))


def _in_files(release: Release, container: Container) -> dict[str, tuple[Value, ...]]:
    found: dict[str, list[Value]] = defaultdict(list)
    for file in release.files(container):
        if file.path.rpartition("/")[2] in _FILES:
            for entry in formats.read(file.text.value, file.path).entries:
                value = str(entry.value).lower() if isinstance(entry.value, bool) else str(entry.value)
                found[".".join((*entry.path, entry.key))].append(Value(value, file.text, entry.start, entry.end))
    return {name: tuple(values) for name, values in found.items()}


def _in_environment(release: Release, container: Container) -> dict[str, tuple[Value, ...]]:
    return {
        _setting_name(variable.name): tuple(_listed(variable.text)) if variable.text else ()
        for variable in release.environment(container)
    }


def _listed(text: Text) -> Iterator[Value]:
    """The values between commas."""
    for match in re.finditer(r"[^,\s][^,]*", text.value):
        value = match[0].rstrip()
        yield Value(value, text, match.start(), match.start() + len(value))


def _on_command_line(release: Release, container: Container) -> dict[str, tuple[Value, ...]]:
    found: dict[str, tuple[Value, ...]] = {}
    for words in commands(release, container):
        for word, following in zip(words, [*words[1:], ""], strict=True):
            name, _, value = (following if word == "-E" else word.removeprefix("-E")).partition("=")
            found[name] = tuple(Value(each) for each in value.split(","))
    return found


def _is_complete(release: Release, container: Container) -> bool:
    """Whether the image's start script runs, with an environment and files that are in the input."""
    mounts = [text(mount.get("mountPath")).rstrip("/") for mount in container.mounts]
    configured = [path for path in mounts if path.endswith("/config") or path.endswith(_FILES)]
    told = [file for file in release.files(container) if file.path.rpartition("/")[2] in _FILES]
    is_known = environment(release, container).is_complete and (bool(told) or not configured)
    return is_known and not container.command


def _setting_name(variable: str) -> str:
    """Elasticsearch's own name of a setting given as `ES_SETTING_BOOTSTRAP_MEMORY__LOCK`, or as it is."""
    if not variable.startswith(_PREFIX):
        return variable
    words = variable.removeprefix(_PREFIX).lower().split("__")
    return "_".join(word.replace("_", ".") for word in words)
