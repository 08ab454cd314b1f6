"""Pods and their containers, wherever a workload holds the template."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from hmco_charts.objects.image import Image
from hmco_charts.objects.kubernetes import KubernetesObject, items, mapping, text
from hmco_charts.objects.selector import labels_of
from hmco_charts.yamlio import Path, Span

_TEMPLATE_PATHS: tuple[Path, ...] = (
    ("spec", "template", "spec"),
    ("spec", "jobTemplate", "spec", "template", "spec"),
    ("template", "spec"),
    ("spec",),
)
_CONTAINER_FIELDS = {
    "initContainers": "initContainer",
    "containers": "container",
    "ephemeralContainers": "container",
}


@dataclass(frozen=True, eq=False)
class EnvironmentVariable:
    """An entry of a container's `env`."""

    name: str
    path: Path
    value: str | None = field(repr=False)
    source: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Container:
    """A container of a pod.

    Attributes:
        pod: The pod that runs it.
        path: Where in the object it stands.
        spec: The container as written.
        role: `container` or `initContainer`.
    """

    pod: "Pod" = field(repr=False)
    path: Path
    spec: dict[str, Any] = field(repr=False)
    role: str

    @cached_property
    def name(self) -> str:
        """The container's name."""
        return text(self.spec.get("name"))

    @property
    def locator(self) -> str:
        """The container as findings name it, such as `container/vault`."""
        return f"{self.role}/{self.name}"

    @cached_property
    def image(self) -> Image:
        """The container's image."""
        return Image.parse(text(self.spec.get("image")))

    @cached_property
    def command(self) -> list[str]:
        """The `command`; it replaces the image's entry point."""
        return [text(word) for word in items(self.spec.get("command"))]

    @cached_property
    def args(self) -> list[str]:
        """The `args`; they replace the image's default command."""
        return [text(word) for word in items(self.spec.get("args"))]

    @cached_property
    def environment(self) -> tuple[EnvironmentVariable, ...]:
        """The entries of `env`."""
        return tuple(self._variables())

    def _variables(self) -> Iterator[EnvironmentVariable]:
        for index, entry in enumerate(items(self.spec.get("env"))):
            variable = mapping(entry)
            value = variable.get("value")
            literal = None if value is None else text(value) if not isinstance(value, bool) else str(value).lower()
            path = (*self.path, "env", index)
            yield EnvironmentVariable(text(variable.get("name")), path, literal, mapping(variable.get("valueFrom")))

    @cached_property
    def mounts(self) -> list[dict[str, Any]]:
        """The entries of `volumeMounts`."""
        return [mapping(mount) for mount in items(self.spec.get("volumeMounts"))]

    def in_volume(self, path: str) -> tuple[str, PurePosixPath]:
        """The volume that a file lies in (empty if in none), and its path there."""
        file = PurePosixPath(path)
        nearest, found = "", ("", file)
        for mount in self.mounts:
            target = text(mount.get("mountPath"))
            if target and len(target) > len(nearest) and file.is_relative_to(target):
                inside = PurePosixPath("/", text(mount.get("subPath"))) / file.relative_to(target)
                nearest, found = target, (text(mount.get("name")), inside)
        return found

    @property
    def security_context(self) -> dict[str, Any]:
        """The container's own `securityContext`."""
        return mapping(self.spec.get("securityContext"))

    def security(self, setting: str) -> Any:
        """A security setting such as `runAsUser`: the container's own, else the pod's; `None` where neither has it."""
        own = self.security_context.get(setting)
        return self.pod.security_context.get(setting) if own is None else own

    @cached_property
    def ports(self) -> list[dict[str, Any]]:
        """The entries of `ports`."""
        return [mapping(port) for port in items(self.spec.get("ports"))]

    def has_capability(self, name: str) -> bool:
        """Whether the container itself may use the capability, named without `CAP_`."""
        if self.security_context.get("privileged") is True:
            return True
        added = items(mapping(self.security_context.get("capabilities")).get("add"))
        return bool({text(each).upper().removeprefix("CAP_") for each in added} & {name, "ALL"})

    def span(self, *path: str | int) -> Span:
        """The place of a part of the container; of its name, where no part is asked for and it has one."""
        own = ("name",) if self.name else ()
        return self.pod.object.span((*self.path, *(path or own)))


@dataclass(frozen=True, eq=False)
class Pod:
    """A pod or the template of one.

    Attributes:
        object: The workload that holds it.
        path: Where in the workload the pod's spec stands.
        spec: The pod's spec.
    """

    object: KubernetesObject
    path: Path
    spec: dict[str, Any] = field(repr=False)

    @cached_property
    def containers(self) -> list[Container]:
        """Every container in the order of starting: init containers first."""
        return [
            Container(self, (*self.path, group, index), mapping(spec), role)
            for group, role in _CONTAINER_FIELDS.items()
            for index, spec in enumerate(items(self.spec.get(group)))
        ]

    @property
    def metadata(self) -> dict[str, Any]:
        """The metadata of the template, or of the pod itself."""
        return mapping(self.object.at((*self.path[:-1], "metadata")))

    @cached_property
    def labels(self) -> dict[str, str]:
        """The labels of the pods."""
        return labels_of(self.metadata)

    @property
    def annotations(self) -> dict[str, str]:
        """The annotations of the pods."""
        return {str(key): text(value) for key, value in mapping(self.metadata.get("annotations")).items()}

    @property
    def security_context(self) -> dict[str, Any]:
        """The pod's `securityContext`."""
        return mapping(self.spec.get("securityContext"))

    @cached_property
    def volumes(self) -> list[dict[str, Any]]:
        """The entries of `volumes`."""
        return [mapping(volume) for volume in items(self.spec.get("volumes"))]

    def volume(self, name: str) -> dict[str, Any]:
        """The volume of that name; empty if there is none."""
        return next((volume for volume in self.volumes if volume.get("name") == name), {})


def pod(workload: KubernetesObject) -> Pod | None:
    """The pod that a workload runs; `None` for an object that runs none."""
    for path in _TEMPLATE_PATHS:
        spec = mapping(workload.at(path))
        if isinstance(spec.get("containers"), list):
            return Pod(workload, path, spec)
    return None
