"""A chart of ours rendered by Helm, its objects as plain values, and their containers run on this machine."""

import copy
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from hmco_charts import helm, yamlio
from hmco_charts.generate import render, write

Manifest = dict[str, Any]


def chart(folder: Path, name: str, profile: str) -> Path:
    write(render(name, profile=profile), folder / profile)
    return folder / profile


def values(text: str) -> dict[str, Any]:
    (document,) = yamlio.read(text)
    found: dict[str, Any] = document.value
    return found


def objects(
    chart: Path, overlay: Mapping[str, Any] | None = None, *, name: str = "release", namespace: str = "apps"
) -> dict[str, Manifest]:
    """The release's objects by `Kind/name`."""
    manifests = helm.engine().render(chart, dict(overlay or {}), name=name, namespace=namespace, is_partial=True)
    documents = [
        document.value
        for path, text in manifests.items()
        if not path.endswith("NOTES.txt")
        for document in yamlio.read(text, path)
        if document.value
    ]
    found = {f"{one['kind']}/{one['metadata']['name']}": one for one in documents}
    assert len(found) == len(documents)
    return found


def pod_templates(objects: Mapping[str, Manifest]) -> Iterator[tuple[str, Manifest]]:
    """Every pod of the release, with the name of its object."""
    for name, one in objects.items():
        spec = one.get("spec", {})
        if one["kind"] == "Pod":
            yield name, one
        elif one["kind"] == "CronJob":
            yield name, spec["jobTemplate"]["spec"]["template"]
        elif "template" in spec and "metadata" in spec["template"]:
            yield name, spec["template"]


def containers(pod: Manifest) -> list[Manifest]:
    return [*pod["spec"].get("initContainers", []), *pod["spec"]["containers"]]


def environment(
    container: Manifest, secrets: Mapping[tuple[str, str], str], instead: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str]:
    """The container's variables, with what stands in Secrets by their name and key.

    `instead` are those that mean something else here, such as the address of a Service.
    """
    found = {
        one["name"]: one.get("value")
        or secrets[tuple(one["valueFrom"]["secretKeyRef"][key] for key in ("name", "key"))]
        for one in copy.deepcopy(container["env"])
        if one["name"] not in instead
    }
    return found | dict(instead)


def run(
    container: Manifest,
    *,
    secrets: Mapping[tuple[str, str], str],
    folders: Mapping[str, Path],
    path: Path,
    instead: Mapping[str, str] = MappingProxyType({}),
) -> "subprocess.CompletedProcess[str]":
    """The container's own command on this machine, with its environment and `folders` in place of its mounts."""
    words = [*container["command"], *container.get("args", [])]
    for mount, folder in folders.items():
        words = [word.replace(mount, str(folder)) for word in words]
    told = {"PATH": f"{path}:{os.environ['PATH']}", **environment(container, secrets, instead)}
    return subprocess.run(words, env=told, capture_output=True, text=True, check=False, timeout=60)
