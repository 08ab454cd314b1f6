"""The files of a chart that a person wrote, read within limits."""

import gzip
import io
import os
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from hmco_charts.errors import ChartError, DocumentError, Location
from hmco_charts.helm import folder
from hmco_charts.yamlio import bounded

MOST_BYTES = 100 * 2**20  # Helm's own limit for a chart
_LARGEST = 5 * 2**20  # Helm's own limit for a file of a chart
_FOLDERS = ("templates", "charts", "crds", "ci")


def read(chart: Path) -> dict[str, bytes]:
    """Metadata, values, templates, definitions and subcharts of a chart folder or archive, by path.

    The paths of an archive begin with the folder that it holds.

    Raises:
        ChartError: The chart cannot be read.
    """
    folder.check(chart)
    if chart.is_file():
        return dict(_unpacked(_packed(chart), str(chart)))
    paths = (Path(place, name) for place, _, names in os.walk(chart, followlinks=True) for name in names)
    named = {path.relative_to(chart).as_posix(): path for path in sorted(paths)}
    told = {name: path for name, path in named.items() if _is_told(name) and path.stat().st_size <= _LARGEST}
    return {name: path.read_bytes() for name, path in told.items()}


def unpacked(content: bytes, name: str) -> dict[str, bytes]:
    """The files of a subchart's archive.

    Raises:
        ChartError: It is no archive, or too large.
    """
    return dict(_unpacked(content, name))


def _packed(chart: Path) -> bytes:
    try:
        return bounded.read_bytes(chart, MOST_BYTES)
    except DocumentError as error:
        raise ChartError(error.what, at=error.at, remedy=error.remedy) from None


def _unpacked(content: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    left = MOST_BYTES
    try:
        with gzip.open(io.BytesIO(content)) as stream:
            data = stream.read(MOST_BYTES + 1)
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as tar:
            for member in tar:
                left -= member.size
                if left < 0 or len(data) > MOST_BYTES:
                    raise ChartError(f"this archive holds more than {MOST_BYTES >> 20} MiB", at=Location(name))
                _check_member(member, name)
                file = tar.extractfile(member) if member.isfile() else None
                if file and member.size <= _LARGEST and _is_told(member.name.partition("/")[2]):
                    yield member.name, file.read()
    except (tarfile.TarError, OSError, EOFError, zlib.error):
        raise ChartError(
            "this is no chart archive: not a gzipped tar file, or cut off",
            at=Location(name),
            remedy="Name a chart's folder or an archive that Helm packaged.",
        ) from None


def _check_member(member: tarfile.TarInfo, name: str) -> None:
    """Refuse links and devices: Helm takes them for empty files."""
    if not (member.isfile() or member.isdir()):
        at = Location(f"{name}/{member.name}")
        raise ChartError("neither a file nor a folder", at=at, remedy="Pack the chart once more, without it.")


def _is_told(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return len(parts) == 1 or (len(parts) > 1 and parts[0] in _FOLDERS)
