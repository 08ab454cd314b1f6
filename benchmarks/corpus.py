"""Folders of manifests: the objects of the golden renderings, each copy with something of its own."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import HERE

Change = Callable[[str, int], str]
"""Gives a copy of a manifest something of its own, by its number."""


def documents(charts: str = "*") -> list[str]:
    """The manifests of the golden renderings of charts, by a pattern of their names."""
    files = sorted((HERE / "tests" / "golden").glob(f"{charts}/*.yaml"))
    every = (each for file in files for each in re.split(r"(?m)^---.*\n", file.read_text()))
    return [each for each in every if re.search(r"(?m)^kind: ", each)]


def corpus(folder: Path, found: Sequence[str], change: Change, objects: int, files: int) -> Path:
    """A folder with so many objects, in turn copies of those that were found."""
    texts: list[list[str]] = [[] for _ in range(files)]
    for number in range(objects):
        texts[number * files // objects].append(change(found[number % len(found)], number))
    folder.mkdir()
    for number, parts in enumerate(texts):
        (folder / f"{number:05}.yaml").write_text("---\n".join(parts))
    return folder
