"""A copy of what is linted, in which fixes are tried before a file of the user is touched."""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hmco_charts.inputs.paths import chart_of


@contextmanager
def mirrored(paths: Sequence[str]) -> Iterator["Mirror"]:
    """A copy of what paths name, for as long as it is used."""
    with TemporaryDirectory(prefix="hmco-charts-") as folder:
        yield Mirror(Path(folder).resolve(), paths)


class Mirror:
    """A temporary folder in which each path has its copy below its absolute name.

    Folders beside those on the way to a path are links, so that a path that leads up and down again finds them.
    """

    def __init__(self, root: Path, paths: Sequence[str]) -> None:
        self._root = root
        self._names = {str(self._at(path)): path for path in paths if Path(path).exists()}
        self.paths = [str(self._at(path)) if Path(path).exists() else path for path in paths]
        units = {(chart_of(Path(name)) or Path(name)).absolute() for name in self._names.values()}
        for unit in units:
            if units.isdisjoint(unit.parents):
                self._copy(unit)

    def settings(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """The settings of a run for the copies: those that name files of the user name their copies."""
        told = dict(settings)
        told["exclude"] = [f"{self._root}{pattern}" for pattern in settings.get("exclude", ())]
        told["suppressions"] = [
            replace(each, file=f"{self._root}{each.file}") if each.file else each
            for each in settings.get("suppressions", ())
        ]
        scenarios = settings.get("scenarios")
        if scenarios:
            told["scenarios"] = {
                str(self._at(key)) if Path(key).exists() else key: each for key, each in scenarios.items()
            }
        return told

    def name(self, file: str) -> str:
        """The name that the user has for a copy."""
        for copy, name in self._names.items():
            if file == copy or file.startswith(f"{copy}/"):
                return name + file[len(copy) :]
        return file.removeprefix(str(self._root))

    def holds(self, file: str) -> bool:
        """Whether a file is a copy: what is reached through a link is the user's own file."""
        return Path(file).is_file() and Path(file).resolve() == Path(file) and Path(file).is_relative_to(self._root)

    def write(self, file: str, data: bytes) -> None:
        """Change the copy of a file."""
        draft = self._root / "draft"
        draft.write_bytes(data)
        draft.replace(file)

    def _at(self, path: str | Path) -> Path:
        return Path(f"{self._root}{Path(path).absolute()}")

    def _copy(self, path: Path) -> None:
        self._link_siblings(path)
        if path.is_dir():
            shutil.copytree(path, self._at(path), symlinks=True, ignore=_left_out, copy_function=_linked)
        else:
            _linked(str(path.resolve()), str(self._at(path)))

    def _link_siblings(self, path: Path) -> None:
        for folder in reversed(path.parents[:-1]):
            self._make_real(folder)
        inside = {path, *path.parents}
        for folder in path.parents[:-1]:
            with suppress(OSError):
                for each in folder.iterdir():
                    if each not in inside and not self._at(each).is_symlink() and not self._at(each).exists():
                        self._at(each).symlink_to(each)
        if self._at(path).is_symlink():
            self._at(path).unlink()

    def _make_real(self, folder: Path) -> None:
        if self._at(folder).is_symlink():
            self._at(folder).unlink()
        self._at(folder).mkdir(exist_ok=True)


def _left_out(folder: str, names: list[str]) -> list[str]:
    """What the search of a folder leaves out too, and what is neither a file nor a folder."""
    paths = {name: Path(folder, name) for name in names}
    hidden = [name for name, path in paths.items() if name.startswith(".") and path.is_dir()]
    return hidden + [name for name, path in paths.items() if path.exists() and not (path.is_dir() or path.is_file())]


def _linked(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)
