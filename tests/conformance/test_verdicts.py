"""What the API server takes is valid, and what it refuses is not; `tests/cluster/test_verdicts.py` asks it."""

import pytest

from hmco_charts.conformance.definitions import NEWEST
from hmco_charts.conformance.fault import WARNINGS
from hmco_charts.conformance.judge import faults
from hmco_charts.conformance.schemas import Schemas
from tests.conformance.verdicts import Case, cases


@pytest.fixture(scope="module")
def schemas() -> Schemas:
    return Schemas(NEWEST)


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.name)
def test_the_verdict_is_the_api_servers(case: Case, schemas: Schemas) -> None:
    told = [fault.message for fault in faults(schemas, case.object) if fault.kind not in WARNINGS]
    assert (told == []) == case.is_taken, told
