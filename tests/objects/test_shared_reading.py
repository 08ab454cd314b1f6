"""Manifests that several processes read are those that one reads; pytest's own may not be forked."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

_READ = """
import json, sys
from hmco_charts.inputs import sharing
from hmco_charts.objects import read

sharing._LEAST_BYTES = 0
folder, jobs = sys.argv[1:]
steps = []
inputs = read([folder], jobs=int(jobs), progress=lambda done, total: steps.append([done, total]))
objects = [[each.file, each.name, each.span(("data", "a")).line] for each in inputs.releases[0].objects]
unread = [[each.at.file, each.at.line, each.reason] for each in inputs.unread]
print(json.dumps([objects, [each.name for each in inputs.releases[0].fragments], unread, inputs.foreign, steps]))
"""


def _told(folder: Path, jobs: int) -> Any:
    command = [sys.executable, "-W", "error", "-c", _READ, str(folder), str(jobs)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout)


def test_several_processes_read_what_one_reads(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.yaml").write_text(f"kind: ConfigMap\nmetadata: {{name: c{number}}}\ndata:\n  a: b\n")
    (tmp_path / "5.yaml").write_text("server: [\n")
    (tmp_path / "6.yaml").write_text("kind: ConfigMap\nmetadata: {name: t}\ndata:\n  a: {{ .Values.a }}\n")
    (tmp_path / "7.yaml").write_text("nothing: of ours\n")
    alone, together = _told(tmp_path, 1), _told(tmp_path, 3)
    assert together[:4] == alone[:4]
    objects, fragments, unread, foreign, _ = together
    assert [(name, line) for _, name, line in objects] == [(f"c{number}", 4) for number in range(5)]
    assert (fragments, len(unread), foreign) == (["t"], 2, 1)


def test_progress_counts_the_files_of_this_process(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"{number}.yaml").write_text("kind: ConfigMap\nmetadata: {name: c}\n")
    every = [[1, 4], [2, 4], [3, 4], [4, 4]]
    assert _told(tmp_path, 1)[-1] == every
    counted = _told(tmp_path, 2)[-1]
    assert counted == every[: len(counted)]
