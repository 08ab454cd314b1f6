"""`hmco-charts lint` with the settings of a project: the file that holds, the options that win, the baseline."""

import json
from pathlib import Path

import pytest

BAD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  url: postgres://app:tr0ub4dor@db/app\n"
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: nginx:latest}]}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "manifests").mkdir()
    (tmp_path / "manifests" / "bad.yaml").write_text(BAD)
    (tmp_path / "manifests" / "pod.yaml").write_text(POD)
    return tmp_path


@pytest.fixture
def lint(run, project: Path):
    """Lints the project's manifests in its folder; gives the ids of rules and the exit code."""

    def call(*options: str, settings: str = "", file: str = "hmco-charts.yaml", code: int | None = None) -> list[str]:
        (project / file).write_text(settings)
        result = run("lint", "manifests", "--format", "json", *options, cwd=project)
        assert code in (None, result.returncode), result.stderr
        return sorted(each["rule"] for each in json.loads(result.stdout)["findings"])

    return call


@pytest.mark.parametrize(
    ("settings", "options", "expected"),
    [
        ("lint: {select: [SEC001]}", [], ["SEC001"]),
        ("lint: {select: [SEC001]}", ["--select", "IMG001"], ["IMG001"]),
        ("lint: {select: [SEC001]}", ["--no-config", "--select", "SEC001,IMG001"], ["IMG001", "SEC001"]),
        ("lint: {select: [SEC, IMG], ignore: [IMG001]}", [], ["SEC001"]),
        ("lint: {select: [SEC001, IMG001], exclude: [manifests/pod.yaml]}", [], ["SEC001"]),
        ("lint: {select: [SEC001, IMG001]}", ["--exclude", "manifests/bad*"], ["IMG001"]),
        ("lint: {select: [SEC001, IMG001], severity: error}", [], ["SEC001"]),
        ("lint: {select: [SEC001, IMG001], severity: error, severities: {IMG001: error}}", [], ["IMG001", "SEC001"]),
        ("lint: {select: [SEC001], suppressions: [{rule: SEC001, reason: x}]}", [], ["HMC003", "SEC001"]),
        ("lint: {select: [IMG001], suppressions: [{rule: IMG001, reason: x, object: Pod/a}]}", [], []),
        ("lint: {select: [IMG001], suppressions: [{rule: IMG001, reason: x}]}", ["--no-ignores"], ["IMG001"]),
    ],
)
def test_settings_hold_and_options_win(lint, settings: str, options: list[str], expected: list[str]) -> None:
    assert lint(*options, settings=settings) == expected


def test_settings_may_stand_in_pyproject(lint) -> None:
    assert lint(settings='[tool.hmco-charts.lint]\nselect = ["SEC001"]\n', file="pyproject.toml") == ["SEC001"]


def test_settings_may_be_named(lint, project: Path) -> None:
    (project / "other.yaml").write_text("lint: {select: [IMG001]}")
    assert lint("--config", "other.yaml", settings="lint: {select: [SEC001]}") == ["IMG001"]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("lint: {slect: [SEC001]}", "hmco-charts.yaml:1:8: unknown key `lint.slect`; did you mean `select`?"),
        ("lint: {severities: {SEC01: error}}", "unknown rule 'SEC01'"),
        ("lint: {select: [NOPE]}", "unknown rule 'NOPE'"),
        ("lint: {baseline: none.json}", "no such baseline"),
        ("lint: [", "hmco-charts.yaml:1"),
    ],
)
def test_wrong_settings_are_an_error_at_their_place(run, project: Path, settings: str, told: str) -> None:
    (project / "hmco-charts.yaml").write_text(settings)
    result = run("lint", "manifests", cwd=project)
    assert (result.returncode, result.stdout) == (2, "")
    assert told in result.stderr


def test_a_baseline_is_written_shrinks_and_grows_only_when_told(lint, project: Path) -> None:
    settings = "lint: {select: [SEC001, IMG001], baseline: known.json}"
    assert lint("--baseline-update", settings=settings, code=0) == []
    assert lint(settings=settings, code=0) == []
    (project / "manifests" / "new.yaml").write_text(BAD.replace("name: a", "name: b"))
    (project / "manifests" / "pod.yaml").write_text(POD.replace("latest", "1.27.1"))
    assert lint("--baseline-update", settings=settings, code=1) == ["SEC001"]
    assert "IMG001" not in (project / "known.json").read_text()
    assert lint("--baseline-grow", settings=settings, code=0) == []
    assert lint(settings=settings, code=0) == []


def test_a_baseline_to_write_must_be_named(run, project: Path) -> None:
    result = run("lint", "manifests", "--baseline-update", cwd=project)
    assert result.returncode == 2
    assert "Name it with --baseline FILE." in result.stderr


def test_the_text_tells_what_was_accepted(run, project: Path) -> None:
    (project / "hmco-charts.yaml").write_text("lint: {select: [IMG001, SEC001], baseline: known.json}")
    run("lint", "manifests/bad.yaml", "--baseline-update", cwd=project)
    (project / "manifests" / "pod.yaml").write_text("# hmco: ignore-file IMG001 reason='a test'\n" + POD)
    result = run("lint", "manifests", cwd=project)
    assert result.returncode == 0
    assert "nothing found. 1 suppressed; 1 known." in result.stdout
