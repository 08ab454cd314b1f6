"""A chart's folder on disk: written in one step, compared, and never robbed of files that are not ours.

A new folder is built beside the old one and the two change places in one system call (`renameat2` with
`RENAME_EXCHANGE`), so a process that is killed leaves the old chart or the new one. Where the file system
cannot do that, two renames follow each other and the next run mends what a kill between them left behind.

`RECORD` lists the files that we wrote, with their SHA-256 (`sha256sum --check` reads it). A file that a
former run wrote, that nobody changed since and that the chart no longer has is removed; every other file stays.
"""

import ctypes
import difflib
import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hmco_charts.errors import ConfigurationError, Location
from hmco_charts.generate.tree import ChartTree

RECORD = ".hmco-charts-files"

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


@dataclass(frozen=True, slots=True)
class Drift:
    """A file of a chart's folder that is not as rendered.

    Attributes:
        path: Relative to the folder.
        kind: `missing`, `changed`, or `stale`: a former render wrote it, and the chart no longer has it.
    """

    path: str
    kind: Literal["missing", "changed", "stale"]


def write(tree: ChartTree, directory: Path, *, prune: bool = False) -> None:
    """Make `directory` hold the chart; at every moment it holds the old chart or the new one.

    Args:
        tree: The chart.
        directory: The chart's own folder; it is made where it is missing.
        prune: Remove every file that is not the chart's.

    Raises:
        ConfigurationError: The folder cannot be written.
    """
    try:
        target = directory.resolve()
        target.parent.mkdir(parents=True, exist_ok=True)
        with _alone(target):
            _build(tree, target, _beside(target, "new"), prune=prune)
            _swap(_beside(target, "new"), target)
    except OSError as error:
        raise ConfigurationError(f"cannot write the chart: {error.strerror}", at=Location(str(directory))) from None


def drift(tree: ChartTree, directory: Path) -> list[Drift]:
    """What differs between the chart and its folder, by path; files that are not ours do not count."""
    found = [Drift(path, kind) for path, content in tree.files.items() if (kind := _state(directory / path, content))]
    found += [Drift(path, "stale") for path in _stale(tree, directory)]
    return sorted(found, key=lambda one: one.path)


def foreign(tree: ChartTree, directory: Path) -> list[str]:
    """Files in the folder that are not the chart's, by path; `write` leaves them there unless it prunes."""
    found = {path.relative_to(directory).as_posix() for path in directory.rglob("*") if not path.is_dir()}
    return sorted(found - set(tree.files) - set(_stale(tree, directory)) - {RECORD})


def diff(tree: ChartTree, directory: Path) -> str:
    """The change that `write` would make, as a unified diff."""
    return "".join(_file_diff(tree, directory, one) for one in drift(tree, directory))


def _state(file: Path, content: bytes) -> Literal["missing", "changed"] | None:
    if not file.is_file():
        return "missing"
    return None if file.read_bytes() == content else "changed"


def _file_diff(tree: ChartTree, directory: Path, one: Drift) -> str:
    file = directory / one.path
    old = "" if one.kind == "missing" else file.read_bytes().decode(errors="replace")
    new = "" if one.kind == "stale" else tree.files[one.path].decode(errors="replace")
    before = "/dev/null" if one.kind == "missing" else str(file)
    after = "/dev/null" if one.kind == "stale" else str(file)
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), before, after, lineterm="")
    return "".join(f"{line}\n" for line in lines)


def _stale(tree: ChartTree, directory: Path) -> Iterator[str]:
    for path, digest in _record(directory).items():
        file = directory / path
        if path not in tree.files and file.is_file() and _digest(file.read_bytes()) == digest:
            yield path


def _record(directory: Path) -> dict[str, str]:
    record = directory / RECORD
    if not record.is_file():
        return {}
    pairs = (line.split("  ", 1) for line in record.read_text().splitlines())
    return {path: digest for digest, path in pairs}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """One writer at a time under this parent; what a killed one left behind is mended first."""
    lock = os.open(target.parent, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _mend(target)
        yield
    finally:
        _mend(target)
        os.close(lock)


def _beside(target: Path, state: str) -> Path:
    return target.with_name(f".{target.name}.hmco-charts-{state}")


def _mend(target: Path) -> None:
    if not target.exists() and _beside(target, "old").exists():
        _beside(target, "old").rename(target)
    for state in ("new", "old"):
        shutil.rmtree(_beside(target, state), ignore_errors=True)


def _build(tree: ChartTree, target: Path, new: Path, *, prune: bool) -> None:
    if target.is_dir() and not prune:
        shutil.copytree(target, new, symlinks=True, ignore=_all_but_foreign(tree, target))
    new.mkdir(exist_ok=True)
    for path, content in tree.files.items():
        _put(new / path, content)
    record = "".join(f"{_digest(content)}  {path}\n" for path, content in tree.files.items())
    _put(new / RECORD, record.encode())


def _all_but_foreign(tree: ChartTree, target: Path) -> Callable[[str, list[str]], list[str]]:
    """What `copytree` must not copy; a folder in the place of a file of ours is told when that is written."""
    ours = {target / path for path in (*tree.files, *_stale(tree, target), RECORD)}

    def ignored(folder: str, names: list[str]) -> list[str]:
        files = {name: Path(folder, name) for name in names}
        return [name for name, file in files.items() if file in ours and (file.is_symlink() or not file.is_dir())]

    return ignored


def _put(file: Path, content: bytes) -> None:
    """Write a file in place of whatever is there; a symbolic link is replaced, not followed."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    file.write_bytes(content)


def _swap(new: Path, target: Path) -> None:
    if not target.exists():
        new.rename(target)
    elif not _exchanged(new, target):
        target.rename(_beside(target, "old"))
        new.rename(target)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False where the system cannot."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:
        return False
    if renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    failure = ctypes.get_errno()
    if failure in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        return False
    raise OSError(failure, os.strerror(failure), str(other))
