"""Finds what the given paths hold: manifests and charts, and what of them could not be read."""

import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from hmco_charts.errors import DocumentError, HmcoChartsError, Location
from hmco_charts.objects.charts import RenderedTemplate, chart_of, render
from hmco_charts.objects.kubernetes import KubernetesObject, Place, items, unchanged
from hmco_charts.objects.release import Release
from hmco_charts.yamlio import Document, documents

STANDARD_INPUT = "-"
MAX_BYTES = 64 * 2**20
_SUFFIXES = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that could not be analysed, and why."""

    at: Location
    reason: str
    remedy: str = ""

    @classmethod
    def of(cls, error: HmcoChartsError, otherwise: str) -> "Unread":
        """What an error says, at its own place or else at `otherwise`."""
        return cls(error.at or Location(otherwise), error.what, error.remedy)


@dataclass(slots=True)
class Inputs:
    """What was read.

    Attributes:
        releases: The sets of objects that live together: all manifests, and each chart for itself.
        unread: What could not be analysed.
        foreign: How many documents were no Kubernetes objects.
    """

    releases: list[Release] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    foreign: int = 0


def read(
    paths: Iterable[str], *, values: Sequence[Path] = (), plain_http: bool = False, ca_file: Path | None = None
) -> Inputs:
    """Read manifests, folders, charts, chart archives, `oci://` references and `-` for standard input.

    Args:
        paths: What to read. A file of a chart stands for its chart; each chart is rendered once.
        values: Values files for the charts.
        plain_http: Whether registries speak HTTP without TLS.
        ca_file: Certificates (PEM) to trust in place of the system's.
    """
    return _Reader(partial(render, values=values, plain_http=plain_http, ca_file=ca_file)).read(paths)


class _Reader:
    def __init__(self, render_chart: Callable[[str], list[RenderedTemplate]]) -> None:
        self._render = render_chart
        self._inputs = Inputs()
        self._objects: list[KubernetesObject] = []
        self._values_documents: list[KubernetesObject] = []
        self._charts: dict[str, None] = {}
        self._files: dict[str, bool] = {}

    def read(self, paths: Iterable[str]) -> Inputs:
        for path in paths:
            self._sort(path)
        for file, is_given in self._files.items():
            self._manifests(file, is_given=is_given)
        if self._objects or self._values_documents:
            release = Release(tuple(self._objects), values=tuple(self._values_documents))
            self._inputs.releases.append(release)
        for chart in self._charts:
            self._chart(chart)
        return self._inputs

    def _sort(self, path: str) -> None:
        if path == STANDARD_INPUT:
            self._files[path] = True
        elif path.startswith("oci://") or path.endswith((".tgz", ".tar.gz")):
            self._charts[path] = None
        elif chart := chart_of(Path(path)):
            self._charts[str(chart)] = None
        elif Path(path).is_dir():
            self._folder(path)
        else:
            self._files[path] = True

    def _folder(self, path: str) -> None:
        for folder, folders, files in os.walk(path, onerror=self._unreadable):
            if "Chart.yaml" in files:
                self._charts[folder] = None
                folders.clear()
                continue
            folders[:] = sorted(each for each in folders if not each.startswith("."))
            for file in sorted(files):
                if file.endswith(_SUFFIXES):
                    self._files.setdefault(str(Path(folder, file)), False)

    def _unreadable(self, error: OSError) -> None:
        self._inputs.unread.append(Unread(Location(str(error.filename)), error.strerror or "cannot be read"))

    def _manifests(self, file: str, *, is_given: bool) -> None:
        name = "<stdin>" if file == STANDARD_INPUT else file
        try:
            text = _text(file, name)
        except HmcoChartsError as error:
            self._inputs.unread.append(Unread.of(error, name))
            return
        if not is_given and "kind" not in text and "server" not in text:
            self._inputs.foreign += 1
            return
        self._take(documents(text, name), unchanged)

    def _chart(self, chart: str) -> None:
        try:
            templates = self._render(chart)
        except HmcoChartsError as error:
            self._inputs.unread.append(Unread.of(error, chart))
            return
        self._objects = []
        for template in templates:
            self._take(documents(template.mapped.text, template.file), template.place)
        self._inputs.releases.append(Release(tuple(self._objects), chart))

    def _take(self, found: Iterable[Document | DocumentError], place: Place) -> None:
        for document in found:
            if isinstance(document, DocumentError):
                self._inputs.unread.append(Unread.of(document, ""))
            else:
                self._members(document, place)

    def _members(self, document: Document, place: Place) -> None:
        members = list(_objects(document, place))
        self._objects.extend(members)
        if members or document.value is None:
            return
        if isinstance(document.value, dict):
            self._inputs.foreign += 1
            self._values_documents.append(KubernetesObject(document.value, document, place=place))
        else:
            at = Location(document.file, document.line)
            self._inputs.unread.append(Unread(at, "not a Kubernetes object", "A manifest is a mapping with a kind."))


def _objects(document: Document, place: Place) -> Iterator[KubernetesObject]:
    pending: list[tuple[Any, tuple[str | int, ...]]] = [(document.value, ())]
    while pending:
        value, base = pending.pop(0)
        if not isinstance(value, dict) or not isinstance(value.get("kind"), str):
            continue
        if value["kind"].endswith("List") and isinstance(value.get("items"), list):
            members = [_member(value, item) for item in items(value["items"])]
            pending = [(item, (*base, "items", at)) for at, item in enumerate(members)] + pending
        else:
            yield KubernetesObject(value, document, base, place)


def _member(list_: dict[str, Any], item: Any) -> Any:
    """A list's item; of a `ConfigMapList` and its like, which may leave it out, with the kind of the list."""
    kind = list_["kind"].removesuffix("List")
    if not kind or not isinstance(item, dict) or "kind" in item:
        return item
    return {"apiVersion": list_.get("apiVersion"), "kind": kind, **item}


def _text(file: str, name: str) -> str:
    try:
        data = sys.stdin.buffer.read() if file == STANDARD_INPUT else _bytes(file)
    except OSError as error:
        raise DocumentError(error.strerror or "cannot be read", at=Location(name)) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DocumentError("not UTF-8 text", at=Location(name, line), remedy="Save the file as UTF-8.") from None


def _bytes(file: str) -> bytes:
    status = Path(file).stat()
    if not stat.S_ISREG(status.st_mode):
        raise DocumentError("not a regular file", at=Location(file))
    if status.st_size > MAX_BYTES:
        raise DocumentError(f"larger than {MAX_BYTES // 2**20} MiB", at=Location(file), remedy="Split the file.")
    return Path(file).read_bytes()
