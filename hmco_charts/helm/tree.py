"""The files of a chart as the worker renders changed copies of it: in memory, subcharts' archives unpacked."""

import gzip
import io
import os
import re
import tarfile
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

SUBCHARTS = r"(?:charts/[^/]+/)*"
TEMPLATE = re.compile(SUBCHARTS + "templates/")
SCHEMA = re.compile(SUBCHARTS + r"values\.schema\.json$")
OWN = re.compile(
    "^" + SUBCHARTS + r"(?:Chart\.(?:yaml|lock)|values\.(?:yaml|schema\.json)|requirements\.(?:yaml|lock))$"
)
DEFINITION = re.compile(rb"\{\{-?\s*(?:define|block)\b")
NAMED = re.compile(rb"/([\w.-]+)[\"`]")


@dataclass(frozen=True, slots=True)
class File:
    """A file of a chart.

    Attributes:
        name: How places name it: its path in the chart; in an archive with the folder that it holds in front, in a
            packed subchart behind the archive's name (`charts/sub-1.0.0.tgz/sub/templates/x.yaml`).
        content: What it holds.
    """

    name: str
    content: bytes


Tree = dict[str, File]
"""Files by their path in the chart, as if every subchart were a folder."""


def read(chart: Path) -> Tree:
    """The files of a chart folder or archive."""
    if chart.is_file():
        return _unpacked(chart.read_bytes(), "", "")
    tree: Tree = {}
    for folder, _, names in os.walk(chart, followlinks=True):
        for name in names:
            path = Path(folder, name)
            _add(tree, path.relative_to(chart).as_posix(), path.relative_to(chart).as_posix(), path.read_bytes())
    return tree


def _add(tree: Tree, path: str, name: str, content: bytes) -> None:
    if re.fullmatch(SUBCHARTS + r"charts/[^/]+\.tgz", path):
        tree.update(_unpacked(content, path.removesuffix(".tgz") + "/", f"{name}/"))
    else:
        tree[path] = File(name, content)


def _unpacked(content: bytes, base: str, name: str) -> Tree:
    tree: Tree = {}
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as tar:
        for member in tar:
            stream = tar.extractfile(member) if member.isfile() else None
            if stream:
                _add(tree, base + member.name.partition("/")[2], name + member.name, stream.read())
    return tree


def without_schemas(tree: Tree) -> Tree:
    """The chart without its schemas: what changes a value to see where it goes may go against them."""
    return {path: file for path, file in tree.items() if not SCHEMA.match(path)}


def narrowed(tree: Tree, templates: Collection[str]) -> Tree:
    """The chart without the templates that have no part in some manifests, as far as their text tells.

    Args:
        tree: The chart.
        templates: The names of those manifests, as Helm gives them.
    """
    wanted = {tail(name) for name in templates}
    sources = {path: file.content for path, file in tree.items() if TEMPLATE.match(path)}
    named = {name.decode() for source in sources.values() for name in NAMED.findall(source)}
    unneeded = {
        path
        for path, source in sources.items()
        if tail(f"/{path}") not in wanted
        and not PurePosixPath(path).name.startswith("_")
        and PurePosixPath(path).name not in named
        and not DEFINITION.search(source)
    }
    return {path: file for path, file in tree.items() if path not in unneeded}


def readable(tree: Tree) -> Iterator[tuple[str, str]]:
    """The texts that templates may read by `.Files`, with their paths."""
    for path, file in tree.items():
        if not TEMPLATE.match(path) and not OWN.search(path):
            with suppress(UnicodeDecodeError):
                yield path, file.content.decode()


def tail(name: str) -> str:
    """The part of a template's name below its chart; alias and folder of a subchart may differ."""
    return name.partition("/templates/")[2]


def packed(tree: Tree) -> bytes:
    """An archive of the chart."""
    return archive({f"chart/{path}": file.content for path, file in tree.items()})


def archive(files: dict[str, bytes]) -> bytes:
    """An archive of files."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return gzip.compress(packed.getvalue(), compresslevel=0)
