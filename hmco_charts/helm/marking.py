"""A chart whose template lines carry marks, to see in the manifests where a line came from.

A mark is one private-use character in front of a line's first character. Spaces before and actions after it
are untouched, so `{{-` and `-}}` trim what they trimmed before.
"""

import gzip
import io
import os
import re
import tarfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from hmco_charts.helm.template import Template

PLANES = (0xF0000, 0x100000)
PLANE_SIZE = 0xFFFE
MARK = re.compile("[\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
DIGEST = re.compile(r"[0-9a-f]{32,}")
IN_FOLDER = r"(?:charts/[^/]+/)*"
IN_ARCHIVE = r"[^/]+/" + IN_FOLDER
SUBCHART_ARCHIVE = r"charts/[^/]+\.tgz$"
SCHEMA = r"values\.schema\.json$"


def character(number: int) -> str:
    """The mark of a number."""
    return chr(PLANES[number // PLANE_SIZE] + number % PLANE_SIZE)


def number(mark: str) -> int:
    """The number of a mark."""
    plane = ord(mark) >= PLANES[1]
    return ord(mark) - PLANES[plane] + plane * PLANE_SIZE


def without_marks(text: str) -> str:
    """The text as it would be had nothing been marked."""
    return MARK.sub("", text)


def agrees(plain: dict[str, str], marked: dict[str, str]) -> bool:
    """Whether the marks changed nothing in the manifests but the digests of what they stand in."""
    return _without_digests(plain) == _without_digests({name: without_marks(text) for name, text in marked.items()})


def _without_digests(manifests: dict[str, str]) -> dict[str, str]:
    return {name: DIGEST.sub("", text) for name, text in manifests.items()}


@dataclass
class Marked:
    """A marked chart.

    Attributes:
        tree: The chart's files.
        lines: File and line of each mark, by its number.
        sources: The texts of the templates by file.
    """

    tree: dict[str, bytes] = field(default_factory=dict)
    lines: list[tuple[str, int]] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)


def read(chart: Path) -> dict[str, bytes]:
    """The files of a chart folder or archive by their path in it."""
    if chart.is_file():
        return _unpack(chart.read_bytes())
    return {
        Path(folder, name).relative_to(chart).as_posix(): Path(folder, name).read_bytes()
        for folder, _, names in os.walk(chart, followlinks=True)
        for name in names
    }


def packed(tree: dict[str, bytes]) -> bytes:
    """An archive of a chart that was read from a folder or an archive."""
    if "Chart.yaml" in tree:
        tree = {f"chart/{name}": content for name, content in tree.items()}
    return archive(tree)


def archive(tree: dict[str, bytes]) -> bytes:
    """A chart archive of the files."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, content in tree.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return gzip.compress(packed.getvalue(), compresslevel=1)


def mark(tree: dict[str, bytes], *, smallest: int) -> Marked:
    """The chart with a mark on each line that a template writes literally.

    Args:
        tree: The chart's files.
        smallest: How many such lines a `define` must have to be marked: what is compared, cut or sorted is
            mostly a name, of one line.

    Returns:
        The chart; a line's mark has the same number whatever is left unmarked.
    """
    is_archive = "Chart.yaml" not in tree
    marked = Marked()
    marked.tree = _mark_tree(tree, marked, smallest, IN_ARCHIVE if is_archive else IN_FOLDER, "")
    return marked


def _mark_tree(tree: dict[str, bytes], marked: Marked, smallest: int, base: str, prefix: str) -> dict[str, bytes]:
    template, subchart, schema = (re.compile(base + part) for part in ("templates/", SUBCHART_ARCHIVE, SCHEMA))
    result = {}
    for name, content in tree.items():
        if schema.match(name):
            continue  # the plain render was held to it already
        if template.match(name):
            result[name] = _mark_file(prefix + name, content, marked, smallest)
        elif subchart.match(name):
            inner = _mark_tree(_unpack(content), marked, smallest, IN_ARCHIVE, f"{prefix}{name}/")
            result[name] = archive(inner)
        else:
            result[name] = content
    return result


def _mark_file(file: str, content: bytes, marked: Marked, smallest: int) -> bytes:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return content
    marked.sources[file] = text
    starts = list(Template(text).literal_starts())
    if MARK.search(text) or len(marked.lines) + len(starts) > PLANE_SIZE * len(PLANES):
        return content
    sizes = Counter(definition for _, _, definition in starts)
    pieces, seen = [], 0
    for line, start, definition in starts:
        pieces.append(text[seen:start])
        if definition is None or sizes[definition] >= smallest:
            pieces.append(character(len(marked.lines)))
        marked.lines.append((file, line))
        seen = start
    return "".join((*pieces, text[seen:])).encode()


def _unpack(content: bytes) -> dict[str, bytes]:
    tree = {}
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as tar:
        for member in tar:
            stream = tar.extractfile(member) if member.isfile() else None
            if stream:
                tree[member.name] = stream.read()
    return tree
