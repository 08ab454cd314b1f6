"""Every chart that wraps no other takes part in a platform: no finding at any size, and its Secrets are made."""

from pathlib import Path

import pytest

from hmco_charts.generate import write
from hmco_charts.lint import Confidence, Finding, Severity, lint
from hmco_charts.values import charts
from tests.wiring.platforms import prepared

NODES = {"count": 1, "cpu": 64, "memory": "256Gi"}
CLUSTERS = {"dev": NODES, "small": NODES, "ha": {**NODES, "count": 3}}
OWN = [name for name, kind in charts().items() if kind.upstream is None]
BESIDE = {
    "datahub": ("elasticsearch", "kafka"),
    "dolphinscheduler": ("zookeeper",),
    "promtail": ("loki",),
    "schema-registry": ("kafka",),
}
"""What a chart needs beside the PostgreSQL that is always there."""

FROM_OUTSIDE = {
    ("loki", "ha"): ("loki-s3",),
    ("promtail", "ha"): ("loki-s3",),
    ("seatunnel", "ha"): ("seatunnel-s3",),
}
"""Secrets that people make: those of stores outside of the platform."""


def findings(folder: Path, chart: str, size: str) -> tuple[Finding, ...]:
    systems = {name: {} for name in (chart, "postgresql", *BESIDE.get(chart, ()))}
    found = prepared(folder, systems=systems, size=size, cluster={"nodes": [CLUSTERS[size]]})
    write(found.tree, folder / "out")
    return lint([folder / "out"], profile="production", severity=Severity.INFO, confidence=Confidence.LOW).findings


@pytest.mark.parametrize("size", ["dev", "small", "ha"])
@pytest.mark.parametrize("chart", OWN)
def test_a_chart_has_no_finding_and_no_secret_that_nobody_makes(chart: str, size: str, tmp_path: Path) -> None:
    found = [
        each for each in findings(tmp_path, chart, size) if each.rule != "HMC002"
    ]  # accepts what is of severity info
    assert [f"{each.rule} {each.message}" for each in found if each.severity > Severity.INFO] == []
    absent = {each.message for each in found if each.rule == "STO003"}
    assert absent == {f"Secret {name} is not in the input." for name in FROM_OUTSIDE.get((chart, size), ())}
