"""STO001: a program that writes where it cannot."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from hmco_charts.formats import shell
from hmco_charts.lint.finding import Confidence, Finding, Related, Severity
from hmco_charts.lint.programs.command import base, commands, scripts
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Release
from hmco_charts.objects.kubernetes import mapping, text

_READ_ONLY = ("configMap", "secret", "projected", "downwardAPI")
_CHANGES_ALL = ("chown", "chmod", "touch", "tee", "rm", "truncate", "mkdir")
_CHANGES_LAST = ("cp", "mv", "install", "ln")
_WRITTEN: Mapping[str, tuple[str, ...]] = {
    "flink": ("/opt/flink/conf",),
    "grafana": ("/var/lib/grafana", "/etc/grafana/provisioning/plugins"),
    "neo4j": ("/var/lib/neo4j/conf",),
    "kafka": ("/opt/kafka/config", "/mnt/shared/config"),
    "cp-kafka": ("/etc/kafka",),
    "cp-schema-registry": ("/etc/schema-registry",),
}
_GOES_ON = frozenset({"flink"})
"""Images whose start script goes on where it cannot write, and leaves the file as it is."""


class WriteToReadOnlyMount(Rule):
    """Reports scripts and images that write to ConfigMaps, Secrets and read-only mounts."""

    id = "STO001"
    name = "write-to-read-only-mount"
    title = "A program that writes to a read-only mount"
    why = (
        "The files of a ConfigMap or Secret cannot be changed or given to another owner: `chown` and `sed -i` fail"
        " with 'Read-only file system', and a script with `set -e` ends there."
    )
    remedy = "Copy the files to an emptyDir in an init container, and let the program write there."
    source = "https://kubernetes.io/docs/concepts/storage/volumes/#configmap"

    def check(self, release: Release) -> Iterator[Finding]:
        """The commands of containers, and the folders that known images write, on mounts that cannot be written."""
        for container in release.containers:
            seen: set[str] = set()
            for command, path in _changes(release, container):
                mount = _read_only_mount(container, path)
                if mount and path not in seen:
                    seen.add(path)
                    yield self._command(container, command, path, mount)
            yield from self._image(container)

    def _command(self, container: Container, command: str, path: str, mount: str) -> Finding:
        return self.finding(
            f"{container.locator} runs `{base(command)}` on {path}, but {mount} cannot be written.",
            on=container.pod.object,
            span=container.span(),
            locator=container.locator,
            subject=f"{container.locator}#{path}",
            related=(_place(container, mount),),
        )

    def _image(self, container: Container) -> Iterator[Finding]:
        for folder in _WRITTEN.get(container.image.base, ()) if not container.command else ():
            mount = _read_only_mount(container, folder)
            if mount == folder:
                yield self.finding(
                    f"The image of {container.locator} writes to {folder}, but the mount there cannot be written.",
                    on=container.pod.object,
                    span=container.span(),
                    locator=container.locator,
                    subject=f"{container.locator}#{folder}",
                    severity=Severity.INFO if container.image.base in _GOES_ON else Severity.WARNING,
                    confidence=Confidence.MEDIUM,
                    related=(_place(container, mount),),
                )


def _changes(release: Release, container: Container) -> Iterator[tuple[str, str]]:
    """The commands of a container that change files, each with a file."""
    for words in commands(release, container):
        yield from ((words[0], path) for path in _written(words))
    for script in scripts(release, container):
        for each in shell.commands(script.value):
            if each.words and each.target.startswith("/"):
                yield each.words[0].text, each.target


def _written(words: list[str]) -> Iterator[str]:
    """The files that a command changes."""
    command = base(words[0]) if words else ""
    places = [word for word in words[1:] if word.startswith("/")]
    if command in _CHANGES_ALL or (command == "sed" and any(_is_in_place(word) for word in words[1:])):
        yield from places
    elif command in _CHANGES_LAST and places and words[-1] == places[-1]:
        yield places[-1]


def _is_in_place(word: str) -> bool:
    return word.startswith("--in-place") or bool(re.fullmatch(r"-[a-zA-Z]*i.*", word))


def _read_only_mount(container: Container, path: str) -> str:
    """The mount point that keeps a path from being written; empty where none does."""
    file, nearest, found = PurePosixPath(path), "", ""
    for mount in container.mounts:
        target = text(mount.get("mountPath")).rstrip("/")
        if target and len(target) > len(nearest) and file.is_relative_to(target):
            volume = container.pod.volume(text(mount.get("name")))
            is_read_only = mount.get("readOnly") is True or any(kind in volume for kind in _READ_ONLY)
            nearest, found = target, target if is_read_only else ""
    return found


def _place(container: Container, mount: str) -> Related:
    for index, each in enumerate(container.mounts):
        if text(mapping(each).get("mountPath")).rstrip("/") == mount:
            path = (*container.path, "volumeMounts", index)
            return Related("object", container.pod.object.span(path), f"the mount {mount}")
    return Related("object", container.span(), container.locator)
