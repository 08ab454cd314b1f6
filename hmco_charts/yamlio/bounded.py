"""What a file holds, read within a limit of size and never waiting for somebody to write it."""

import os
import stat
from pathlib import Path

from hmco_charts.errors import DocumentError, Location

MAX_BYTES = 64 * 2**20
_PIPE_REMEDY = "Name a file, not a pipe or a device."


def read_bytes(file: Path, most: int = MAX_BYTES, remedy: str = _PIPE_REMEDY) -> bytes:
    """The bytes of a regular file, or of a pipe that the shell handed over, as in `-f <(sops decrypt values.yaml)`.

    Args:
        file: The file.
        most: How many bytes it may have.
        remedy: What to do where it is no regular file.

    Raises:
        DocumentError: It is none, cannot be read, or is larger.
    """
    at = Location(str(file))
    try:
        is_regular = stat.S_ISREG(file.stat().st_mode)
        data = _opened(file, most) if is_regular else _handed_over(file, most)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        what = getattr(error, "strerror", None) or "cannot be read"
        raise DocumentError(what, at=at, remedy="Check the path.") from None
    if data is None:
        raise DocumentError("not a regular file", at=at, remedy=remedy)
    if len(data) > most:
        raise DocumentError(f"larger than {most >> 20} MiB", at=at, remedy="Split the file.")
    return data


def _opened(file: Path, most: int) -> bytes | None:
    """At most one byte more than allowed; `None` where another put a pipe in the file's place."""
    with os.fdopen(os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as stream:
        return stream.read(most + 1) if stat.S_ISREG(os.fstat(stream.fileno()).st_mode) else None


def _handed_over(file: Path, most: int) -> bytes | None:
    """What comes through a pipe that this process was started with; `None` for any other."""
    if str(file.parent) not in ("/dev/fd", "/proc/self/fd") or not stat.S_ISFIFO(file.stat().st_mode):
        return None
    with file.open("rb") as stream:
        return stream.read(most + 1)


def read_text(file: Path) -> str:
    """The text of a regular file, without a mark of byte order.

    Raises:
        DocumentError: It is no regular file, cannot be read, is too large or is no UTF-8 text.
    """
    data = read_bytes(file)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DocumentError("not UTF-8 text", at=Location(str(file), line), remedy="Save it as UTF-8 text.") from None
