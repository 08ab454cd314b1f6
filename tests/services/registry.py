"""Debian's `docker-registry` on a free loopback port."""

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.services.certificate import Certificate
from tests.services.install import need
from tests.services.ports import free_port

USER, PASSWORD = "publisher", "correct-horse"
_HTPASSWD = "publisher:$2y$05$FK86RBiU6ZhMj6fv.PtGHOc3PvrCEodGqGQHSKqA4YERUL..Cvz.G\n"
_SECONDS_TO_START = 20


@dataclass(frozen=True)
class Registry:
    host: str
    store: Path
    ca_file: Path | None = None


@contextmanager
def registry(folder: Path, *, tls: Certificate | None = None, auth: dict[str, Any] | None = None) -> Iterator[Registry]:
    """A running registry with its store below `folder`; `auth` is its configuration's own section."""
    program = need(lambda: shutil.which("docker-registry"), "docker-registry")
    host, store = f"127.0.0.1:{free_port()}", folder / "store"
    store.mkdir(exist_ok=True)
    http = {"addr": host}
    if tls:
        http["tls"] = {"certificate": str(tls.certificate), "key": str(tls.key)}
    configuration = {
        "version": 0.1,
        "log": {"level": "error", "accesslog": {"disabled": True}},
        "storage": {"filesystem": {"rootdirectory": str(store)}},
        "http": http,
    } | ({"auth": auth} if auth else {})
    file = folder / "registry.yml"
    file.write_text(json.dumps(configuration))
    with (folder / "registry.log").open("wb") as log:
        process = subprocess.Popen([program, "serve", str(file)], stdout=log, stderr=log)
    try:
        _wait_for(host, process, folder / "registry.log")
        yield Registry(host, store, tls.certificate if tls else None)
    finally:
        process.terminate()
        process.wait()


def basic_auth(folder: Path) -> dict[str, Any]:
    """The `auth` section that lets USER in with PASSWORD."""
    file = folder / "htpasswd"
    file.write_text(_HTPASSWD)
    return {"htpasswd": {"realm": "tests", "path": str(file)}}


def _wait_for(host: str, process: subprocess.Popen[bytes], log: Path) -> None:
    address, _, port = host.partition(":")
    deadline = time.monotonic() + _SECONDS_TO_START
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex((address, int(port))) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError(f"docker-registry did not start: {log.read_text()}")
