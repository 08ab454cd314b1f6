"""Known findings: held against the structure, never against lines, and a file that only shrinks unless told."""

from pathlib import Path

import pytest

from hmco_charts.errors import ConfigurationError
from hmco_charts.lint import Baseline, Result, Severity, baseline, lint

ONE = "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata:\n  url: postgres://app:tr0ub4dor@db/app\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.yaml").write_text(ONE.format(name="a"))
    (tmp_path / "b.yaml").write_text(ONE.format(name="b"))
    return tmp_path


def run(folder: Path, held: Baseline | None = None, *paths: Path, **settings: object) -> Result:
    return lint(paths or [folder], select=["SEC001"], baseline=held, **settings)


@pytest.fixture
def held(folder: Path) -> Baseline:
    """The baseline of the folder, written and read again."""
    first = Baseline(folder / "baseline.json").including(run(folder).findings)
    baseline.write(first)
    again = baseline.read(first.file)
    assert again == first
    return again


def test_known_findings_are_not_given_again(folder: Path, held: Baseline) -> None:
    result = run(folder, held)
    assert (result.findings, len(result.known), dict(result.gone)) == ((), 2, {})
    assert result.exit_code == 0


def test_a_known_finding_survives_moved_lines(folder: Path, held: Baseline) -> None:
    moved = "# a comment\n\n" + ONE.format(name="a").replace("\ndata:", "\ndata:\n  other: x")
    (folder / "a.yaml").write_text(moved)
    assert run(folder, held).findings == ()


def test_a_new_finding_is_given(folder: Path, held: Baseline) -> None:
    (folder / "c.yaml").write_text(ONE.format(name="c"))
    assert [str(each.object) for each in run(folder, held).findings] == ["ConfigMap/c"]


def test_the_same_fault_once_more_is_new(folder: Path, held: Baseline) -> None:
    (folder / "copy.yaml").write_text(ONE.format(name="a"))
    assert len(run(folder, held).findings) == 1


def test_what_is_gone_is_told_and_can_be_removed(folder: Path, held: Baseline) -> None:
    (folder / "a.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
    result = run(folder, held)
    assert [each.object for each in result.gone.values()] == ["ConfigMap/a"]
    after = held.without(result.gone)
    assert [each.object for each in after.entries.values()] == ["ConfigMap/b"]


def test_files_that_were_not_linted_are_not_gone(folder: Path, held: Baseline) -> None:
    assert dict(run(folder, held, folder / "b.yaml").gone) == {}


def test_findings_below_the_threshold_are_not_gone(folder: Path, held: Baseline) -> None:
    assert dict(run(folder, held, severities={"SEC001": Severity.INFO}).gone) == {}


def test_rules_that_did_not_run_have_nothing_gone(folder: Path, held: Baseline) -> None:
    assert dict(lint([folder], select=["VLT001"], baseline=held).gone) == {}


def test_input_that_cannot_be_analysed_is_never_known(folder: Path, held: Baseline) -> None:
    (folder / "c.yaml").write_text("kind: ConfigMap\napiVersion: v1\ndata: [")
    result = run(folder, held)
    assert [each.rule for each in result.findings] == ["HMC001"]
    assert held.including(result.findings) == held


def test_the_file_holds_no_value_and_no_absolute_path(held: Baseline) -> None:
    text = held.file.read_text()
    assert "tr0ub4dor" not in text
    assert str(held.file.parent) not in text


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"findings": {"a": 1}}', '{"findings": {"a": {"rule": "x"}}}', "\0"])
def test_a_damaged_baseline_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "baseline.json").write_text(text)
    with pytest.raises(ConfigurationError, match="no baseline"):
        baseline.read(tmp_path / "baseline.json")
