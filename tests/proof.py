"""The table of docs/proof.md: a test that has proven something says so, and fails where the table does not."""

import fcntl
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from hmco_charts.conformance.definitions import NEWEST, OLDEST
from hmco_charts.values import charts

PAGE = Path(__file__).parents[1] / "docs" / "proof.md"
COLUMNS = {
    "schema": f"valid for Kubernetes 1.{OLDEST} to 1.{NEWEST}",
    "policies": "policies find nothing",
    "level": "Pod Security",
    "running": "all pods Running, drained, removed",
    "upgrade": "upgraded, rolled back",
    "program": "started by its program",
}
OF_PROFILES = ("schema", "policies", "running", "upgrade")
"""Columns whose cells list profiles; each is proven by a run of its own."""
NOTHING = "-"
_HEAD = """# What is proven

Written by the tests that prove it (`pytest --update-golden`), and held to them: a cell names the profiles, or the
program, with which a test passes; `no` comes with its reason.

- **valid for Kubernetes**: every object, by the schemas of each minor version and what the API server checks beyond
  them.
- **policies**: `hmco-charts lint --profile pedantic`, each scenario and switch of the chart included.
- **Pod Security**: the level that the namespace enforced on the control plane.
- **all pods Running**: on Kubernetes' own API server, controllers and scheduler, `dev` on one node and the others on
  three. No object is refused or warned about, no Service is without endpoints, each node is drained under the
  disruption budgets, and what is left behind is meant to stay.
- **upgraded**: from the same chart under older numbers, with other labels, annotations and pull secrets, and back.
- **started by its program**: what the chart writes runs as its container would run it.

The wired platform of `examples/hmco` goes through the same on the nodes that it names.

The nodes of that control plane are played by kwok: no kubelet mounts, probes or runs anything there. So the pods of
`helm test` are admitted and not run; Vault's Services of active and standby pods have no endpoints, as Vault itself
labels them; a chart that wraps one of others is installed, upgraded and removed with a stand-in in its place.

"""


class Proof:
    """What tests have proven; `proof("kafka", "program", "Kafka 4.1")` in a test.

    Args:
        update: Whether the page is written rather than compared.
    """

    def __init__(self, *, update: bool) -> None:
        self._update = update

    def __call__(self, chart: str, column: str, item: str) -> None:
        """Say at the end of a test what it has proven: in columns of profiles one more, else the cell."""
        with _alone():
            cells = read()
            told = set(cells[chart, column].split(", ") if column in OF_PROFILES else [cells[chart, column]])
            if self._update:
                profiles = set(charts()[chart].profiles)
                told = {item, *(told & profiles if item in profiles else ())}
                PAGE.write_text(page(cells | {(chart, column): ", ".join(sorted(told))}), "utf-8")
        assert item in told, f"{PAGE} does not say {item!r} of {chart}, {column}: run pytest --update-golden"


def page(cells: Mapping[tuple[str, str], str]) -> str:
    """The page that tells the cells of every chart."""
    head = [["chart", *COLUMNS.values()], ["---"] * (len(COLUMNS) + 1)]
    rows = [[f"[{one}](../charts/{one}/README.md)", *(cells[one, column] for column in COLUMNS)] for one in charts()]
    return _HEAD + "".join(f"| {' | '.join(row)} |\n" for row in (*head, *rows))


def read() -> dict[tuple[str, str], str]:
    """The cells of the page by chart and column, of all charts that there are."""
    text = PAGE.read_text("utf-8") if PAGE.exists() else ""
    rows = {row[1]: row[2].split(" | ") for row in re.finditer(r"^\| \[([\w-]+)\]\S+ \| (.*) \|$", text, re.MULTILINE)}
    told = {name: rows.get(name, [NOTHING] * len(COLUMNS)) for name in charts()}
    return {(name, column): cell for name in charts() for column, cell in zip(COLUMNS, told[name], strict=True)}


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time."""
    with Path(__file__).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
