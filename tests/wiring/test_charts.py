"""Every chart that wraps no other takes part in a platform: no finding at any size, and its Secrets are made."""

from pathlib import Path

import pytest

from hmco_charts.generate import write
from hmco_charts.lint import Confidence, Finding, Severity, lint
from hmco_charts.values import charts
from tests.wiring.platforms import prepared

THREE = {"nodes": [{"count": 3, "cpu": 16, "memory": "64Gi"}], "zones": 3}
OWN = [name for name, kind in charts().items() if kind.upstream is None]
FROM_OUTSIDE = {("seatunnel", "ha"): {"Secret seatunnel-s3 is not in the input."}}
"""What a store outside of the platform gives: only its owner can make these."""


def findings(folder: Path, chart: str, size: str) -> tuple[Finding, ...]:
    found = prepared(folder, systems={chart: {}, "postgresql": {}}, size=size, cluster=THREE)
    write(found.tree, folder / "out")
    return lint([folder / "out"], profile="production", severity=Severity.INFO, confidence=Confidence.LOW).findings


@pytest.mark.parametrize("size", ["dev", "small", "ha"])
@pytest.mark.parametrize("chart", OWN)
def test_a_chart_has_no_finding_and_no_secret_that_nobody_makes(chart: str, size: str, tmp_path: Path) -> None:
    found = findings(tmp_path, chart, size)
    assert [f"{each.rule} {each.message}" for each in found if each.severity > Severity.INFO] == []
    absent = {each.message for each in found if each.rule == "STO003"}
    assert absent == FROM_OUTSIDE.get((chart, size), set())
