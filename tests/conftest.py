import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.proof import Proof

GOLDEN = Path(__file__).with_name("golden")
PROGRAM = Path(sys.executable).with_name("hmco-charts")
Run = Callable[..., subprocess.CompletedProcess[str]]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write what is rendered into tests/golden")
    parser.addoption("--update-expected", action="store_true", help="write what rules find beside their fixtures")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> "Golden":
    return Golden(update=request.config.getoption("--update-golden"))


@pytest.fixture
def proof(request: pytest.FixtureRequest) -> Proof:
    return Proof(update=request.config.getoption("--update-golden"))


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """The command line as a user runs it: a process of its own."""

    def call(*arguments: object, stdin: str = "", cwd: Path = tmp_path, **variables: str):
        words = [str(PROGRAM), *map(str, arguments)]
        environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path.parent), **variables}
        return subprocess.run(
            words, input=stdin, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=120
        )

    return call


class Golden:
    """Texts that were looked at and found right; `pytest --update-golden` writes them anew."""

    def __init__(self, *, update: bool) -> None:
        self._update = update

    def check(self, name: str | Path, text: str) -> None:
        file = GOLDEN / name  # the file itself, where that is a whole path
        if self._update:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        assert file.is_file(), f"there is no {file}: look at what pytest --update-golden writes"
        assert text == file.read_text("utf-8"), "look at the change; if it is right, run pytest --update-golden"
