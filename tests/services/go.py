"""Programs that no Debian package has, built from their Go module, once, into the cache."""

import fcntl
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

HELM = {
    3: ("helm.sh/helm/v3", "v3.22.0", "./cmd/helm"),
    4: ("helm.sh/helm/v4", "v4.3.1", "./cmd/helm"),
}
"""Helm's programs by major version."""
_REPLACED_BY_A_FOLDER = re.compile(r"^replace .* => \.{1,2}/.*\n", re.MULTILINE)


def built(module: str, version: str, package: str) -> Path:
    """The program of a module, such as `./cmd/lakefs`.

    Building takes minutes: it is done where HMCO_REQUIRE_SERVICES=1 asks for it, else the test is skipped.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hmco-charts-tests"
    program = cache / f"{Path(module if package == '.' else package).name}-{version}"
    if not program.exists():
        if os.environ.get("HMCO_REQUIRE_SERVICES") != "1" or not shutil.which("go"):
            pytest.skip(f"{program} is not there; HMCO_REQUIRE_SERVICES=1 builds it, with Go, in minutes")
        with _alone(cache):
            if not program.exists():
                _build(module, version, package, program)
    return program


@contextmanager
def _alone(cache: Path) -> Iterator[None]:
    """One build at a time: two of the same would take twice as long."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "building").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build(module: str, version: str, package: str, program: Path) -> None:
    told = subprocess.run(["go", "mod", "download", "-json", f"{module}@{version}"], check=True, stdout=subprocess.PIPE)
    part = program.with_suffix(f".{os.getpid()}")
    with _buildable(Path(json.loads(told.stdout)["Dir"])) as folder:
        # What the module's own go.mod replaces has no entry in its go.sum, and not always one in the public log.
        environment = {**os.environ, "GOFLAGS": "-mod=mod", "GONOSUMDB": f"{module}/*"}
        subprocess.run(["go", "build", "-o", part, package], cwd=folder, env=environment, check=True)
    part.replace(program)


@contextmanager
def _buildable(module: Path) -> Iterator[Path]:
    """A module's folder; a copy where it replaces others by folders of its repository, which are not in it."""
    told = (module / "go.mod").read_text("utf-8")
    alone = _REPLACED_BY_A_FOLDER.sub("", told)
    if alone == told:
        yield module
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(module, Path(folder, "module"), copy_function=shutil.copyfile)
        subprocess.run(["chmod", "-R", "u+w", copy], check=True)
        (copy / "go.mod").write_text(alone, "utf-8")
        yield copy
