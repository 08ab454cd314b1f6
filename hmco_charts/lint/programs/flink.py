"""Flink's processes, and what their configuration says.

Sources: apache/flink `docs/content/docs/deployment` (config, memory, HA, standalone/docker); apache/flink-docker
`docker-entrypoint.sh`; Flink 1.20.3 was run with each fault.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath

from hmco_charts import formats
from hmco_charts.lint.programs.command import commands
from hmco_charts.objects import Container, KubernetesObject, Release
from hmco_charts.objects.kubernetes import mapping, text
from hmco_charts.objects.remembering import remembered
from hmco_charts.yamlio import Span

PROPERTIES = "FLINK_PROPERTIES"
_FILES = ("config.yaml", "flink-conf.yaml")
_ROLES = {
    "jobmanager": ("jobmanager", "jobmanager.sh", "standalone-job", "standalone-job.sh"),
    "taskmanager": ("taskmanager", "taskmanager.sh"),
}
_LINE = re.compile(r"(?m)^[ \t]*(?P<key>[A-Za-z][\w.-]*)[ \t]*:[ \t]*(?P<value>.*?)[ \t]*$")
_SIZE = re.compile(r"(\d+)\s*(b|bytes|k|kb|kibibytes|m|mb|mebibytes|g|gb|gibibytes|t|tb|tebibytes)?", re.IGNORECASE)
_UNITS = {"b": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}


@dataclass(frozen=True)
class Setting:
    """A setting of Flink.

    Attributes:
        name: Its name, such as `taskmanager.memory.process.size`.
        value: What it is set to.
        object: The object that says it.
        place: Looks up the place of the value.
        locator: The place in the object.
        is_of_variable: Whether FLINK_PROPERTIES says it.
    """

    name: str
    value: str = field(repr=False)
    object: KubernetesObject
    place: Callable[[], Span]
    locator: str
    is_of_variable: bool = False

    @property
    def bytes(self) -> int | None:
        """The size that it is, as Flink reads sizes; `None` where it is none."""
        found = _SIZE.fullmatch(self.value.strip())
        return int(found[1]) * _UNITS[(found[2] or "b")[0].lower()] if found else None


@dataclass(frozen=True, eq=False)
class Process:
    """A job manager or task manager, or all those of a FlinkDeployment.

    Attributes:
        role: `jobmanager`, `taskmanager`, or empty for both.
        settings: What it is told.
        name: What it is called in messages.
        container: Its container; `None` where the operator makes it.
    """

    role: str
    settings: Mapping[str, Setting]
    name: str
    container: Container | None

    def first(self, *names: str) -> Setting | None:
        """The first of these settings that it is told."""
        return next((self.settings[name] for name in names if name in self.settings), None)


@remembered
def processes(release: Release) -> tuple[Process, ...]:
    """The processes of Flink whose configuration is in the input, in pods and in FlinkDeployments."""
    return (*_in_pods(release), *_in_resources(release))


def _in_pods(release: Release) -> Iterator[Process]:
    for container in release.containers:
        role = _role(release, container) if container.role == "container" and container.image.base == "flink" else ""
        settings = dict(_of_container(release, container)) if role else {}
        if settings:
            yield Process(role, settings, container.locator, container)


def _in_resources(release: Release) -> Iterator[Process]:
    for each in release.of_kind("FlinkDeployment"):
        settings = dict(_of_resource(each))
        if settings:
            yield Process("", settings, f"FlinkDeployment {each.name}", None)


def _role(release: Release, container: Container) -> str:
    words = {PurePosixPath(word).name for line in commands(release, container) for word in line}
    words |= set(container.args)
    return next((role for role, starts in _ROLES.items() if words & set(starts)), "")


def _of_container(release: Release, container: Container) -> Iterator[tuple[str, Setting]]:
    """The settings in its files, and over them those in FLINK_PROPERTIES."""
    for file in release.files(container):
        if PurePosixPath(file.path).name in _FILES:
            for entry in formats.read(file.text.value, file.path).entries:
                name = ".".join((*map(str, entry.path), entry.key))
                place, locator = partial(file.text.span, entry.start, entry.end), file.text.locator(entry.start)
                yield name, Setting(name, str(entry.value), file.text.object, place, locator)
    for variable in release.environment(container):
        if variable.name == PROPERTIES and variable.text:
            for line in _LINE.finditer(variable.text.value):
                place = partial(variable.text.span, *line.span("value"))
                locator = variable.text.locator(line.start("value"))
                yield (
                    line["key"],
                    Setting(line["key"], line["value"], variable.text.object, place, locator, is_of_variable=True),
                )


def _of_resource(resource: KubernetesObject) -> Iterator[tuple[str, Setting]]:
    for key, value in mapping(resource.at(("spec", "flinkConfiguration"))).items():
        if not isinstance(value, dict):
            path = ("spec", "flinkConfiguration", key)
            shown = value if isinstance(value, str) else text(value) or str(value)
            yield str(key), Setting(str(key), shown, resource, partial(resource.span, path), "/".join(map(str, path)))
