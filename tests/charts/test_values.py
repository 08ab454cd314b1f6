"""The values of our own charts."""

from pathlib import Path

import pytest

from hmco_charts.values import ChartType, charts
from tests.values.idle import idle


@pytest.mark.parametrize("chart", charts().values(), ids=lambda chart: chart.name)
def test_every_value_changes_something_that_is_installed(chart: ChartType, tmp_path: Path) -> None:
    assert idle(chart, tmp_path) == [], "use the value in a template, or do not offer it"
