"""What the API server takes is valid, and what it refuses is not; `tests/cluster/test_verdicts.py` asks it."""

import pytest

from hmco_charts.conformance.definitions import NEWEST
from hmco_charts.conformance.fault import WARNINGS
from hmco_charts.conformance.judge import faults
from hmco_charts.conformance.schemas import Schemas
from tests.conformance import custom, verdicts
from tests.conformance.verdicts import Case

CASES = [*verdicts.cases(), *custom.cases()]
OF_VERSIONS = [*verdicts.of_versions()]


@pytest.fixture(scope="module")
def schemas() -> Schemas:
    made = Schemas(NEWEST)
    made.add([custom.definition()])
    return made


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_verdict_is_the_api_servers(case: Case, schemas: Schemas) -> None:
    found = list(faults(schemas, case.object))
    assert ([fault.message for fault in found if fault.kind not in WARNINGS] == []) == case.is_taken, found
    assert found == [] or not case.is_taken, "a rule was not evaluated"


@pytest.mark.parametrize(("minor", "case"), OF_VERSIONS, ids=lambda each: getattr(each, "name", ""))
def test_the_verdict_is_that_of_the_version(minor: int, case: Case) -> None:
    found = [fault.message for fault in faults(Schemas(minor), case.object) if fault.kind not in WARNINGS]
    assert (found == []) == case.is_taken, found


def test_the_definition_of_the_custom_resource_is_right(schemas: Schemas) -> None:
    assert [fault.message for fault in faults(schemas, custom.definition())] == []
