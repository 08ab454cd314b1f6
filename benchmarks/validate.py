"""`python -m benchmarks validate`: against kubeconform on the same schemas, and by the number of objects.

The objects are those of the golden renderings, without custom resources, each copy under a name of its own. The cache
of answers is off.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks import HERE, OURS, kubeconform
from benchmarks.timing import Row, alone, compared

CUSTOM = re.compile(r"(?m)^apiVersion: (?:monitoring|external-secrets|cert-manager|gateway)")
COMPARED = {1: 1, 1_000: 56, 9_000: 500}
GROWING = {1_000: 56, 10_000: 556, 100_000: 5_556}


def documents() -> list[str]:
    """The manifests of every golden rendering that both programs have schemas for."""
    files = sorted((HERE / "tests" / "golden" / "vault").rglob("*.yaml"))
    every = (each for file in files for each in re.split(r"(?m)^---.*\n", file.read_text()))
    return [each for each in every if re.search(r"(?m)^kind: ", each) and not CUSTOM.search(each)]


def corpus(folder: Path, objects: int, files: int) -> Path:
    """A folder with so many objects."""
    found = documents()
    texts: list[list[str]] = [[] for _ in range(files)]
    for number in range(objects):
        named = rf"\g<1>-{number}"
        texts[number * files // objects].append(
            re.sub(r"(?m)^(  name: [\w-]+)", named, found[number % len(found)], count=1)
        )
    folder.mkdir()
    for number, parts in enumerate(texts):
        (folder / f"{number:05}.yaml").write_text("---\n".join(parts))
    return folder


def rows(scratch: Path) -> Iterator[Row]:
    """The same objects for both on the same schemas, and the cost of an object by their number."""
    program, schemas = kubeconform.program(), scratch / "schemas"
    kubeconform.write(schemas)
    for objects, files in COMPARED.items() if program else ():
        folder = corpus(scratch / f"compared-{objects}", objects, files)
        theirs = kubeconform.words(str(program), schemas, folder)
        yield compared(f"validate of {objects} objects in {files} files", command(folder), "kubeconform", theirs)
    for objects, files in GROWING.items():
        folder = corpus(scratch / f"growing-{objects}", objects, files)
        row = alone(f"validate of {objects} objects in {files} files", command(folder))
        yield replace(row, note=f"{row.ours.wall / objects * 1e6:.0f} µs an object")


def command(folder: Path) -> list[str]:
    return [OURS, "validate", "--no-cache", "--no-config", str(folder)]
