"""docs/proof.md tells what was proven of every chart, and why something was not."""

import re
from pathlib import Path

import pytest

from hmco_charts.values import charts
from tests.proof import NOTHING, OF_PROFILES, PAGE, Proof, page, read

NOT_STARTED = {
    "cert-manager": "upstream's chart installs it",
    "cluster-core": "it runs no program",
    "datahub": "no registry of packages has it",
    "dolphinscheduler": "no registry of packages has it; the Job's SQL runs on PostgreSQL",
    "doris-operator": "upstream's chart installs it",
    "doris": "no registry of packages has it; the Job's SQL runs on MariaDB",
    "flink-operator": "upstream's chart installs it",
    "grafana": "no registry of packages has it",
    "ingress-nginx": "upstream's chart installs it",
    "loki": "no registry of packages has it",
    "node-tuning": "it changes the node; its scripts run on files in the kernel's place",
    "promtail": "no registry of packages has Alloy or Promtail",
    "schema-registry": "no registry of packages has it",
}


STAND_IN = "no: upstream's chart has a stand-in without pods"
WRAPPERS = [name for name, chart in charts().items() if chart.upstream]


@pytest.mark.parametrize("name", WRAPPERS)
@pytest.mark.parametrize("column", ["running", "level"])
def test_pods_of_charts_of_others_are_not_said_to_run(name: str, column: str, proof: Proof) -> None:
    proof(name, column, STAND_IN)


@pytest.mark.parametrize("name", NOT_STARTED)
def test_what_was_not_started_is_told_with_its_reason(name: str, proof: Proof) -> None:
    proof(name, "program", f"no: {NOT_STARTED[name]}")


def test_the_page_is_nothing_but_its_cells() -> None:
    assert PAGE.read_text("utf-8") == page(read()), "run pytest --update-golden tests/test_proof.py"


def test_no_cell_is_empty_and_none_names_what_is_not_there() -> None:
    cells = read()
    assert [place for place, cell in cells.items() if cell == NOTHING] == []
    told = {(name, column): set(cells[name, column].split(", ")) for name in charts() for column in OF_PROFILES}
    others = {place: cell for place, cell in told.items() if cell != set(charts()[place[0]].profiles)}
    assert others == {(name, "running"): {STAND_IN} for name in WRAPPERS}


def test_each_program_that_is_told_has_a_test_that_starts_it() -> None:
    files = sorted((Path(__file__).parent / "charts").rglob("test_*.py"))
    started = {name for file in files for name in re.findall(r'proof\("([\w-]+)", "program"', file.read_text("utf-8"))}
    assert started | set(NOT_STARTED) == set(charts())
    assert started & set(NOT_STARTED) == set()
