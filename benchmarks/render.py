"""`python -m benchmarks.render`: all charts rendered, and held to what is there, as whole processes."""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.timing import processor_seconds, seconds

HERE = Path(__file__).resolve().parents[1]
OURS = str(Path(sys.executable).with_name("hmco-charts"))
ROUNDS = 5


def rows(scratch: Path) -> Iterator[str]:
    """The rows of the table: what, its time, that of the processors, and the time that it may take on two of them."""
    charts = str(scratch / "charts")
    render, check = ([OURS, "render", *more, "--output", charts] for more in ((), ("--check",)))
    yield row("render of all charts, cold", render, 2)
    yield row("render --check, warm", check, 0.5)


def row(name: str, command: list[str], most: float) -> str:
    """The best of some runs after one that nobody measures."""
    runs = [(seconds(command), processor_seconds(command)) for _ in range(ROUNDS + 1)][1:]
    took, busy = map(min, zip(*runs, strict=True))
    return f"| {name} | {took:.2f} s | {busy:.2f} s | {most} s |"


def main() -> None:
    """Print the table, a row as soon as it is measured."""
    print("| what | took | of processors | at most |\n|---|---|---|---|", flush=True)
    os.chdir(HERE)
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["XDG_CACHE_HOME"] = scratch
        for each in rows(Path(scratch)):
            print(each, flush=True)


if __name__ == "__main__":
    main()
