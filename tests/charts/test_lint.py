"""The policies on our own charts: nothing, in every profile."""

from pathlib import Path

import pytest

from hmco_charts.generate import render, write
from hmco_charts.lint import PROFILES, lint
from hmco_charts.values import charts

CASES = [(name, profile) for name, chart in charts().items() for profile in chart.profiles]


@pytest.mark.parametrize(("name", "profile"), CASES)
def test_every_profile_is_clean(name: str, profile: str, tmp_path: Path) -> None:
    write(render(name, profile=profile), tmp_path / name)
    result = lint([tmp_path / name], profile=PROFILES[-1])
    assert [(finding.rule, finding.span, finding.message) for finding in result.findings] == []
    assert result.objects > 0
