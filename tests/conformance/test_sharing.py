"""Files that are shared out to processes give the reports that one process gives; pytest's own may not be forked."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

_VALIDATE = """
import json, os, sys
from hmco_charts.conformance import run
from hmco_charts.inputs import sharing
from hmco_charts.conformance.judge import Options

main, judge_file = os.getpid(), run.judge_file

def told(*paths, number=3):
    sharing._LEAST_BYTES, sharing.processors = 0, lambda: number
    reports = run.validate(paths, Options(), keeps_valid=True)
    says = lambda each: [each.status.value, each.reason, each.line, [fault.fault.message for fault in each.faults]]
    print(json.dumps([[os.path.basename(report.file), *map(says, report.verdicts)] for report in reports]))

def dies_elsewhere(file, *args, **options):
    if os.getpid() != main:
        os._exit(1)
    return judge_file(file, *args, **options)
"""
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {{name: a{0}}}\nspec: {{ports: [{{port: {1}}}]}}\n"


def _told(call: str) -> Any:
    command = [sys.executable, "-W", "error", "-c", f"{_VALIDATE}\n{call}"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout)


def _services(folder: Path, number: int) -> None:
    for at in range(number):
        (folder / f"{at}.yaml").write_text(SERVICE.format(at, "80" if at % 3 else "'80'"))


def test_several_processes_say_what_one_says(tmp_path: Path) -> None:
    _services(tmp_path, 9)
    together = _told(f"told({str(tmp_path)!r})")
    assert together == _told(f"told({str(tmp_path)!r}, number=1)")
    assert [name for name, _ in together] == [f"{number}.yaml" for number in range(9)]
    assert [verdict[0] for _, verdict in together] == ["invalid", "valid", "valid"] * 3


_MEETING = """
here, there = os.pipe(), os.pipe()

def meets(*_, **__):
    mine, others = (here, there) if os.getpid() == main else (there, here)
    os.write(mine[1], b"x")
    os.read(others[0], 1)
    return run.Report(str(os.getpid() == main))

run.judge_file = meets
"""


def test_the_work_is_shared_out(tmp_path: Path) -> None:
    """Each file is done once another process has one too."""
    _services(tmp_path, 2)
    assert sorted(_told(f"{_MEETING}\ntold({str(tmp_path)!r}, number=2)")) == [["False"], ["True"]]


def test_a_file_that_cannot_be_read_is_told_by_whoever_had_it(tmp_path: Path) -> None:
    paths = [str(tmp_path / f"{number}.yaml") for number in range(4)]
    assert [verdict[1] for _, verdict in _told(f"told(*{paths!r})")] == ["No such file or directory"] * 4


def test_a_process_that_dies_costs_no_verdict(tmp_path: Path) -> None:
    _services(tmp_path, 4)
    alone = _told(f"told({str(tmp_path)!r}, number=1)")
    assert _told(f"run.judge_file = dies_elsewhere\ntold({str(tmp_path)!r})") == alone
