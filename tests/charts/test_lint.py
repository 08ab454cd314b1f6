"""The policies and the schemas of Kubernetes on our own charts: nothing, in every profile."""

from pathlib import Path

import pytest
import yaml

from hmco_charts.conformance.definitions import NEWEST, OLDEST
from hmco_charts.conformance.judge import Options
from hmco_charts.conformance.run import validate
from hmco_charts.conformance.verdict import Status
from hmco_charts.generate import render, write
from hmco_charts.lint import PROFILES, lint
from hmco_charts.values import charts
from tests.charts.release import chart, objects
from tests.proof import Proof

CASES = [(name, profile) for name, one in charts().items() for profile in one.profiles]


@pytest.mark.parametrize(("name", "profile"), CASES)
def test_every_profile_is_clean(name: str, profile: str, tmp_path: Path, proof: Proof) -> None:
    write(render(name, profile=profile), tmp_path / name)
    result = lint([tmp_path / name], profile=PROFILES[-1])
    assert [(finding.rule, finding.span, finding.message) for finding in result.findings] == []
    assert result.objects > 0
    proof(name, "policies", profile)


@pytest.mark.parametrize(("name", "profile"), CASES)
def test_every_profile_is_valid_for_each_kubernetes(name: str, profile: str, tmp_path: Path, proof: Proof) -> None:
    file = tmp_path / "all.yaml"
    found = objects(chart(tmp_path, name, profile))
    file.write_text(yaml.safe_dump_all(found.values()))
    (report,) = validate([str(file)], Options(versions=range(OLDEST, NEWEST + 1)))
    assert [verdict for verdict in report.verdicts if verdict.status is not Status.VALID] == []
    assert report.counts[Status.VALID] == len(found)
    proof(name, "schema", profile)
