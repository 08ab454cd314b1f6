"""Helm's own programs, of both major versions, on every chart and profile."""

import subprocess
from pathlib import Path

import pytest

from hmco_charts.generate import render, write
from hmco_charts.values import charts
from tests.services import go
from tests.values.stub import stub


@pytest.fixture(scope="module", params=go.HELM)
def helm(request: pytest.FixtureRequest) -> Path:
    return go.built(*go.HELM[request.param])


@pytest.mark.parametrize(("name", "profile"), [(name, one) for name, each in charts().items() for one in each.profiles])
def test_it_lints_strictly_and_templates(helm: Path, name: str, profile: str, tmp_path: Path) -> None:
    write(render(name, profile=profile), tmp_path / name)
    stub(charts()[name], tmp_path / name / "charts")
    for words in (["lint", "--strict"], ["template", "release"]):
        command = [helm, *words, tmp_path / name, "--kube-version=1.31.0"]  # what is built from its module knows none
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
