"""Who speaks HTTP to the ports of a container: probes, commands, scrapes, Ingresses and routes.

Sources: Kubernetes' API of probes, Services and Ingresses; prometheus-operator's ServiceMonitor and PodMonitor; the
annotations that prometheus-community's chart looks for.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hmco_charts.lint.programs import service_monitors
from hmco_charts.objects import Container, KubernetesObject, Release
from hmco_charts.objects.kubernetes import items, mapping, text
from hmco_charts.objects.release import same_namespace
from hmco_charts.objects.remembering import remembered
from hmco_charts.objects.selector import matches
from hmco_charts.yamlio import Path

PROBES = ("startupProbe", "livenessProbe", "readinessProbe")
_CLIENT = re.compile(r"\b(?:curl|wget)\b")
_OWN_HOST = re.compile(r"localhost|127\.0\.0\.1|\[::1\]|\$[({]?(?:HOSTNAME|POD_IP)[)}]?")
_URL = re.compile(r"(?:https?://|\s)(?P<host>\[::1\]|[\w.$(){}-]+):(?P<port>[0-9]{1,5})(?=[/?\s'\"]|$)")
_NUMBER = re.compile(r"[0-9]{1,5}")
_SCRAPE, _PORT = "prometheus.io/scrape", "prometheus.io/port"


@dataclass(frozen=True)
class Caller:
    """What sends HTTP to a port.

    Attributes:
        port: The container's port.
        what: Who sends, as the beginning of a sentence.
        object: The object that the user edits.
        path: Where in the object it names the port.
        locator: Where, in words.
        is_probe: Whether it is an `httpGet` probe of the container.
    """

    port: int
    what: str
    object: KubernetesObject
    path: Path
    locator: str
    is_probe: bool = False


def callers(release: Release, container: Container) -> Iterator[Caller]:
    """Everything in the release that speaks HTTP to a container."""
    for beside in container.pod.containers:
        yield from _probes(beside, container)
    yield from _commands(release, container)
    yield from _pod_annotations(container)
    yield from _pod_monitors(release, container)
    for service in release.services(container.pod):
        yield from _service_annotations(container, service)
        yield from _service_monitors(release, container, service)
        yield from _routes(release, container, service)


def number(container: Container, port: Any) -> int:
    """A port of the container by its number or its name; 0 where it has none of that name."""
    if isinstance(port, int):
        return port
    named = {text(each.get("name")): each.get("containerPort") for each in container.ports}
    found = int(port) if isinstance(port, str) and _NUMBER.fullmatch(port) else named.get(text(port))
    return found if isinstance(found, int) else 0


def _probes(asker: Container, container: Container) -> Iterator[Caller]:
    """The probes of a container of the pod: all ask the pod's address, where each container has its ports."""
    for probe in PROBES:
        asked = mapping(mapping(asker.spec.get(probe)).get("httpGet"))
        locator = f"{asker.locator}/{probe}"
        if asked:
            path = (*asker.path, probe, "httpGet", "port")
            port, is_own = number(asker, asked.get("port")), asker.path == container.path
            yield Caller(port, probe, asker.pod.object, path, locator, is_probe=is_own)
        words = [text(word) for word in items(mapping(mapping(asker.spec.get(probe)).get("exec")).get("command"))]
        for host, port in _asked(" ".join(words)):
            if _OWN_HOST.fullmatch(host):
                yield Caller(port, probe, asker.pod.object, (*asker.path, probe, "exec", "command"), locator)


def _commands(release: Release, container: Container) -> Iterator[Caller]:
    """What commands of containers ask: in the pod that they share, or through a Service."""
    for request in _requests(release).get(("", id(container.pod.object)), ()):
        yield request.caller(request.port)
    for service in release.services(container.pod):
        for request in _requests(release).get((service.name, service.namespace), ()):
            for port in _behind(container, service, request.port):
                yield request.caller(port)


@dataclass(frozen=True)
class _Request:
    """What a command asks by HTTP: its container, the place of the word in it, and the port."""

    asker: Container
    place: tuple[str, int]
    port: int

    def caller(self, port: int) -> Caller:
        locator = f"{self.asker.locator}/{self.place[0]}"
        return Caller(port, self.asker.locator, self.asker.pod.object, (*self.asker.path, *self.place), locator)


@remembered
def _requests(release: Release) -> Mapping[tuple[str, str | int], list[_Request]]:
    """The requests of commands by the Service and namespace that they name; those to their own pod by its object."""
    found: dict[tuple[str, str | int], list[_Request]] = defaultdict(list)
    for asker in release.containers:
        for place, words in (("command", asker.command), ("args", asker.args)):
            for index, word in enumerate(words):
                for host, port in _asked(word):
                    found[_asked_for(asker, host)].append(_Request(asker, (place, index), port))
    return found


def _asked_for(asker: Container, host: str) -> tuple[str, str | int]:
    if _OWN_HOST.fullmatch(host):
        return "", id(asker.pod.object)
    name, _, rest = host.partition(".")
    return name, rest.partition(".")[0] or asker.pod.object.namespace


def _asked(command: str) -> Iterator[tuple[str, int]]:
    """The hosts and ports that a command asks by HTTP."""
    if _CLIENT.search(command):
        yield from ((match["host"], int(match["port"])) for match in _URL.finditer(command))


def _pod_annotations(container: Container) -> Iterator[Caller]:
    pod = container.pod
    path: Path = (*pod.path[:-1], "metadata", "annotations")
    declared = [number(container, each.get("containerPort")) for each in container.ports]
    yield from _annotated(pod.object, path, pod.annotations, declared)


def _annotated(on: KubernetesObject, path: Path, annotations: dict[str, str], ports: list[int]) -> Iterator[Caller]:
    """Where no port is named, every port is scraped."""
    if annotations.get(_SCRAPE) != "true":
        return
    named = annotations.get(_PORT, "")
    place = (*path, _PORT if named else _SCRAPE)
    for port in [int(named)] if _NUMBER.fullmatch(named) else ports:
        yield Caller(port, f"`{_SCRAPE}`", on, place, f"annotations/{_SCRAPE}")


def _service_annotations(container: Container, service: KubernetesObject) -> Iterator[Caller]:
    ports = [number(container, _target(each)) for each in _ports(service)]
    yield from _annotated(service, ("metadata", "annotations"), service.annotations, ports)


def _pod_monitors(release: Release, container: Container) -> Iterator[Caller]:
    for monitor in release.of_kind("PodMonitor"):
        if matches(monitor.at(("spec", "selector")), container.pod.labels):
            for index, end in enumerate(items(monitor.at(("spec", "podMetricsEndpoints")))):
                path: Path = ("spec", "podMetricsEndpoints", index, "port")
                port = number(container, mapping(end).get("port"))
                yield Caller(port, f"PodMonitor {monitor.name}", monitor, path, "podMetricsEndpoints")


def _service_monitors(release: Release, container: Container, service: KubernetesObject) -> Iterator[Caller]:
    for monitor in service_monitors.selecting(release).get(service, ()):
        for index, end in enumerate(items(monitor.at(("spec", "endpoints")))):
            path: Path = ("spec", "endpoints", index, "port")
            for port in _behind(container, service, mapping(end).get("port")):
                yield Caller(port, f"ServiceMonitor {monitor.name}", monitor, path, "endpoints")


def _routes(release: Release, container: Container, service: KubernetesObject) -> Iterator[Caller]:
    for route, path, asked in _routed(release).get(service.name, ()):
        for port in _behind(container, service, asked) if same_namespace(route, service) else ():
            yield Caller(port, f"{route.kind} {route.name}", route, path, "rules")


@remembered
def _routed(release: Release) -> Mapping[str, list[tuple[KubernetesObject, Path, Any]]]:
    """Where Ingresses and routes name a Service, by its name: the object, the place and the port."""
    found: dict[str, list[tuple[KubernetesObject, Path, Any]]] = defaultdict(list)
    for route in release.of_kind("Ingress", "HTTPRoute"):
        for path, name, asked in _backends(route):
            found[name].append((route, path, asked))
    return found


def _backends(route: KubernetesObject) -> Iterator[tuple[Path, str, Any]]:
    for index, rule in enumerate(items(route.at(("spec", "rules")))):
        for at, each in enumerate(items(mapping(mapping(rule).get("http")).get("paths"))):
            service = mapping(mapping(mapping(each).get("backend")).get("service"))
            port = mapping(service.get("port"))
            path: Path = ("spec", "rules", index, "http", "paths", at, "backend", "service", "port")
            yield path, text(service.get("name")), port.get("name") or port.get("number")
        for at, each in enumerate(items(mapping(rule).get("backendRefs"))):
            reference = mapping(each)
            yield ("spec", "rules", index, "backendRefs", at), text(reference.get("name")), reference.get("port")


def _behind(container: Container, service: KubernetesObject, asked: Any) -> Iterator[int]:
    """The container's port behind one of a Service's, by name or number."""
    for each in _ports(service):
        if asked is not None and asked in (each.get("name"), each.get("port")):
            yield number(container, _target(each))


def _ports(service: KubernetesObject) -> list[dict[str, Any]]:
    return [mapping(each) for each in items(service.at(("spec", "ports")))]


def _target(port: dict[str, Any]) -> Any:
    return port.get("targetPort", port.get("port"))
