"""`python -m benchmarks.validate`: validate as whole processes, against kubeconform on the same schemas, in turn.

The objects are those of the golden renderings, without custom resources, each copy under a name of its own. The cache
of answers is off. Peak memory is that of the largest process.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import kubeconform
from benchmarks.lint import HERE, OURS
from benchmarks.timing import compare, seconds

CUSTOM = re.compile(r"(?m)^apiVersion: (?:monitoring|external-secrets|cert-manager|gateway)")
COMPARED = {1: 1, 1_000: 56, 9_000: 500}
GROWING = {1_000: 56, 10_000: 556, 100_000: 5_556}
PEAK = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL); "
PEAK += "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"


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


def rows(scratch: Path) -> Iterator[str]:
    """The rows of the table: what, ours and kubeconform's time and memory, and how many times faster ours is."""
    program, schemas = kubeconform.program(), scratch / "schemas"
    kubeconform.write(schemas)
    for objects, files in COMPARED.items() if program else ():
        folder = corpus(scratch / f"compared-{objects}", objects, files)
        ours, theirs = command(folder), kubeconform.words(str(program), schemas, folder)
        took = compare("", ours, theirs, rounds=5)
        times = f"{took.ours:.2f} s, {peak(ours)} MiB | {took.peer:.2f} s, {peak(theirs)} MiB | {1 / took.ratio:.1f}"
        yield f"| {objects} objects in {files} files | {times} |"
    for objects, files in GROWING.items():
        ours = command(corpus(scratch / f"growing-{objects}", objects, files))
        cost = min(seconds(ours) for _ in range(3)) / objects * 1e6
        yield f"| {objects} objects in {files} files | {cost:.0f} µs an object, {peak(ours)} MiB | | |"


def command(folder: Path) -> list[str]:
    return [OURS, "validate", "--no-cache", "--no-config", str(folder)]


def peak(words: Sequence[str]) -> int:
    """The resident memory of the largest process of a command, in MiB."""
    told = subprocess.run([sys.executable, "-c", PEAK, *words], capture_output=True, text=True, check=True)
    return int(told.stdout)


def main() -> None:
    """Print the table, a row as soon as it is measured."""
    print("| what | ours | kubeconform | times faster |\n|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        for row in rows(Path(scratch)):
            print(row, flush=True)


if __name__ == "__main__":
    main()
