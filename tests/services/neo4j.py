"""Neo4j on this machine: its server, for as long as queries take, and its administration tool."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.services.install import need
from tests.services.java import jars

_QUERY = Path(__file__).with_name("QueryNeo4j.java")
_OPENED = ("java.base/java.nio", "java.base/java.lang", "java.base/sun.nio.ch")


def _java() -> list[str]:
    java = need(lambda: shutil.which("javac") and shutil.which("java"), "default-jdk-headless")
    opened = [f"--add-opens={package}=ALL-UNNAMED" for package in _OPENED]
    return [java, "-Xmx400m", "-XX:TieredStopAtLevel=1", *opened, "-cp", f"{jars('neo4j')}/*"]


def admin(folder: Path) -> Path:
    """A folder with the program `neo4j-admin`."""
    folder.mkdir(exist_ok=True)
    program = folder / "neo4j-admin"
    words = " ".join(f"'{word}'" for word in _java())
    program.write_text(f'#!/bin/sh\nexec {words} org.neo4j.cli.AdminTool "$@"\n')
    program.chmod(0o755)
    return folder


def query(home: Path, url: str, password: str, *queries: str) -> "subprocess.CompletedProcess[str]":
    """What the server of a home answers to queries over Bolt."""
    return subprocess.run(
        [*_java(), str(_QUERY), str(home), url, *queries],
        env=os.environ | {"AUTH_PASSWORD": password},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
