"""`python -m benchmarks render`: all charts written, and held to what is there."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks import OURS
from benchmarks.timing import Row, alone


def rows(scratch: Path) -> Iterator[Row]:
    """A cold run, and a check of what it wrote."""
    charts = str(scratch / "charts")
    yield alone("render of all charts", [OURS, "render", "--output", charts], note="at most 2 s on two processors")
    check = [OURS, "render", "--check", "--output", charts]
    yield alone("render --check of all charts, from the cache", check, note="at most 0.5 s")
