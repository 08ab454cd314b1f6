"""A pod of a chart on this machine: its volumes are folders, and what names a mount names the folder instead."""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.charts.release import Manifest, containers

_GRACE = 20


@dataclass(frozen=True)
class Pod:
    """A pod whose containers run here.

    Attributes:
        objects: The objects of its release.
        template: The pod, or the template of one.
        root: The folder for its volumes.
        fields: What the downward API says: `metadata.name`, `limits.memory` …
        secrets: Values of Secrets by name and key.
        programs: A folder that comes first in PATH.
        variables: Variables beside those of its containers.
    """

    objects: Mapping[str, Manifest]
    template: Manifest
    root: Path
    fields: Mapping[str, str]
    programs: Path
    secrets: Mapping[tuple[str, str], str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)

    def container(self, name: str) -> Manifest:
        """The container of that name."""
        return next(one for one in containers(self.template) if one["name"] == name)

    def place(self) -> None:
        """Makes the volumes."""
        for volume in self.template["spec"]["volumes"]:
            folder = self.root / volume["name"]
            folder.mkdir(parents=True, exist_ok=True)
            for name, text in self._files(volume):
                (folder / name).write_text(self.placed(text, *containers(self.template)))
        for claim in self._claims():
            (self.root / claim).mkdir(parents=True, exist_ok=True)

    def placed(self, text: str, *seen_by: Manifest) -> str:
        """A text with folders of this machine in place of mounts."""
        mounts = {one["mountPath"]: one["name"] for each in seen_by for one in each["volumeMounts"]}
        either = "|".join(re.escape(path) for path in sorted(mounts, key=len, reverse=True))
        return re.sub(rf"(?<![\w./-])(?:{either})(?![\w.-])", lambda found: str(self.root / mounts[found[0]]), text)

    def run(self, name: str) -> "subprocess.CompletedProcess[str]":
        """A container that ends by itself."""
        return self.execute(name, [*self.container(name)["command"], *self.container(name).get("args", [])])

    def probe(self, name: str, probe: str) -> bool:
        """Whether a probe of a container succeeds."""
        return self.execute(name, self.container(name)[probe]["exec"]["command"]).returncode == 0

    def execute(self, name: str, words: list[str]) -> "subprocess.CompletedProcess[str]":
        """A command in a container."""
        container = self.container(name)
        return subprocess.run(
            [self.placed(word, container) for word in words],
            env=self._environment(container),
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    @contextmanager
    def running(self, name: str) -> Iterator["subprocess.Popen[bytes]"]:
        """A container that serves until it is told to stop; its output goes to `<name>.log` in the root."""
        container = self.container(name)
        words = [self.placed(word, container) for word in [*container["command"], *container.get("args", [])]]
        with (self.root / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(words, env=self._environment(container), cwd=self.root, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(_GRACE)
            finally:
                process.kill()

    def log(self, name: str) -> str:
        """What a container said."""
        return (self.root / f"{name}.log").read_text()

    def _environment(self, container: Manifest) -> dict[str, str]:
        told = {one["name"]: self._value(one) for one in container.get("env", [])}
        own = {name: self.placed(value, container) for name, value in told.items()}
        return {"PATH": f"{self.programs}:{os.environ['PATH']}", **own, **self.variables}

    def _value(self, variable: Mapping[str, Any]) -> str:
        source = variable.get("valueFrom", {})
        if "secretKeyRef" in source:
            return self.secrets[source["secretKeyRef"]["name"], source["secretKeyRef"]["key"]]
        if source:
            told = source.get("fieldRef") or source["resourceFieldRef"]
            return self.fields[told.get("fieldPath") or told["resource"]]
        return str(variable.get("value", ""))

    def _files(self, volume: Manifest) -> Iterator[tuple[str, str]]:
        sources = [volume, *volume.get("projected", {}).get("sources", [])]
        for source in sources:
            if "configMap" in source:
                yield from self.objects[f"ConfigMap/{source['configMap']['name']}"]["data"].items()
            if "secret" in source:
                told = source["secret"]
                name = told.get("secretName") or told["name"]
                yield from ((one["path"], self.secrets[name, one["key"]]) for one in told["items"])

    def _claims(self) -> Iterator[str]:
        for one in self.objects.values():
            if one.get("spec", {}).get("template") is self.template:
                yield from (claim["metadata"]["name"] for claim in one["spec"].get("volumeClaimTemplates", []))
