"""Helmfiles: `helmfile.yaml` and the files of `helmfile.d`, which tell releases with the values of their charts.

Nothing is rendered: what a helmfile makes by its own templates, or takes from another machine, is told.

Source: helmfile `pkg/state/state.go`, `pkg/state/storage.go`.
"""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from hmco_charts.errors import DocumentError, Location
from hmco_charts.inputs import content
from hmco_charts.inputs.paths import HELMFILE_SUFFIXES
from hmco_charts.objects.embedded import Values
from hmco_charts.objects.kubernetes import items, mapping, text
from hmco_charts.objects.manifests import Found, Unread
from hmco_charts.yamlio import Document, documents
from hmco_charts.yamlio import Path as Steps
from hmco_charts.yamlio.node import MAX_DEPTH

_TEMPLATE = "{{"
_TEMPLATES = (".gotmpl", ".tmpl")
_REMOTE = ("://", "git@", "::")
_BUILT = "Lint what `helmfile template` gives."
_OTHERS = ("bases", "helmfiles")
_SINGLE = ("set", "setString")
_UNREAD = ("inherit", "valuesTemplate", "setTemplate")
_TOLERANT = ("Warn", "Info", "Debug")


@dataclass
class Helmfiles:
    """What helmfiles tell.

    Attributes:
        found: The values that they give to charts, and what could not be read.
        files: The files that they are made of, resolved.
    """

    found: Found = field(default_factory=Found)
    files: set[Path] = field(default_factory=set)


def read_all(files: Iterable[str]) -> Helmfiles:
    """What some helmfiles, and those that they name, tell."""
    reader = _Reader()
    for file in files:
        reader.helmfile(Path(file))
    return reader.told


@dataclass(frozen=True)
class _Entry:
    """A file that a helmfile names, and where."""

    document: Document
    path: Steps
    name: str

    @property
    def at(self) -> Location:
        return _location(self.document, self.path)

    @property
    def places(self) -> list[Path]:
        """The files that it means; helmfile takes patterns too, in which `**` is a `*`."""
        folder = Path(self.document.file).parent
        file = Path(os.path.normpath(folder / self.name))
        is_pattern = any(sign in self.name for sign in "*?[")
        return (
            sorted(folder.glob(re.sub(r"\*{2,}", "*", self.name)))
            if is_pattern and not Path(self.name).is_absolute()
            else [file]
        )


class _Reader:
    def __init__(self) -> None:
        self.told = Helmfiles()

    def helmfile(self, file: Path) -> None:
        if _real(file) in self.told.files:
            return
        self.told.files.add(_real(file))
        for document in self._documents(file, is_template=True):
            self._shape(document)
            for key in _OTHERS:
                for at, entry in enumerate(items(mapping(document.value).get(key))):
                    name = entry if isinstance(entry, str) else mapping(entry).get("path")
                    self._other(_Entry(document, (key, at), text(name)))
            for at, release in enumerate(items(mapping(document.value).get("releases"))):
                if isinstance(release, dict):
                    self._release(document, ("releases", at), release)
                else:
                    self._tell(_location(document, ("releases", at)), "a release of a helmfile is a map of settings")

    def _shape(self, document: Document) -> None:
        """Tell what is no helmfile, or has something else where helmfile wants a list."""
        if document.value is not None and not isinstance(document.value, dict):
            self._tell(_location(document, ()), "a helmfile is a map of settings")
        for key in ("releases", *_OTHERS):
            self._list(document, (key,), mapping(document.value).get(key))

    def _list(self, document: Document, path: Steps, value: Any) -> None:
        if value is not None and not isinstance(value, list):
            self._tell(_location(document, path), f"helmfile has `{path[-1]}` in a list")

    def _documents(self, file: Path, *, is_template: bool) -> Iterator[Document]:
        """The documents of a file, of a template as far as it is YAML without being rendered."""
        try:
            source = content.read(str(file), str(file))
        except DocumentError as error:
            self.told.found.unread.append(Unread.of(error, str(file)))
            return
        for found in documents(source, str(file)):
            if isinstance(found, Document):
                yield found
            elif is_template and _TEMPLATE in source:
                what = f"a template of helmfile, which is no YAML until it is rendered ({found.what})"
                self._tell(found.at or Location(str(file)), what, _BUILT)
            else:
                self.told.found.unread.append(Unread.of(found, str(file)))

    def _other(self, entry: _Entry) -> None:
        for file in self._files(entry, is_tolerant=False):
            for each in self._inside(entry, file) if file.is_dir() else [file]:
                self.helmfile(each)

    def _inside(self, entry: _Entry, folder: Path) -> list[Path]:
        """The helmfiles of a folder."""
        try:
            return sorted(each for each in folder.iterdir() if each.name.endswith(HELMFILE_SUFFIXES))
        except OSError as error:
            self._tell(entry.at, f"the folder cannot be read: {error.strerror}")
            return []

    def _release(self, document: Document, path: Steps, release: dict[str, Any]) -> None:
        chart = PurePosixPath(text(release.get("chart"))).name
        for key in ("values", *_SINGLE):
            self._list(document, (*path, key), release.get(key))
        for key in _UNREAD:
            if release.get(key):
                self._tell(_location(document, (*path, key)), f"what `{key}` gives a release was not read", _BUILT)
        handler = text(release.get("missingFileHandler")) or text(mapping(document.value).get("missingFileHandler"))
        for at, given in enumerate(items(release.get("values"))):
            place = (*path, "values", at)
            if isinstance(given, dict):
                self.told.found.inline.append(Values(given, document, place, chart=chart))
            else:
                entry = _Entry(document, place, text(given))
                for file in self._files(entry, is_tolerant=handler in _TOLERANT):
                    self._values(file, chart)
        for key in _SINGLE:
            for at, given in enumerate(map(mapping, items(release.get(key)))):
                value = _nested(text(given.get("name")), given.get("value"))
                self.told.found.inline.append(Values(value, document, (*path, key, at, "value"), chart=chart))

    def _files(self, entry: _Entry, *, is_tolerant: bool) -> Iterator[Path]:
        """The files on this machine that an entry names."""
        if _TEMPLATE in entry.name:
            self._tell(entry.at, "a file was not read whose name helmfile's templates make", _BUILT)
        elif not entry.name.isprintable() or not entry.name:
            self._tell(entry.at, "this is no name of a file", "Name a file of values, or write the values out.")
        elif any(sign in entry.name for sign in _REMOTE):
            self._tell(entry.at, "a file of another machine was not read", "Put a copy beside the helmfile.")
        else:
            there = [each for each in entry.places if os.path.exists(each)]  # noqa: PTH110 - takes names that are too long
            if not there and not is_tolerant:
                self._tell(entry.at, "no such file")
            yield from there

    def _values(self, file: Path, chart: str) -> None:
        read = list(self._documents(file, is_template=file.name.endswith(_TEMPLATES)))
        if not any(_is_manifest(document.value) for document in read):
            self.told.files.add(_real(file))
        for document in read:
            if isinstance(document.value, dict):
                self.told.found.values.append(Values(document.value, document, chart=chart))

    def _tell(self, at: Location, reason: str, remedy: str = "") -> None:
        self.told.found.unread.append(Unread(at, reason, remedy))


def _location(document: Document, path: Steps) -> Location:
    span = document.span(path)
    return Location(span.file, span.line, span.column)


def _real(file: Path) -> Path:
    """The file itself, also where links lead in a circle."""
    return Path(os.path.realpath(file))


def _is_manifest(value: Any) -> bool:
    """Whether a pattern for files of values has met an object of Kubernetes, which is one all the same."""
    return {"apiVersion", "kind"} <= mapping(value).keys()


def _nested(name: str, value: Any) -> Any:
    """The values that a name such as `server.image.tag` gives one of."""
    for key in reversed(name.split(".", MAX_DEPTH)):
        value = {key: value}
    return value
