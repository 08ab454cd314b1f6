"""The kustomize that is installed, for what we do not apply ourselves."""

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hmco_charts.objects.kubernetes import KubernetesObject
from hmco_charts.yamlio import Path as Steps
from hmco_charts.yamlio import Span

_COMMANDS = (("kustomize", "build"), ("kubectl", "kustomize"))
_SECONDS = 60.0
_HASH = "-[2456789bcdfghkmt]{10}"  # kustomize's own alphabet


class KustomizeError(Exception):
    """kustomize did not build; the text says why."""


def installed() -> tuple[str, ...] | None:
    """The command that builds, where there is one."""
    return next((command for command in _COMMANDS if shutil.which(command[0])), None)


def build(command: Iterable[str], folder: Path) -> str:
    """The manifests of a kustomization.

    Raises:
        KustomizeError: There are none.
    """
    try:
        done = subprocess.run(  # noqa: S603 (kustomize itself, no shell)
            [*command, str(folder)], capture_output=True, timeout=_SECONDS, stdin=subprocess.DEVNULL, check=False
        )
    except subprocess.TimeoutExpired:
        raise KustomizeError(f"it took more than {_SECONDS:g} s") from None
    if done.returncode:
        raise KustomizeError(_reason(done.stderr.decode("utf-8", "replace")))
    return done.stdout.decode("utf-8", "replace")


def without_hashes(manifests: str, names: Iterable[str]) -> str:
    """The manifests with the names of generated objects as they are written: their hashes change with every value."""
    known = "|".join(re.escape(name) for name in names if name)
    return re.sub(rf"\b({known}){_HASH}\b", r"\1", manifests) if known else manifests


def _reason(text: str) -> str:
    """The last line that says something: kubectl puts an error of several lines between `err=<` and `>`."""
    lines = [line.strip() for line in text.splitlines() if not line.startswith(("#", "Warning", "warning"))]
    told = [line for line in lines if line.strip(">")]
    return told[-1].lstrip("`: ").removeprefix("error: ").removeprefix("Error: ") if told else "it gave no reason"


@dataclass(frozen=True, eq=False)
class BuiltObject(KubernetesObject):
    """An object that kustomize made.

    Attributes:
        source: The object as it is written, where there is one.
    """

    source: KubernetesObject | None = field(default=None, repr=False)

    def span(self, path: Steps = (), *, key: bool = False) -> Span:
        """The place of a value that stands in a file as kustomize gives it; else the kustomization."""
        source = self._same(path)
        return source.span(path, key=key) if source else self._kustomization

    def text_span(self, path: Steps, start: int, end: int) -> Span:
        """The place of the characters from `start` up to `end` of such a value; else the kustomization."""
        source = self._same(path)
        return source.text_span(path, start, end) if source else self._kustomization

    def _same(self, path: Steps) -> KubernetesObject | None:
        return self.source if self.source and (not path or self.source.at(path) == self.at(path)) else None

    @property
    def _kustomization(self) -> Span:
        return Span(self.file, 1, 1, 1, 1)


def joined(objects: Iterable[KubernetesObject], written: Iterable[KubernetesObject]) -> Iterator[BuiltObject]:
    """The objects that kustomize made, each with the one that it made it from."""
    sources = {(each.kind, each.name): each for each in written}
    for each in objects:
        yield BuiltObject(each.manifest, each.document, each.base, source=sources.get((each.kind, each.name)))
