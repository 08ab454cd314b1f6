"""The text of a file that a user names: plain or compressed, and of a bounded size."""

import codecs
import gzip
import io
import sys
import zlib
from pathlib import Path
from typing import TextIO
from weakref import WeakKeyDictionary

from hmco_charts.errors import DocumentError, Location
from hmco_charts.yamlio import bounded

STANDARD_INPUT = "-"
MAX_BYTES = bounded.MAX_BYTES
_READ: WeakKeyDictionary[TextIO, bytes] = WeakKeyDictionary()
_REMEDY = "Pipe it in: `hmco-charts lint -`."
_GZIP = b"\x1f\x8b"
_WIDE = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}  # as PowerShell writes


def read(file: str, name: str) -> str:
    """The text of a file, or of standard input for `-`.

    Args:
        file: The file's path.
        name: The name used in errors.

    Raises:
        DocumentError: It cannot be read, is too large, or is no text.
    """
    data = read_bytes(file, name)
    return decoded(_expanded(data, name) if data.startswith(_GZIP) else data, name)


def read_bytes(file: str, name: str) -> bytes:
    """What a file holds, or standard input for `-`.

    Raises:
        DocumentError: It cannot be read, or is too large.
    """
    if file != STANDARD_INPUT:
        return bounded.read_bytes(Path(file), MAX_BYTES, _REMEDY)
    try:
        data = _given(sys.stdin)
    except OSError as error:
        raise DocumentError(error.strerror or "cannot be read", at=Location(name)) from None
    _check_size(data, name, "larger")
    return data


def _given(stream: TextIO) -> bytes:
    """What standard input holds; it is kept, as it can be read once."""
    if stream not in _READ:
        _READ[stream] = stream.buffer.read(MAX_BYTES + 1)
    return _READ[stream]


def decoded(data: bytes, name: str) -> str:
    """The text of a file's bytes.

    Raises:
        DocumentError: They are no text.
    """
    try:
        return data.decode(_WIDE.get(data[:2], "utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = "a binary file" if b"\0" in data[:1024] else "not UTF-8 text"
        raise DocumentError(what, at=Location(name, line), remedy="Save the file as UTF-8 text.") from None


def _expanded(data: bytes, name: str) -> bytes:
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            expanded = stream.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        raise DocumentError("a broken gzip file", at=Location(name), remedy="Compress it once more.") from None
    _check_size(expanded, name, "uncompressed larger")
    return expanded


def _check_size(data: bytes, name: str, larger: str) -> None:
    if len(data) > MAX_BYTES:
        raise DocumentError(f"{larger} than {MAX_BYTES >> 20} MiB", at=Location(name), remedy="Split the file.")
