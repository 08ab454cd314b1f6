"""Remembers what a run of `lint` or `render --check` answered, by everything that the answer depends on."""

import hashlib
import json
import os
import re
import site
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parents[1]
_MOST_ENTRIES = 256
_LARGEST = 128 * 2**20
_LEFT_OUT = {".git"}
_BUILDERS = {"kustomization.yaml", "kustomization.yml", "Kustomization"}
_HELMFILE = re.compile(r"(?:.*/)?(?:helmfile\.ya?ml|helmfile\.d/[^/]*\.ya?ml)(?:\.gotmpl)?")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a run answered.

    Attributes:
        reports: Each report's text, and the file that it goes to; none for standard output.
        code: The exit code.
        files: Files elsewhere that the answer depends on.
        is_lasting: Whether an equal run gives the same: not where a limit of time or memory may have been met.
    """

    reports: Sequence[tuple[str | None, str]]
    code: int
    files: tuple[str, ...] = ()
    is_lasting: bool = True


class UncachableError(Exception):
    """An answer depends on what cannot be told beforehand."""


def answered(words: Any, paths: Iterable[str], make: Callable[[], Answer]) -> Answer:
    """The answer that is remembered, or a new one.

    Args:
        words: What the command line says, as plain data.
        paths: What it reads.
        make: Gives a new answer.
    """
    try:
        entry = _folder() / _key(words, paths)
    except (UncachableError, OSError):
        return make()
    remembered = _remembered(entry)
    if remembered is None:
        remembered = make()
        with suppress(OSError, UncachableError):
            _remember(entry, remembered)
    return remembered


def _folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base, "hmco-charts", "lint")


def _key(words: Any, paths: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for part in _parts(words, paths):
        digest.update(part)
        digest.update(b"\0")
    return digest.hexdigest()


def _parts(words: Any, paths: Iterable[str]) -> Iterator[bytes]:
    day = time.strftime("%Y-%m-%d", time.gmtime())
    yield json.dumps([words, day, sys.version, str(Path.cwd())], sort_keys=True, default=str).encode()
    yield from _stamps(map(Path, site.getsitepackages()))
    yield from _settings(Path.cwd())
    for path in paths:
        if path == "-" or path.startswith("oci://"):
            raise UncachableError
        yield from _contents(_unit(Path(path)))


def _stamps(folders: Iterable[Path]) -> Iterator[bytes]:
    """What changes when this package is edited, or another one is installed."""
    for folder in folders:
        with suppress(OSError):
            yield f"{folder} {folder.stat().st_mtime_ns}".encode()
    for root, folders_in_it, files in os.walk(PACKAGE):
        folders_in_it[:] = sorted(each for each in folders_in_it if each != "__pycache__")
        for file in sorted(files):
            told = os.stat(os.path.join(root, file))  # noqa: PTH116, PTH118 - twice as fast for hundreds of files
            yield f"{file} {told.st_mtime_ns} {told.st_size}".encode()


def _settings(folder: Path) -> Iterator[bytes]:
    """What the files hold that may be the configuration of a folder."""
    for place in (folder, *folder.parents):
        yield from (_content(str(place / name)) for name in ("hmco-charts.yaml", "pyproject.toml"))
        if (place / ".git").exists():
            return


def _unit(path: Path) -> Path:
    """The chart that a file belongs to, since it is linted as a whole; else the path itself."""
    return next((each for each in (path, *path.absolute().parents) if (each / "Chart.yaml").is_file()), path)


def _contents(path: Path) -> Iterator[bytes]:
    """The names and contents of all files of a path, in order."""
    if not path.is_dir():
        yield from (str(path).encode(errors="surrogateescape"), _content(str(path)))
        return
    seen: set[str] = set()
    for root, folders, files in os.walk(path, followlinks=True):
        real = os.path.realpath(root)
        folders[:] = [] if real in seen else sorted(each for each in folders if each not in _LEFT_OUT)
        seen.add(real)
        for file in sorted(files):
            name = os.path.join(root, file)  # noqa: PTH118 - twice as fast for thousands of files
            yield from (name.encode(errors="surrogateescape"), _content(name))


def _content(file: str) -> bytes:
    """What a file holds; of what is no plain file, or cannot be read, only that.

    Raises:
        UncachableError: It is a kustomization or a helmfile, which may name files anywhere, or too large.
    """
    if os.path.basename(file) in _BUILDERS or _HELMFILE.fullmatch(os.path.abspath(file)):  # noqa: PTH100, PTH119
        raise UncachableError
    try:
        if not os.path.isfile(file):  # noqa: PTH113
            return b"special"
        with open(file, "rb", opener=_without_waiting) as stream:
            content = stream.read(_LARGEST + 1)
    except OSError as error:
        return f"error {error.errno}".encode()
    if len(content) > _LARGEST:
        raise UncachableError
    return hashlib.sha256(content).digest()


def _without_waiting(file: str, flags: int) -> int:
    return os.open(file, flags | os.O_NONBLOCK)


def _remembered(entry: Path) -> Answer | None:
    """The answer of an entry; none where there is none, it is damaged, or a file elsewhere has changed."""
    try:
        told = json.loads(entry.read_bytes())
        answer = Answer(told["reports"], int(told["code"]), tuple(told["files"]))
        if told["sum"] != _sum(answer) or told["digests"] != _digests(answer.files):
            return None
        os.utime(entry)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return answer


def _remember(entry: Path, answer: Answer) -> None:
    if not answer.is_lasting:
        raise UncachableError
    entry.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    told = {**asdict(answer), "sum": _sum(answer), "digests": _digests(answer.files)}
    draft = entry.with_name(f"{entry.name}.{os.getpid()}")
    draft.write_text(json.dumps(told), encoding="utf-8")
    draft.replace(entry)
    _prune(entry.parent)


def _prune(folder: Path) -> None:
    """Forget the answers that were not asked for the longest."""
    entries = sorted(folder.iterdir(), key=lambda each: each.stat().st_mtime, reverse=True)
    for each in entries[_MOST_ENTRIES:]:
        each.unlink(missing_ok=True)


def _sum(answer: Answer) -> str:
    return hashlib.sha256(json.dumps([list(map(list, answer.reports)), answer.code]).encode()).hexdigest()


def _digests(files: Iterable[str]) -> list[str]:
    return [_content(file).hex() for file in files]
