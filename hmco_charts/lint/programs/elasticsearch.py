"""Elasticsearch and OpenSearch nodes: whether one locks its memory, and whether it forms a cluster alone.

Sources: elastic/elasticsearch `distribution/docker/src/docker/bin/docker-entrypoint.sh` (settings from the
environment and `-E`), `server/src/main/java/org/elasticsearch/bootstrap/BootstrapChecks.java`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from hmco_charts import formats
from hmco_charts.lint.programs.command import commands
from hmco_charts.objects import Container, Release

_IMAGES = ("elasticsearch", "elasticsearch-oss", "opensearch")
_FILES = ("elasticsearch.yml", "elasticsearch.yaml", "opensearch.yml", "opensearch.yaml")
_LOCKS = ("bootstrap.memory_lock", "bootstrap.mlockall")
_DISCOVERY = "discovery.type"
_PREFIX = "ES_SETTING_"


@dataclass(frozen=True)
class Node:
    """A container that runs Elasticsearch or OpenSearch.

    Attributes:
        container: The container.
        locks_memory: Whether `bootstrap.memory_lock` is true.
        is_single: Whether it forms a cluster alone, so that a failed bootstrap check is only a warning.
    """

    container: Container
    locks_memory: bool
    is_single: bool


def nodes(release: Release) -> Iterator[Node]:
    """The Elasticsearch and OpenSearch nodes of a release."""
    for container in release.containers:
        if container.role == "container" and container.image.base in _IMAGES:
            settings = dict(_settings(release, container))
            locks = any(settings.get(name, "").lower() == "true" for name in _LOCKS)
            yield Node(container, locks, settings.get(_DISCOVERY) == "single-node")


def _settings(release: Release, container: Container) -> Iterator[tuple[str, str]]:
    """The node's settings, weakest first: file, environment, command line."""
    for file in release.files(container):
        if file.path.rpartition("/")[2] in _FILES:
            for entry in formats.read(file.text.value, file.path).entries:
                value = str(entry.value).lower() if isinstance(entry.value, bool) else str(entry.value)
                yield ".".join((*entry.path, entry.key)), value
    for variable in release.environment(container):
        if variable.text is not None:
            yield _setting_name(variable.name), variable.text.value.strip()
    for words in commands(release, container):
        for word, following in zip(words, [*words[1:], ""], strict=True):
            name, _, value = (following if word == "-E" else word.removeprefix("-E")).partition("=")
            yield name, value


def _setting_name(variable: str) -> str:
    """Elasticsearch's own name of a setting given as `ES_SETTING_BOOTSTRAP_MEMORY__LOCK`, or as it is."""
    if not variable.startswith(_PREFIX):
        return variable
    words = variable.removeprefix(_PREFIX).lower().split("__")
    return "_".join(word.replace("_", ".") for word in words)
