"""`render --platform`, `plan` and `lint` of what they write, as a user runs them."""

import json
from pathlib import Path

import pytest

from hmco_charts.values import charts
from hmco_charts.values.platform import read

EXAMPLES = Path(__file__).parents[2] / "examples" / "hmco"
PLATFORM = """\
cluster:
  nodes: [{cpu: 4, memory: 8Gi}]
certificates: {type: certManager, certManager: {issuerRef: {name: ca}}}
systems:
  postgresql:
  vault: {namespace: vault-prod, values: {storage: {type: postgresql}}}
"""


@pytest.fixture
def platform(tmp_path: Path) -> Path:
    (tmp_path / "platform.yaml").write_text(PLATFORM)
    return tmp_path / "platform.yaml"


def test_what_is_written_is_as_planned_and_lints_clean(run, platform: Path, tmp_path: Path) -> None:
    done = run("render", "--platform", "platform.yaml", "-o", "out")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("wrote out (")
    planned = run("plan", "platform.yaml", "--format", "json")
    told = json.loads(planned.stdout)
    assert [each["name"] for each in told["releases"]] == ["postgresql", "vault"]
    for each in told["releases"]:
        assert set(each) == {"name", "namespace", "chart", "values", "needs"}
        assert all((tmp_path / "out" / path).exists() for path in (each["chart"], *each["values"]))
    assert run("render", "--platform", "platform.yaml", "-o", "out", "--check").stdout == "out is as rendered\n"
    lint = run("lint", "out", "--profile", "production")
    assert (lint.returncode, lint.stderr) == (0, "")


def test_what_a_system_does_without_is_told(run, platform: Path) -> None:
    apart = "  grafana: {namespace: graphs}\n  prometheus: {namespace: metrics}\n"
    platform.write_text(PLATFORM.replace("memory: 8Gi", "memory: 16Gi") + apart)
    told = "grafana does without prometheus of prometheus: what grafana says to prometheus would leave its namespace"
    assert told in run("render", "--platform", "platform.yaml", "-o", "out").stderr
    assert told in run("plan", "platform.yaml").stdout


def test_a_change_of_the_platform_shows_as_drift(run, platform: Path, tmp_path: Path) -> None:
    run("render", "--platform", "platform.yaml", "-o", "out")
    (tmp_path / "platform.yaml").write_text(PLATFORM.replace("  vault:", "  lakefs:\n  vault:"))
    check = run("render", "--platform", "platform.yaml", "-o", "out", "--check")
    assert check.returncode == 1
    assert "missing: out/values/lakefs.yaml" in check.stdout
    assert "changed: out/values/postgresql.yaml" in check.stdout
    assert "+++ out/values/lakefs.yaml" in run("render", "--platform", "platform.yaml", "-o", "out", "--diff").stdout
    assert not (tmp_path / "out/values/lakefs.yaml").exists()


def test_a_system_that_goes_takes_its_files_along(run, platform: Path, tmp_path: Path) -> None:
    run("render", "--platform", "platform.yaml", "-o", "out")
    (tmp_path / "platform.yaml").write_text(PLATFORM[: PLATFORM.index("  vault:")])
    assert run("render", "--platform", "platform.yaml", "-o", "out").returncode == 0
    assert not (tmp_path / "out/values/vault.yaml").exists()


def test_a_platform_that_cannot_be_writes_nothing(run, platform: Path, tmp_path: Path) -> None:
    platform.write_text(PLATFORM.replace("  postgresql:\n", ""))
    done = run("render", "--platform", "platform.yaml", "-o", "out")
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        2,
        "error: platform.yaml:5:3: vault needs postgresql (vault), which no system offers",
    )
    assert not (tmp_path / "out").exists()
    assert run("plan", "platform.yaml").returncode == 2


def test_a_platform_says_everything_itself(run, platform: Path) -> None:
    done = run("render", "vault", "--platform", "platform.yaml")
    assert done.returncode == 2
    assert "--platform takes everything from its file" in done.stderr


@pytest.mark.parametrize("name", ["platform.yaml", "platform-ha.yaml"])
def test_the_examples_fit_their_nodes_and_lint_clean(run, name: str, tmp_path: Path) -> None:
    done = run("render", "--platform", EXAMPLES / name, "-o", "out")
    assert (done.returncode, done.stderr) == (0, "")
    for profile in ("min", "basic", "production"):
        lint = run("lint", "out", "--profile", profile, "--confidence", "low")
        assert (lint.returncode, lint.stdout.splitlines()[-1].partition(": ")[2]) == (0, "nothing found."), lint.stdout


def test_the_examples_hold_every_chart_that_wraps_no_other() -> None:
    own = {name for name, kind in charts().items() if kind.upstream is None}
    for name in ("platform.yaml", "platform-ha.yaml"):
        assert set(read(EXAMPLES / name).systems) >= own
