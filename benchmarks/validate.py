"""`python -m benchmarks validate`: against kubeconform on the same schemas, and by the number of objects.

The objects are those of the golden renderings of vault, without custom resources, each copy under a name of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks import OURS, kubeconform
from benchmarks.corpus import corpus, documents
from benchmarks.timing import Row, alone, compared

CUSTOM = re.compile(r"(?m)^apiVersion: (?:monitoring|external-secrets|cert-manager|gateway)")
COMPARED = {1: 1, 1_000: 56, 9_000: 500}
GROWING = {1_000: 56, 10_000: 556, 100_000: 5_556}


def named(text: str, number: int) -> str:
    return re.sub(r"(?m)^(  name: [\w-]+)", rf"\g<1>-{number}", text, count=1)


def rows(scratch: Path) -> Iterator[Row]:
    """The same objects for both on the same schemas, and the cost of an object by their number."""
    program, schemas = kubeconform.program(), scratch / "schemas"
    kubeconform.write(schemas)
    found = [each for each in documents("vault") if not CUSTOM.search(each)]
    for objects, files in COMPARED.items() if program else ():
        folder = corpus(scratch / f"compared-{objects}", found, named, objects, files)
        theirs = kubeconform.words(str(program), schemas, folder)
        yield compared(f"validate of {objects} objects in {files} files", command(folder), "kubeconform", theirs)
    for objects, files in GROWING.items():
        folder = corpus(scratch / f"growing-{objects}", found, named, objects, files)
        row = alone(f"validate of {objects} objects in {files} files", command(folder))
        yield replace(row, note=f"{row.ours.wall / objects * 1e6:.0f} µs an object")


def command(folder: Path) -> list[str]:
    return [OURS, "validate", "--no-cache", "--no-config", str(folder)]
