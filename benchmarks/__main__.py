"""`python -m benchmarks [PART…]`: prints one table, a row as soon as it is measured, and writes it to results.md.

The peers are those that are installed: kubeconform, kube-linter, kube-score, helm.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

from benchmarks.timing import HEAD

PARTS = ("commands", "render", "lint", "validate")
RESULTS = Path(__file__).with_name("results.md")


def table(parts: Sequence[str]) -> Iterator[str]:
    """The lines of the table."""
    yield HEAD
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["XDG_CACHE_HOME"] = scratch
        for part in parts:
            yield from map(str, import_module(f"benchmarks.{part}").rows(Path(scratch)))


def main() -> None:
    """Measure the parts that are asked for; all of them are written down."""
    lines = []
    for line in table(sys.argv[1:] or PARTS):
        print(line, flush=True)
        lines.append(line)
    if not sys.argv[1:]:
        head = (
            f"Measured on {time.strftime('%Y-%m-%d')} with {os.cpu_count()} processors; medians of whole processes.\n"
        )
        RESULTS.write_text("\n".join(("# Results\n", head, *lines, "")))


main()
