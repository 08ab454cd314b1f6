"""A chart as one reproducible archive: the same files give the same bytes, wherever and whenever.

Helm's own packages hold the time of packaging (Helm 3) or the files' modification times (Helm 4), and follow
symbolic links out of the chart; so we write the archive and let Helm read it.
"""

import gzip
import io
import re
import stat
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from semver import Version

from hmco_charts import yamlio
from hmco_charts.errors import ChartError, Location
from hmco_charts.publish import ignore

_LARGEST_FILE = 5 * 1024 * 1024  # bytes; Helm refuses to load a chart with a larger one
_MODE = 0o644
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
_TEXTS = ("name", "version", "appVersion", "kubeVersion", "description", "home", "icon", "type")
_QUOTE = "Numbers and dates that are meant as text need quotes."


@dataclass(frozen=True, slots=True)
class Package:
    """A packed chart.

    Attributes:
        name: The chart's name.
        version: The chart's version, SemVer 2.
        metadata: Chart.yaml as read.
        data: The archive's bytes.
    """

    name: str
    version: str
    metadata: Mapping[str, Any]
    data: bytes


def read(chart: Path) -> dict[str, bytes]:
    """The files of a chart's folder that belong into its archive, by their path in the chart.

    Links inside the chart are followed, as Helm follows them.

    Raises:
        ChartError: A link that leaves the chart or runs in a circle, a device, FIFO or socket, a file larger
            than Helm reads, or a `.helmignore` that Helm refuses.
    """
    if not chart.is_dir():
        raise ChartError(f"{chart} is not the folder of a chart", remedy="Name the folder that holds Chart.yaml.")
    rules = chart / ".helmignore"
    text = rules.read_text(encoding="utf-8") if rules.is_file() else ""
    ignored = ignore.read(text, str(rules))
    root = chart.resolve()

    def files(folder: Path, inside: tuple[Path, ...]) -> Iterator[Path]:
        for entry in folder.iterdir():
            if ignored(entry.relative_to(chart).as_posix(), entry.is_dir()):
                continue
            target = _target(entry, root, inside)
            if target.is_dir():
                yield from files(entry, (*inside, target))
            else:
                yield entry

    return {file.relative_to(chart).as_posix(): _content(file) for file in files(chart, (root,))}


def pack(files: Mapping[str, bytes]) -> Package:
    """A chart's archive: members sorted, no times, owners or modes of this machine.

    Args:
        files: Contents by their path in the chart, as `read` or a rendered chart gives them.

    Raises:
        ChartError: No Chart.yaml, or one without a name, with a version that is not SemVer 2, or with values
            of a type that Helm refuses.
        DocumentError: A Chart.yaml that is not YAML.
    """
    metadata = _metadata(files)
    name = metadata["name"]
    return Package(name, metadata["version"], metadata, _compressed(_tar(name, files)))


def _target(entry: Path, root: Path, inside: tuple[Path, ...]) -> Path:
    try:
        target = entry.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise ChartError("a link that leads nowhere", at=Location(str(entry)), remedy="Remove it.") from error
    if not target.is_relative_to(root):
        raise ChartError(
            "a link that leaves the chart", at=Location(str(entry)), remedy="Copy the file into the chart."
        )
    if target in inside:
        raise ChartError("a link to a folder around it", at=Location(str(entry)), remedy="Remove it.")
    return target


def _content(file: Path) -> bytes:
    status = file.stat()
    if not stat.S_ISREG(status.st_mode):
        raise ChartError(
            "a device, FIFO or socket in a chart",
            at=Location(str(file)),
            remedy="Remove it, or list it in .helmignore.",
        )
    if status.st_size > _LARGEST_FILE:
        raise ChartError(
            f"{status.st_size} bytes, more than Helm reads ({_LARGEST_FILE})",
            at=Location(str(file)),
            remedy="Make it smaller, or list it in .helmignore.",
        )
    return file.read_bytes()


def _tar(name: str, files: Mapping[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path in sorted(files):
            member = tarfile.TarInfo(f"{name}/{path}")
            member.size, member.mode = len(files[path]), _MODE
            tar.addfile(member, io.BytesIO(files[path]))
    return archive.getvalue()


def _compressed(data: bytes) -> bytes:
    # gzip.compress writes another header on each Python version, GzipFile always the same
    archive = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=archive, mtime=0) as file:
        file.write(data)
    return archive.getvalue()


def _metadata(files: Mapping[str, bytes]) -> dict[str, Any]:
    if "Chart.yaml" not in files:
        raise ChartError("no Chart.yaml", remedy="Name the folder that holds Chart.yaml; .helmignore may hide it.")
    documents = yamlio.read(files["Chart.yaml"].decode("utf-8", "replace"), "Chart.yaml")
    if not documents or not isinstance(documents[0].value, dict):
        raise ChartError("not a mapping", at=Location("Chart.yaml", 1), remedy="Write apiVersion, name and version.")
    for path, demand in _faults(documents[0].value):
        span = documents[0].span(path)
        raise ChartError(
            f"{'.'.join(path)} must be {demand}",
            at=Location(span.file, span.line, span.column),
            remedy=_QUOTE,
        )
    return dict(documents[0].value)


def _faults(chart: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Path of each value that Helm or a registry refuses, and what it must be."""
    if not _NAME.fullmatch(str(chart.get("name", ""))):
        yield ("name",), "a name of letters, digits, '.', '_' and '-'"
    if not Version.is_valid(str(chart.get("version", ""))):
        yield ("version",), "a SemVer 2 version with all three numbers, such as 1.2.0"
    yield from (((key,), "text") for key in _TEXTS if not isinstance(chart.get(key) or "", str))
    annotations = chart.get("annotations") or {}
    if not isinstance(annotations, dict):
        yield ("annotations",), "a mapping"
    else:
        yield from ((("annotations", key), "text") for key, value in annotations.items() if not isinstance(value, str))
