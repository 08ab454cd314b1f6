"""Trino's server of Maven Central, and what a client asks of a running one."""

import base64
import json
import re
import shutil
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.services.java import jars

_OLDEST_JAVA = 24
_VERSION = re.compile(r'JAVA_VERSION="(\d+)')
_SECONDS_TO_START = 240


def server() -> Path:
    """The folder of the server; it is unpacked once."""
    folder = jars("trino")
    for archive in folder.glob("*.tar.gz"):
        unpacked = folder / "unpacking"
        shutil.rmtree(unpacked, ignore_errors=True)
        unpacked.mkdir()
        subprocess.run(["tar", "-xzf", archive, "-C", unpacked, "--strip-components=1"], check=True)
        unpacked.rename(folder / "server")
        archive.unlink()
    return folder / "server"


def jdk() -> Path:
    """The home of a JDK that is new enough; no package of Debian brings one, so that without it the test is skipped."""
    versions = ((file.parent, _VERSION.search(file.read_text())) for file in Path("/usr/lib/jvm").glob("*/release"))
    found = sorted(home for home, version in versions if version and int(version[1]) >= _OLDEST_JAVA)
    if not found:
        pytest.skip(f"Trino needs Java {_OLDEST_JAVA} or newer, and /usr/lib/jvm has none")
    return found[0]


class Client:
    """A client of a node.

    Args:
        url: The node's URL.
        user: Who asks.
        password: His password; empty means that he has none.
    """

    def __init__(self, url: str, user: str, password: str = "") -> None:
        self.url = url
        self._headers = {"X-Trino-User": user}
        if password:
            self._headers["Authorization"] = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        self._tls = ssl.create_default_context()
        self._tls.check_hostname, self._tls.verify_mode = False, ssl.CERT_NONE

    def text(self, path: str, data: str | None = None) -> str:
        """What a request is answered with."""
        url = path if "://" in path else self.url + path
        request = urllib.request.Request(url, data.encode() if data else None, self._headers)
        with urllib.request.urlopen(request, timeout=60, context=self._tls) as answer:
            return str(answer.read().decode())

    def rows(self, query: str) -> list[list[Any]]:
        """What a query gives.

        Raises:
            RuntimeError: It failed; the reason is Trino's.
        """
        told = json.loads(self.text("/v1/statement", query))
        rows = told.get("data", [])
        while "nextUri" in told:
            told = json.loads(self.text(told["nextUri"]))
            rows += told.get("data", [])
        if "error" in told:
            raise RuntimeError(told["error"]["message"])
        return list(rows)

    def has_started(self) -> bool:
        """Whether the node says so."""
        with suppress(OSError):
            return json.loads(self.text("/v1/info"))["starting"] is False
        return False


def wait(until: Callable[[], bool], process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Waits for a node; its log tells what else happened."""
    deadline = time.monotonic() + _SECONDS_TO_START
    while process.poll() is None and time.monotonic() < deadline:
        if until():
            return
        time.sleep(0.5)
    raise RuntimeError("\n".join(log.read_text().splitlines()[-40:]))
