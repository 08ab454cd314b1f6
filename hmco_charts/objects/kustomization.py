"""Kustomizations: folders whose `kustomization.yaml` names the objects and what is done to them.

Namespace, names, labels and generators are applied here. What else a kustomization may ask for is left to kustomize,
where it is installed; where it is not, the objects are given as they are written, and what was not applied is told.

Source: kustomize `api/types/kustomization.go`, `api/internal/target`.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from hmco_charts.errors import DocumentError, Location
from hmco_charts.inputs import content
from hmco_charts.inputs.paths import KUSTOMIZATIONS
from hmco_charts.objects import generated, kustomize, overlay
from hmco_charts.objects.embedded import Values
from hmco_charts.objects.generated import GeneratedObject
from hmco_charts.objects.kubernetes import KubernetesObject, items, mapping, text
from hmco_charts.objects.manifests import Found, Unread
from hmco_charts.yamlio import Document, documents
from hmco_charts.yamlio import Path as Steps

_FLUX = "kustomize.toolkit.fluxcd.io/"  # has a resource of the same kind
_LEFT_TO_KUSTOMIZE = (
    *("patches", "patchesStrategicMerge", "patchesJson6902", "components", "helmCharts", "helmChartInflationGenerator"),
    *("replacements", "vars", "images", "replicas", "transformers", "generators"),
)
_RESOURCES = ("resources", "bases", "components")
_LISTS = (*_RESOURCES, *generated.GENERATORS)
_FILES = {
    **dict.fromkeys(("patches", "patchesStrategicMerge", "patchesJson6902", "replacements"), "path"),
    **dict.fromkeys(("transformers", "generators", "configurations", "crds", "validators"), "path"),
    "helmCharts": "valuesFile",
}
"""The lists that name files, and in which key where an entry is no name itself."""
_REMOTE = ("://", "git@", "?ref=", "github.com", "gitlab.com", "bitbucket.org")

_REMOTE_REMEDY = "Put a copy beside the kustomization, or lint what `kustomize build` gives."
_OUTSIDE = "kustomize reads no file outside of its folder"
_OUTSIDE_REMEDY = "Move the file, or name a folder with a kustomization of its own."
_LEFT_REMEDY = "Install kustomize or kubectl, or lint what `kustomize build` gives."

ReadFile = Callable[[str], Found]


@dataclass
class Kustomization:
    """What a kustomization's own files say.

    Attributes:
        folder: Its folder as the user named it.
        objects: Its objects, with the namespace, names and labels that it gives them.
        values: Mappings among its resources that are no objects.
        inline: Values for charts inside its objects.
        unread: What could not be read.
        left: What only kustomize can do, where it is asked for.
        is_remote: Whether it needs files of another machine.
        files: The files that it is made from, resolved.
        folders: The folders of the kustomizations that it is made of, resolved.
    """

    folder: str
    objects: list[KubernetesObject] = field(default_factory=list)
    values: list[Values] = field(default_factory=list)
    inline: list[Values] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    left: list[Unread] = field(default_factory=list)
    is_remote: bool = False
    files: set[Path] = field(default_factory=set)
    folders: set[Path] = field(default_factory=set)


def file_of(folder: Path) -> Path | None:
    """The kustomization file of a folder."""
    return next((folder / name for name in sorted(KUSTOMIZATIONS) if (folder / name).is_file()), None)


@dataclass(frozen=True)
class Kustomizations:
    """What several kustomizations say.

    Attributes:
        tops: Those that are no part of another, each with whether no other top uses its files.
        files: The files that all are made from, resolved.
    """

    tops: tuple[tuple[Kustomization, bool], ...]
    files: set[Path]


def read_all(folders: Iterable[str]) -> Kustomizations:
    """What the kustomizations of some folders, and those that they name, say."""
    read_file = lru_cache(maxsize=None)(_manifests)
    all_ = [_read(folder, read_file) for folder in folders]
    tops: list[Kustomization] = []
    parts = {part for each in all_ for part in each.folders - {Path(each.folder).resolve()}}
    free_first = sorted(all_, key=lambda each: Path(each.folder).resolve() in parts)
    for each in free_first:  # in a circle all are part of another
        if not any(Path(each.folder).resolve() in top.folders for top in tops):
            tops.append(each)
    users = Counter(file for each in tops for file in each.files)
    return Kustomizations(
        tuple((each, all(users[file] == 1 for file in each.files)) for each in tops),
        {file for each in all_ for file in each.files},
    )


def _read(folder: str, read_file: ReadFile) -> Kustomization:
    found = Kustomization(folder)
    found.objects = _Reader(found, read_file).folder(folder)
    return found


def _manifests(file: str) -> Found:
    found = Found()
    try:
        found.take(documents(content.read(file, file), file))
    except DocumentError as error:
        found.unread.append(Unread.of(error, file))
    return found


def build(found: Kustomization) -> Found:
    """The objects of a kustomization: as kustomize makes them where it must, else as they are written."""
    result = Found(found.objects, found.values, found.inline, found.unread)
    command = kustomize.installed()
    if not found.left or found.is_remote or not command:
        result.unread.extend(found.left)
        return result
    try:
        text_ = kustomize.build(command, Path(found.folder))
    except kustomize.KustomizeError as error:
        result.unread.extend(Unread(each.at, f"kustomize cannot build this: {error}") for each in found.left[:1])
        return result
    made = Found()
    generated_names = [each.name for each in found.objects if isinstance(each, GeneratedObject)]
    made.take(documents(kustomize.without_hashes(text_, generated_names), str(file_of(Path(found.folder)))))
    objects: list[KubernetesObject] = list(kustomize.joined(made.objects, found.objects))
    return Found(objects, found.values, found.inline, [*found.unread, *made.unread])


@dataclass(frozen=True)
class _Entry:
    """A file or folder that a kustomization names."""

    folder: str
    document: Document
    path: Steps
    name: str

    @property
    def place(self) -> Path:
        return Path(os.path.normpath(Path(self.folder, self.name)))

    @property
    def at(self) -> Location:
        return _at(self.document, self.path)


class _Reader:
    def __init__(self, found: Kustomization, read_file: ReadFile) -> None:
        self._found = found
        self._read_file = read_file
        self._open: list[Path] = []

    def folder(self, folder: str) -> list[KubernetesObject]:
        """The objects of a folder's kustomization."""
        real = Path(folder).resolve()
        self._found.folders.add(real)
        document = self._document(folder)
        if document is None:
            return []
        if text(mapping(document.value).get("apiVersion")).startswith(_FLUX):
            return self._read_file(document.file).objects
        self._open.append(real)
        objects = [each for entry in _entries(folder, document, _RESOURCES) for each in self._resource(entry)]
        self._generate(folder, document, objects)
        self._remember(folder, document)
        self._open.pop()
        return overlay.transformed(objects, mapping(document.value))

    def _document(self, folder: str) -> Document | None:
        file = file_of(Path(folder))
        if file is None:
            self._tell(Location(folder), "this folder has no kustomization.yaml")
            return None
        self._found.files.add(file.resolve())
        try:
            found = next(documents(content.read(str(file), str(file)), str(file)), None)
        except DocumentError as error:
            found = error
        if isinstance(found, DocumentError):
            self._found.unread.append(Unread.of(found, str(file)))
            return None
        if found is None or not isinstance(found.value, dict):
            self._tell(Location(str(file)), "this kustomization is no mapping", "Name its resources.")
            return None
        for key in _LISTS:
            if not isinstance(found.value.get(key), (list, type(None))):
                self._tell(_at(found, (key,)), f"`{key}` is no list", "Write each entry after a `- `.")
        return found

    def _tell(self, at: Location, reason: str, remedy: str = "") -> None:
        self._found.unread.append(Unread(at, reason, remedy))

    def _resource(self, entry: _Entry) -> list[KubernetesObject]:
        try:
            return self._of_place(entry, entry.place)
        except (OSError, ValueError) as error:  # a name that no file can have
            self._tell(entry.at, getattr(error, "strerror", None) or "no such file or folder")
            return []

    def _of_place(self, entry: _Entry, place: Path) -> list[KubernetesObject]:
        if not entry.name:
            self._tell(entry.at, "this is no name of a file or folder")
            return []
        if place.is_dir():
            return self._base(entry)
        if not place.exists() and any(sign in entry.name for sign in _REMOTE):
            self._found.is_remote = True
            self._tell(entry.at, "a resource of another machine was not read", _REMOTE_REMEDY)
            return []
        if not _is_inside(place, entry.folder):
            self._tell(entry.at, _OUTSIDE, _OUTSIDE_REMEDY)
            return []
        self._found.files.add(place.resolve())
        found = self._read_file(str(place))
        self._found.values.extend(found.values)
        self._found.inline.extend(found.inline)
        self._found.unread.extend(found.unread)
        return found.objects

    def _base(self, entry: _Entry) -> list[KubernetesObject]:
        real = entry.place.resolve()
        if real in self._open:
            self._tell(entry.at, "this kustomization is part of itself", "Break the circle.")
            return []
        return [] if real in self._found.folders else self.folder(str(entry.place))

    def _generate(self, folder: str, document: Document, objects: list[KubernetesObject]) -> None:
        for made in generated.generate(document, partial(self._load, folder), folder):
            if isinstance(made, DocumentError):
                self._found.unread.append(Unread.of(made, folder))
            else:
                _add(objects, *made)

    def _load(self, folder: str, name: str) -> bytes:
        path = Path(os.path.normpath(Path(folder, name)))
        if not name.isprintable() or not _is_inside(path, folder):
            raise DocumentError(_OUTSIDE, at=Location(str(path)), remedy=_OUTSIDE_REMEDY)
        self._found.files.add(path.resolve())
        return content.read_bytes(str(path), str(path))

    def _remember(self, folder: str, document: Document) -> None:
        """Note what is left to kustomize, and the files that are no objects of their own."""
        told = mapping(document.value)
        self._found.files.update(Path(folder, name).resolve() for name in _named(told) if name.isprintable())
        for at, chart in enumerate(map(mapping, items(told.get("helmCharts")))):
            self._found.values.extend(self._given(folder, document, at, chart))
        if left := [key for key in _LEFT_TO_KUSTOMIZE if told.get(key)]:
            what = f"not applied, since no kustomize is installed: {', '.join(left)}; the files are analysed as written"
            self._found.left.append(Unread(_at(document, (left[0],), key=True), what, _LEFT_REMEDY))

    def _given(self, folder: str, document: Document, at: int, chart: dict[str, Any]) -> Iterator[Values]:
        """The values that the kustomization gives to a chart: those in it, and those of the files beside it."""
        name, inline = text(chart.get("name")), chart.get("valuesInline")
        if isinstance(inline, dict):
            yield Values(inline, document, ("helmCharts", at, "valuesInline"), chart=name)
        for file in map(text, (chart.get("valuesFile"), *items(chart.get("additionalValuesFiles")))):
            place = Path(folder, file)
            if file.isprintable() and os.path.isfile(place):  # noqa: PTH113 - `is_file` fails for names that are too long
                self._found.files.add(place.resolve())
                yield from (replace(each, chart=name) for each in self._read_file(str(place)).values)


def _entries(folder: str, document: Document, keys: tuple[str, ...]) -> Iterator[_Entry]:
    for key in keys:
        for at, name in enumerate(items(mapping(document.value).get(key))):
            yield _Entry(folder, document, (key, at), text(name))


def _named(told: dict[str, Any]) -> Iterator[str]:
    """The files that are patches, configurations and the like."""
    for key, entry_key in _FILES.items():
        for each in items(told.get(key)):
            yield text(each if isinstance(each, str) else mapping(each).get(entry_key))


def _at(document: Document, path: Steps, *, key: bool = False) -> Location:
    span = document.span(path, key=key)
    return Location(span.file, span.line, span.column)


def _is_inside(path: Path, folder: str) -> bool:
    return path.resolve().is_relative_to(Path(folder).resolve())


def _add(objects: list[KubernetesObject], behavior: str, made: GeneratedObject) -> None:
    """Add a generated object, or bring it over the one of its name."""
    named = [at for at, each in enumerate(objects) if (each.kind, each.name) == (made.kind, made.name)]
    at = named[0] if named and behavior != "create" else None
    base = objects[at] if at is not None else None
    if at is None or not isinstance(base, GeneratedObject):
        objects.append(made)
    else:
        objects[at] = made.over(base) if behavior == "merge" else made
