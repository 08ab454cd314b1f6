"""Programs of Maven Central: the jars of each `maven/<program>.xml`, kept in the machine's cache."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.services.install import missing, need

_POMS = Path(__file__).with_name("maven")
_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"


def jars(program: str) -> Path:
    """The folder with a program's jars; it is filled once."""
    pom = _POMS / f"{program}.xml"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hmco-charts"
    folder = cache / "jars" / f"{program}-{hashlib.sha256(pom.read_bytes()).hexdigest()[:16]}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            _resolve(pom, folder, cache / "maven")
    return folder


def java() -> str:
    """A JVM."""
    return need(lambda: shutil.which("java"), "default-jre-headless")


def _resolve(pom: Path, folder: Path, repository: Path) -> None:
    maven = need(lambda: shutil.which("mvn"), "maven")
    with tempfile.TemporaryDirectory(dir=folder.parent) as workplace:
        shutil.copy(pom, Path(workplace) / "pom.xml")
        options = [f"-Dmaven.repo.local={repository}", f"-DoutputDirectory={workplace}/jars", "-DincludeScope=runtime"]
        done = subprocess.run(
            [maven, "-q", "-B", *options, _PLUGIN],
            cwd=workplace,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        if done.returncode:
            missing(f"the jars of {pom.stem} cannot be had: {done.stdout[-500:]}")
        (Path(workplace) / "jars").rename(folder)
