"""Files that are shared out to processes give the reports that one process gives."""

from pathlib import Path

import pytest

from hmco_charts.conformance import sharing
from hmco_charts.conformance.judge import Options
from hmco_charts.conformance.run import validate

SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {{name: a{0}}}\nspec: {{ports: [{{port: {1}}}]}}\n"


def test_several_processes_say_what_one_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(9):
        (tmp_path / f"{number}.yaml").write_text(SERVICE.format(number, "80" if number % 3 else "'80'"))
    alone = validate([str(tmp_path)], Options(), keeps_valid=True)
    monkeypatch.setattr(sharing, "_LEAST_BYTES", 0)
    monkeypatch.setattr(sharing.os, "cpu_count", lambda: 3)
    together = validate([str(tmp_path)], Options(), keeps_valid=True)
    assert together == alone
    assert [Path(report.file).name for report in together] == [f"{number}.yaml" for number in range(9)]
    assert [report.verdicts[0].status.value for report in together] == ["invalid", "valid", "valid"] * 3


def test_a_file_that_cannot_be_read_is_told_by_whoever_had_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "_LEAST_BYTES", 0)
    paths = [str(tmp_path / f"{number}.yaml") for number in range(4)]
    told = [report.verdicts[0].reason for report in validate(paths, Options())]
    assert told == ["No such file or directory"] * 4


def test_a_process_that_dies_costs_no_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "_LEAST_BYTES", 0)
    monkeypatch.setattr(sharing, "_WORDS", ("false",))
    for number in range(4):
        (tmp_path / f"{number}.yaml").write_text(SERVICE.format(number, 80))
    assert [sum(report.counts.values()) for report in validate([str(tmp_path)], Options())] == [1] * 4
