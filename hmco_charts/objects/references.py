"""The objects that a pod needs by name before it can start."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hmco_charts.objects.kubernetes import items, mapping, text
from hmco_charts.objects.pod import Container, Pod
from hmco_charts.yamlio import Path


@dataclass(frozen=True, slots=True)
class Reference:
    """A name that stands for another object.

    Attributes:
        kind: The kind of that object.
        name: Its name.
        key: The key that must be in it; empty for the whole object.
        path: Where in the workload the name stands.
        key_path: Where the key stands.
        is_optional: Whether the pod also starts without it.
    """

    kind: str
    name: str
    key: str
    path: Path
    key_path: Path
    is_optional: bool


def references(pod: Pod) -> Iterator[Reference]:
    """Every reference of a pod: volumes, variables, image pull Secrets, service account, priority class."""
    for index, volume in enumerate(pod.volumes):
        yield from _volume(volume, (*pod.path, "volumes", index))
    for container in pod.containers:
        yield from _container(container)
    for index, entry in enumerate(items(pod.spec.get("imagePullSecrets"))):
        yield from _named("Secret", mapping(entry), "name", (*pod.path, "imagePullSecrets", index))
    yield from _named("ServiceAccount", pod.spec, "serviceAccountName", pod.path)
    yield from _named("PriorityClass", pod.spec, "priorityClassName", pod.path)


def _volume(volume: dict[str, Any], path: Path) -> Iterator[Reference]:
    claim = mapping(volume.get("persistentVolumeClaim"))
    yield from _named("PersistentVolumeClaim", claim, "claimName", (*path, "persistentVolumeClaim"))
    yield from _source(volume, path)
    for index, source in enumerate(items(mapping(volume.get("projected")).get("sources"))):
        yield from _source(mapping(source), (*path, "projected", "sources", index))


def _source(source: dict[str, Any], path: Path) -> Iterator[Reference]:
    """A ConfigMap or Secret with the keys that it must hold."""
    for field, kind in (("configMap", "ConfigMap"), ("secret", "Secret")):
        told, place = mapping(source.get(field)), (*path, field)
        name = "secretName" if "secretName" in told else "name"
        yield from _named(kind, told, name, place)
        for index, item in enumerate(items(told.get("items"))):
            at = (*place, "items", index, "key")
            key, is_optional = text(mapping(item).get("key")), told.get("optional") is True
            if key and told.get(name):
                yield Reference(kind, text(told.get(name)), key, (*place, name), at, is_optional)


def _container(container: Container) -> Iterator[Reference]:
    for index, source in enumerate(items(container.spec.get("envFrom"))):
        for field, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
            yield from _named(
                kind, mapping(mapping(source).get(field)), "name", (*container.path, "envFrom", index, field)
            )
    for variable in container.environment:
        for field, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
            told, path = mapping(variable.source.get(field)), (*variable.path, "valueFrom", field)
            name, key = text(told.get("name")), text(told.get("key"))
            if name:
                yield Reference(kind, name, key, (*path, "name"), (*path, "key"), told.get("optional") is True)


def _named(kind: str, holder: dict[str, Any], field: str, path: Path) -> Iterator[Reference]:
    name = text(holder.get(field))
    if name:
        yield Reference(kind, name, "", (*path, field), (), holder.get("optional") is True)
