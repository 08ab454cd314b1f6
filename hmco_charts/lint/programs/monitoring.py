"""Prometheus, Grafana, Loki and Promtail: which containers run them, and what they are told.

Sources: prometheus/prometheus `cmd/prometheus/main.go`, `Dockerfile`; grafana/loki `cmd/loki`, `clients/cmd/promtail`
and their Dockerfiles; grafana/grafana `packaging/docker/run.sh`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from hmco_charts.objects import Container, KubernetesObject, Pod, Release, Text
from hmco_charts.objects.kubernetes import items, mapping, text
from hmco_charts.objects.remembering import remembered
from hmco_charts.quantity import quantity
from hmco_charts.yamlio import Document, Path, Span, documents

_USUAL_FILES = {
    "prometheus": "/etc/prometheus/prometheus.yml",
    "loki": "/etc/loki/local-config.yaml",
    "promtail": "/etc/promtail/config.yml",
}
_GRAFANA = ("grafana", "grafana-oss", "grafana-enterprise")
_OPEN_SERVICES = ("NodePort", "LoadBalancer")
_ROUTES = ("Ingress", "HTTPRoute")


@dataclass(frozen=True)
class Flag:
    """An option of a command line.

    Attributes:
        value: What it is set to; empty where it only stands there.
        path: Where in the container.
    """

    value: str
    path: tuple[str, int]


@dataclass(frozen=True)
class Configuration:
    """A program's YAML file: its values, and their places."""

    text: Text
    document: Document

    def at(self, *path: str | int) -> Any:
        """The value at a path; `None` where there is none."""
        value: Any = self.document.value
        for step in path:
            if isinstance(value, dict) and isinstance(step, str):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return None
        return value

    def texts(self) -> Iterator[tuple[Path, str]]:
        """The strings of the file, and their paths."""
        pending: list[tuple[Path, Any]] = [((), self.document.value)]
        while pending:
            path, value = pending.pop(0)
            if isinstance(value, dict):
                pending += [((*path, str(key)), each) for key, each in value.items()]
            elif isinstance(value, list):
                pending += [((*path, index), each) for index, each in enumerate(value)]
            elif isinstance(value, str):
                yield path, value

    def start(self, path: Path, *, key: bool = False) -> int:
        """The offset in the text of the value at a path, or of its key."""
        return self._offset(self.document.span(path, key=key), at_end=False)

    def span(self, path: Path, *, key: bool = False) -> Span:
        """The place of the value at a path, or of its key."""
        inside = self.document.span(path, key=key)
        return self.text.span(self._offset(inside, at_end=False), self._offset(inside, at_end=True))

    def locator(self, path: Path) -> str:
        """The place inside the object."""
        return self.text.locator(self.start(path))

    def _offset(self, span: Span, *, at_end: bool) -> int:
        line, column = (span.end_line, span.end_column) if at_end else (span.line, span.column)
        return self._starts[min(line, len(self._starts)) - 1] + column - 1

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        for line in self.text.value.split("\n")[:-1]:
            starts.append(starts[-1] + len(line) + 1)
        return starts


@dataclass(frozen=True)
class Server:
    """A container that runs one of the programs.

    Attributes:
        container: The container.
        flags: Its options by name, without dashes; the last of a name counts.
        configuration: Its file; `None` where it is not in the input, or no YAML.
    """

    container: Container
    flags: dict[str, Flag]
    configuration: Configuration | None

    @property
    def pod(self) -> Pod:
        """Its pod."""
        return self.container.pod

    def is_on(self, flag: str) -> bool:
        """Whether a switch stands on the command line, and says yes."""
        return flag in self.flags and self.flags[flag].value in ("", "true")

    def span(self, flag: str) -> Span:
        """The place of an option."""
        return self.container.span(*self.flags[flag].path)


@remembered
def servers(release: Release, product: str) -> tuple[Server, ...]:
    """The containers of workloads that run a product: prometheus, grafana, loki or promtail."""
    return tuple(
        _server(release, each, product)
        for each in release.containers
        if each.role == "container" and _runs(each, product) and each.pod.object.kind not in ("Job", "CronJob")
    )


def _runs(container: Container, product: str) -> bool:
    return container.image.base in (_GRAFANA if product == "grafana" else (product,))


def _server(release: Release, container: Container, product: str) -> Server:
    flags = dict(_flags(container))
    told = flags.get("config.file")
    path = told.value if told else _USUAL_FILES.get(product, "")
    files = [each.text for each in release.files(container) if each.path == path]
    return Server(container, flags, _configuration(files[-1]) if files else None)


def _flags(container: Container) -> Iterator[tuple[str, Flag]]:
    for field, words in (("command", container.command), ("args", container.args)):
        for index, (word, following) in enumerate(zip(words, [*words[1:], ""], strict=False)):
            name, sign, value = word.lstrip("-").partition("=")
            if word.startswith("-") and name:
                given = value if sign else "" if following.startswith("-") else following
                yield name, Flag(given, (field, index))


@lru_cache(maxsize=64)
def _configuration(text: Text) -> Configuration | None:
    found = next((each for each in documents(text.value, text.name) if isinstance(each, Document)), None)
    return Configuration(text, found) if found and isinstance(found.value, dict) else None


def series(server: Server) -> str:
    """The folder of a Prometheus' series; empty for an agent, which keeps none."""
    features = server.flags.get("enable-feature")
    if "agent" in server.flags or (features and "agent" in features.value.split(",")):
        return ""
    told = server.flags.get("storage.tsdb.path")
    return told.value if told else "/prometheus"


@dataclass(frozen=True)
class Volume:
    """The volume that a folder lies in.

    Attributes:
        name: Its name in the pod.
        source: Its source as the pod says it; empty where a claim template makes it.
        size: Bytes that its claim asks for; `None` where they are not known.
        is_shared: Whether all pods of the workload have the same one.
    """

    name: str
    source: dict[str, Any]
    size: float | None
    is_shared: bool


def volume(release: Release, container: Container, folder: str) -> Volume | None:
    """The volume of a folder; `None` where it lies in none."""
    name, _ = container.in_volume(folder)
    mounts = [each for each in container.mounts if each.get("name") == name]
    is_shared = not any("subPathExpr" in each for each in mounts)
    for template in items(container.pod.object.at(("spec", "volumeClaimTemplates"))):
        if text(mapping(mapping(template).get("metadata")).get("name")) == name != "":
            return Volume(name, {}, _size(mapping(template)), is_shared=False)
    source = container.pod.volume(name)
    claim = text(mapping(source.get("persistentVolumeClaim")).get("claimName"))
    found = release.find("PersistentVolumeClaim", claim, container.pod.object) if claim else None
    return Volume(name, source, _size(found.manifest) if found else None, bool(claim) and is_shared) if source else None


def _size(claim: dict[str, Any]) -> float | None:
    return quantity(mapping(mapping(mapping(claim.get("spec")).get("resources")).get("requests")).get("storage"))


def entrance(release: Release, pod: Pod) -> KubernetesObject | None:
    """What lets the world outside the cluster reach a pod: a Service of the nodes, an Ingress or a route."""
    services = release.services(pod)
    for service in services:
        if text(service.at(("spec", "type"))) in _OPEN_SERVICES:
            return service
    names = {service.name for service in services}
    for route in release.of_kind(*_ROUTES):
        if names & set(_backends(route.manifest.get("spec"))):
            return route
    return None


def _backends(spec: Any) -> Iterator[str]:
    pending = [spec]
    while pending:
        each = pending.pop()
        pending += each.values() if isinstance(each, dict) else items(each)
        if isinstance(each, dict):
            yield text(mapping(each.get("service")).get("name"))
            yield from (text(mapping(one).get("name")) for one in items(each.get("backendRefs")))
