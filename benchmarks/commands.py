"""`python -m benchmarks commands`: how soon the command line answers, and what Helm takes for the same chart."""

import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks import CHARTS, OURS
from benchmarks.timing import Row, compared, find


def rows(_: Path) -> Iterator[Row]:
    """Starting, and templating and linting a chart beside Helm."""
    yield compared(
        "--version", [OURS, "--version"], "Python with click", [sys.executable, "-c", "import click"], rounds=11
    )
    vault = str(CHARTS / "vault")
    if helm := find("helm"):
        yield compared("template of charts/vault", [OURS, "template", vault], "helm", [helm, "template", vault])
        ours = [OURS, "lint", "--no-cache", vault]
        yield compared("lint of charts/vault, with 36 scenarios", ours, "helm lint", [helm, "lint", vault])
