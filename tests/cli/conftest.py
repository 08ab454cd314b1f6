"""The command line as a user runs it: a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
PROGRAM = Path(sys.executable).with_name("hmco-charts")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def call(*arguments: object, stdin: str = "", cwd: Path = tmp_path, **variables: str):
        words = [str(PROGRAM), *map(str, arguments)]
        environment = {**os.environ, **variables}
        return subprocess.run(
            words, input=stdin, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=120
        )

    return call
