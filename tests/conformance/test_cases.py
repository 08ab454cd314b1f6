"""Each case is an object, what is changed in it, and every fault that is told of it."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from hmco_charts.conformance.fault import pointer
from hmco_charts.conformance.judge import faults
from hmco_charts.conformance.schemas import Schemas

FOLDER = Path(__file__).with_name("cases")
CASES = [case for file in sorted(FOLDER.glob("*.yaml")) for case in yaml.safe_load(file.read_text())]


@pytest.fixture(scope="module")
def schemas() -> Schemas:
    return Schemas(37)


def changed(case: dict[str, Any]) -> Any:
    made = copy.deepcopy(case["object"])
    for path, value in case.get("set", {}).items():
        *steps, last = path.split("/")
        holder = made
        for step in steps:
            holder = holder[int(step)] if isinstance(holder, list) else holder.setdefault(step, {})
        holder[int(last) if isinstance(holder, list) else last] = value
    return made


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_faults_of_an_object(case: dict[str, Any], schemas: Schemas) -> None:
    found = {pointer(fault.path): fault.message for fault in faults(schemas, changed(case))}
    assert found == case["faults"]


@pytest.mark.parametrize("case", [case for case in CASES if "set" in case], ids=lambda case: case["name"])
def test_without_the_change_nothing_is_told(case: dict[str, Any], schemas: Schemas) -> None:
    assert [fault.message for fault in faults(schemas, copy.deepcopy(case["object"]))] == []
