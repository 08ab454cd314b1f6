from pathlib import Path

import pytest

from hmco_charts.generate import render, write
from hmco_charts.values import charts
from tests.values.attack import leaks, misspellings, unreached, wrong_types
from tests.values.toys import TOY


@pytest.fixture(scope="module", params=[TOY, *charts().values()], ids=lambda chart: chart.name)
def chart(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("charts") / request.param.name
    write(render(request.param), folder)
    return folder


def test_misspelt_keys_are_refused(chart: Path) -> None:
    tried, accepted = misspellings(chart)
    assert len(accepted) <= 0.03 * tried, accepted


def test_values_of_a_wrong_type_are_refused(chart: Path) -> None:
    tried, accepted = wrong_types(chart)
    assert len(accepted) <= 0.03 * tried, accepted


def test_no_planted_credential_reaches_an_object(chart: Path) -> None:
    assert leaks(chart)[1] == [], "give each string a type of hmco_charts/values/text.py"


def test_the_attack_reaches_what_takes_a_text(chart: Path) -> None:
    tried, blind = unreached(chart)
    assert len(blind) <= 0.05 * tried, blind
