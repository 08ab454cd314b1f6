"""`python -m benchmarks`: prints one table; ours, the peer, and their ratio."""

import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.timing import Comparison, compare, find

HERE = Path(__file__).resolve().parents[1]
OURS = str(Path(sys.executable).with_name("hmco-charts"))


def comparisons() -> Iterator[Comparison]:
    """Every comparison whose peer is installed."""
    yield compare(
        "start: --version / interpreter and click",
        [OURS, "--version"],
        [sys.executable, "-c", "import click"],
    )
    incident = str(HERE / "examples" / "incident")
    if kube_linter := find("kube-linter"):
        yield compare("lint of the incident / kube-linter", [OURS, "lint", incident], [kube_linter, "lint", incident])
    if helm := find("helm"):
        vault = str(HERE / "charts" / "vault")
        yield compare("template vault / helm", [OURS, "template", "vault"], [helm, "template", vault])
        yield compare("lint charts/vault / helm lint", [OURS, "lint", vault], [helm, "lint", vault])


def main() -> None:
    """Print the table, a row as soon as it is measured."""
    print("| what | ours ms | peer ms | ratio |\n|---|---|---|---|", flush=True)
    for comparison in comparisons():
        print(comparison.row(), flush=True)


main()
