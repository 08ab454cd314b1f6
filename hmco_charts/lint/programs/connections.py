"""Connection strings in the configuration of programs: settings of files and values of variables."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hmco_charts import formats
from hmco_charts.formats.link import Link, links
from hmco_charts.objects import Container, KubernetesObject, Release, Text
from hmco_charts.objects.dns import service_of
from hmco_charts.objects.remembering import remembered
from hmco_charts.yamlio import Path, Span


@dataclass(frozen=True)
class Connection:
    """A connection string where it stands.

    Attributes:
        text: The text that holds it.
        link: Its parts; offsets count in the setting's value.
        start: Offset of its setting's value in the text.
        end: Offset behind that value.
        is_literal: Whether the setting's value stands in the text as it is, without escapes.
    """

    text: Text
    link: Link
    start: int
    end: int
    is_literal: bool

    @property
    def span(self) -> Span:
        """Its place; that of the whole value where escapes hide the exact one."""
        if self.is_literal:
            return self.text.span(self.start + self.link.start, self.start + self.link.end)
        return self.text.span(self.start, self.end)

    @property
    def locator(self) -> str:
        """The place inside the object."""
        return self.text.locator(self.start)


@remembered
def connections(release: Release) -> tuple[Connection, ...]:
    """Every connection string in the files of ConfigMaps and Secrets and in literal variables."""
    files = (text for text in release.texts if text.value)
    variables = (each for container in release.containers for each in literal_variables(container))
    return tuple(found for text in (*files, *variables) for found in in_text(text))


@remembered
def _by_service(release: Release) -> Mapping[int, list[Connection]]:
    found: dict[int, list[Connection]] = defaultdict(list)
    for each in connections(release):
        if service := service_of(release, each.link.host, each.text.object):
            found[id(service)].append(each)
    return found


def to_service(release: Release, service: KubernetesObject) -> list[Connection]:
    """The connection strings that lead to a Service."""
    return _by_service(release).get(id(service), [])


def literal_variables(container: Container) -> Iterator[Text]:
    """The variables of a container whose value stands in the manifest."""
    for variable in container.environment:
        if variable.value:
            yield Text(container.pod.object, (*variable.path, "value"), variable.name, variable.value)


def in_text(text: Text) -> Iterator[Connection]:
    """The connection strings of a text: of each of its settings, or of a text of one line itself."""
    if "://" not in text.value and "host" not in text.value:
        return
    if "\n" not in text.value.strip():
        for link in links(text.value):
            yield Connection(text, link, 0, len(text.value), is_literal=True)
        return
    for entry in formats.read(text.value, text.name).entries:
        value = entry.value if isinstance(entry.value, str) else ""
        is_literal = text.value[entry.start : entry.end] == value
        for link in links(value):
            yield Connection(text, link, entry.start, entry.end, is_literal)


def users(release: Release, text: Text) -> list[Container]:
    """The containers that find a text in their files or their environment."""
    if text.object.kind not in ("ConfigMap", "Secret"):
        return [each for each in _of_object(release).get(text.object, ()) if text.path[: len(each.path)] == each.path]
    return [each for each, found in _finding(release).get((text.object, text.path), ()) if found == text]


@remembered
def _of_object(release: Release) -> Mapping[KubernetesObject, list[Container]]:
    return {pod.object: pod.containers for pod in release.pods}


@remembered
def _finding(release: Release) -> Mapping[tuple[KubernetesObject, Path], list[tuple[Container, Text]]]:
    """The containers that find a text of a ConfigMap or Secret, by its place; each once."""
    found: dict[tuple[KubernetesObject, Path], dict[Container, Text]] = defaultdict(dict)
    for container in release.containers:
        variables = (each.text for each in release.environment(container) if each.text)
        for text in (*variables, *(file.text for file in release.files(container))):
            found[text.object, text.path].setdefault(container, text)
    return {place: list(each.items()) for place, each in found.items()}
