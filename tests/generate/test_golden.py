"""What each profile and each `ci/` scenario of each chart installs, as one file that a reviewer can read."""

from pathlib import Path
from typing import Any

import pytest

from hmco_charts import helm, yamlio
from hmco_charts.generate import render, write
from hmco_charts.values import ChartType, charts
from tests.conftest import GOLDEN, Golden
from tests.values.toys import TOY

CHARTS = [TOY, *charts().values()]
PROFILES = [(chart, profile) for chart in CHARTS for profile in chart.profiles]
SCENARIOS = [(chart, file) for chart in CHARTS for file in sorted(chart.templates.glob("ci/*-values.yaml"))]


def installed(chart: ChartType, folder: Path, profile: str | None = None, values: dict[str, Any] | None = None) -> str:
    write(render(chart, profile=profile), folder / chart.name)
    manifests = helm.engine().render(folder / chart.name, values, name="release", namespace="apps", is_partial=True)
    return "".join(f"---\n# Source: {path}\n{text.strip()}\n" for path, text in sorted(manifests.items()))


@pytest.mark.parametrize(("chart", "profile"), PROFILES, ids=lambda part: getattr(part, "name", part))
def test_a_profile_installs_what_was_reviewed(chart: ChartType, profile: str, golden: Golden, tmp_path: Path) -> None:
    golden.check(f"{chart.name}/{profile}.yaml", installed(chart, tmp_path, profile))


@pytest.mark.parametrize(("chart", "scenario"), SCENARIOS, ids=lambda part: getattr(part, "name", part))
def test_a_scenario_installs_what_was_reviewed(
    chart: ChartType, scenario: Path, golden: Golden, tmp_path: Path
) -> None:
    values = yamlio.read(scenario.read_text("utf-8"), scenario.name)[0].value
    golden.check(f"{chart.name}/ci-{scenario.name}", installed(chart, tmp_path, values=values))


def test_there_is_golden_output_of_nothing_else() -> None:
    profiles = {f"{chart.name}/{profile}.yaml" for chart, profile in PROFILES}
    scenarios = {f"{chart.name}/ci-{scenario.name}" for chart, scenario in SCENARIOS}
    found = {path.relative_to(GOLDEN).as_posix() for path in GOLDEN.rglob("*.*")}
    assert {name for name in found if not name.startswith("report/")} == profiles | scenarios
