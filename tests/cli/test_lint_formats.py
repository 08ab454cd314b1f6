"""`hmco-charts lint --format`: several reports at once, and where they go."""

import json
import os
from pathlib import Path

import pytest

from hmco_charts.report import FORMATS

BAD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  url: postgres://app:tr0ub4dor@db/app\n"


def test_several_reports_go_to_their_files_and_one_to_standard_output(run, tmp_path: Path) -> None:
    words = [word for form in FORMATS if form != "jsonl" for word in ("--format", f"{form}=out.{form}")]
    result = run("lint", "-", *words, "--format", "jsonl", stdin=BAD)
    assert (result.returncode, result.stderr) == (1, "")
    assert json.loads(result.stdout)["rule"] == "SEC001"
    for form in set(FORMATS) - {"jsonl"}:
        assert "SEC001" in (tmp_path / f"out.{form}").read_text() or form == "gitlab"
    assert json.loads((tmp_path / "out.gitlab").read_text())[0]["check_name"] == "plaintext-credential-in-configmap"


def test_a_report_in_a_file_leaves_standard_output_empty(run, tmp_path: Path) -> None:
    result = run("lint", "-", "--format", "sarif=out.sarif", stdin=BAD)
    assert (result.returncode, result.stdout, result.stderr) == (1, "", "")
    assert json.loads((tmp_path / "out.sarif").read_text())["version"] == "2.1.0"


def test_a_dash_is_standard_output(run) -> None:
    assert json.loads(run("lint", "-", "--format", "json=-", stdin=BAD).stdout)["summary"]["error"] == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["xml"], "'xml' is none of text, concise, json, jsonl, sarif, junit, github, gitlab."),
        (["json="], "'json=' names no file."),
        (["json", "text"], "Only one report goes to standard output"),
        (["json=a", "text=a"], "Two reports go to a."),
    ],
)
def test_what_cannot_be_written_is_refused_before_the_work(run, words: list[str], told: str) -> None:
    result = run("lint", "nowhere", *(part for word in words for part in ("--format", word)))
    assert (result.returncode, result.stdout) == (2, "")
    assert told in " ".join(result.stderr.split())


def test_a_file_that_cannot_be_written_is_told(run) -> None:
    result = run("lint", "-", "--format", "json=no/such/folder.json", stdin=BAD)
    assert result.returncode == 2
    assert result.stderr.startswith("error: no/such/folder.json: cannot be written: No such file")


@pytest.mark.parametrize("form", FORMATS)
def test_a_name_that_is_no_text_is_reported_too(run, tmp_path: Path, form: str) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.yaml")).write_text(BAD + "---\na: [\n")
    result = run("lint", ".", "--format", form)
    assert (result.returncode, result.stderr) == (3, "")
    assert "caf" in result.stdout
