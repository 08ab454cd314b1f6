"""Sorts what paths name, and finds what folders hold."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hmco_charts.errors import DocumentError, Location
from hmco_charts.inputs import release_set
from hmco_charts.inputs.content import STANDARD_INPUT

KUSTOMIZATIONS = frozenset({"kustomization.yaml", "kustomization.yml", "Kustomization"})
_HELMFILES = frozenset({"helmfile.yaml", "helmfile.yml", "helmfile.yaml.gotmpl", "helmfile.yml.gotmpl"})
_HELMFILE_FOLDER = "helmfile.d"
HELMFILE_SUFFIXES = (".yaml", ".yml", ".yaml.gotmpl", ".yml.gotmpl")
_SUFFIXES = (".yaml", ".yml", ".json", ".yaml.gz", ".yml.gz", ".json.gz")
_ARCHIVES = (".tgz", ".tar.gz")
_CHART_FILES = ("Chart.yaml", "Chart.lock", "values.schema.json", ".helmignore")
_CHART_FOLDERS = ("templates", "charts", "crds", "ci", "files")


@dataclass(slots=True)
class Paths:
    """What was found, each in the order in which it was.

    Attributes:
        files: Files with manifests, and whether the user named each himself.
        charts: Charts, their archives and references to them.
        kustomizations: Folders with a kustomization.
        helmfiles: Helmfiles; those in YAML are among the files too.
        sets: Folders with releases that are installed together, and these.
        folders: The folders that the user named.
        faults: What could not be searched.
    """

    files: dict[str, bool] = field(default_factory=dict)
    charts: dict[str, None] = field(default_factory=dict)
    kustomizations: dict[str, None] = field(default_factory=dict)
    helmfiles: dict[str, None] = field(default_factory=dict)
    sets: dict[str, tuple[release_set.Member, ...]] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)
    faults: list[DocumentError] = field(default_factory=list)


def found(paths: Iterable[str], exclude: Sequence[str] = ()) -> Paths:
    """What paths name; a file of a chart stands for its chart.

    Args:
        paths: Files, folders, charts, archives, `oci://` references, and `-` for standard input.
        exclude: Absolute patterns of files and folders that folders are searched without.
    """
    search = _Search(exclude)
    for path in paths:
        search.sort(path)
    return search.found


def is_archive(path: str) -> bool:
    """Whether a path names a chart's archive, here or in a registry."""
    return path.startswith("oci://") or path.endswith(_ARCHIVES)


def is_kustomization(path: Path) -> bool:
    """Whether a path is a kustomization's file."""
    return path.name in KUSTOMIZATIONS and path.is_file()


def is_helmfile(path: Path) -> bool:
    """Whether a path names a helmfile: by its own name, or by that of its folder."""
    if path.name in _HELMFILES:
        return True
    return path.name.endswith(HELMFILE_SUFFIXES) and path.absolute().parent.name == _HELMFILE_FOLDER


def chart_of(path: Path) -> Path | None:
    """The chart that a path belongs to: itself if it is one, or the folder that a file is part of."""
    if (path / "Chart.yaml").is_file():
        return path
    for folder in path.parents:
        if (folder / "Chart.yaml").is_file():
            return folder if _is_part(path.relative_to(folder)) else None
    return None


def _is_part(path: Path) -> bool:
    is_values = path.name.startswith("values") and path.suffix in (".yaml", ".yml")
    return path.name in _CHART_FILES or path.parts[0] in _CHART_FOLDERS or (len(path.parts) == 1 and is_values)


class _Search:
    def __init__(self, exclude: Sequence[str]) -> None:
        self.found = Paths()
        self._exclude = exclude
        self._seen: set[Path] = set()

    def sort(self, path: str) -> None:
        if path == STANDARD_INPUT:
            self.found.files[path] = True
        elif is_archive(path):
            self.found.charts[path] = None
        elif chart := chart_of(Path(path)):
            self.found.charts[str(chart)] = None
        elif is_kustomization(Path(path)):
            self.found.kustomizations[str(Path(path).parent)] = None
        elif Path(path).is_dir():
            self.found.folders.append(path)
            self._folder(path)
        else:
            self.found.files[path] = True
            if is_helmfile(Path(path)):
                self.found.helmfiles[path] = None

    def _folder(self, path: str) -> None:
        root = Path(path).resolve()
        for folder, folders, files in os.walk(path, onerror=self._unreadable, followlinks=True):
            if self._is_excluded(folder) or not self._is_new(Path(folder), root):
                folders.clear()
            elif release_set.INDEX in files and (members := release_set.members(Path(folder))):
                self.found.sets[folder] = members
                folders.clear()
            elif "Chart.yaml" in files:
                self.found.charts[folder] = None
                folders.clear()
            else:
                if not KUSTOMIZATIONS.isdisjoint(files):
                    self.found.kustomizations[folder] = None
                folders[:] = sorted(each for each in folders if not each.startswith("."))
                for file in sorted(files):
                    self._file(Path(folder, file))

    def _file(self, path: Path) -> None:
        is_manifest, is_release_list = path.name.endswith(_SUFFIXES), is_helmfile(path)
        if (is_manifest or is_release_list) and not self._is_excluded(str(path)):
            if is_manifest:
                self.found.files.setdefault(str(path), False)
            if is_release_list:
                self.found.helmfiles[str(path)] = None

    def _is_excluded(self, path: str) -> bool:
        if not self._exclude:
            return False
        from hmco_charts.configuration import matches

        return any(matches(path, pattern) for pattern in self._exclude)

    def _is_new(self, folder: Path, root: Path) -> bool:
        """Whether a folder is still to be read: links may lead to one that was, or out of what the user named."""
        real = folder.resolve()
        if real in self._seen:
            return False
        self._seen.add(real)
        if real.is_relative_to(root):
            return True
        what = "a symbolic link leads out of the folder: what is behind it was not read"
        remedy = "Name that folder too, or remove the link."
        self.found.faults.append(DocumentError(what, at=Location(str(folder)), remedy=remedy))
        return False

    def _unreadable(self, error: OSError) -> None:
        what = error.strerror or "cannot be read"
        self.found.faults.append(DocumentError(what, at=Location(str(error.filename))))
