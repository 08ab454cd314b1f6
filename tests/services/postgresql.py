"""A real PostgreSQL on a free loopback port, made afresh and removed after."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.services.install import need
from tests.services.ports import free_port

ADMIN, PASSWORD = "postgres", "admin's p@ss/w#rd%"
_SECONDS_TO_START = 30


@dataclass(frozen=True)
class Postgresql:
    programs: Path
    port: int
    host: str = "127.0.0.1"

    def connect(self, user: str, password: str, database: str) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(
            host=self.host, port=self.port, user=user, password=password, dbname=database, autocommit=True
        )


@contextmanager
def postgresql(files: Mapping[str, str] | None = None, configuration: Sequence[str] = ()) -> Iterator[Postgresql]:
    """A running server whose administrator is ADMIN with PASSWORD.

    Args:
        files: Texts of files in the server's folder, which only its account reads; `FOLDER` in them stands for it.
        configuration: Options of the server, likewise.
    """
    programs = Path(need(_programs, "postgresql"))
    folder = Path(tempfile.mkdtemp(prefix="hmco-postgresql-"))
    account = _account()
    try:
        server = Postgresql(programs, free_port())
        _initialise(programs, folder, account)
        for name, content in (files or {}).items():
            _write(folder / name, content.replace("FOLDER", str(folder)), account)
        told = [word.replace("FOLDER", str(folder)) for word in configuration]
        options = ["-k", "", "-h", server.host, "-p", str(server.port), "-F", *told]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [programs / "postgres", "-D", folder / "data", *options], stdout=log, stderr=log, user=account
            )
        try:
            _wait_for(server, process, folder / "log")
            yield server
        finally:
            process.send_signal(2)  # SIGINT: a fast shutdown
            process.wait()
    finally:
        shutil.rmtree(folder)


def _programs() -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return str(found[-1].parent) if found else None


def _account() -> str | None:
    """PostgreSQL refuses to run as root."""
    return pwd.getpwnam("postgres").pw_name if os.geteuid() == 0 else None


def _write(file: Path, content: str, account: str | None) -> None:
    file.write_text(content)
    file.chmod(0o600)
    if account:
        shutil.chown(file, account)


def _initialise(programs: Path, folder: Path, account: str | None) -> None:
    secret = folder / "password"
    if account:
        shutil.chown(folder, account)
    _write(secret, PASSWORD, account)
    subprocess.run(
        [programs / "initdb", "-D", folder / "data", "-U", ADMIN, "-A", "scram-sha-256", "--pwfile", secret, "-N"],
        check=True,
        capture_output=True,
        user=account,
        cwd="/",
    )


def _wait_for(server: Postgresql, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while process.poll() is None and time.monotonic() < deadline:
        ready = [server.programs / "pg_isready", "-q", "-h", server.host, "-p", str(server.port)]
        if subprocess.run(ready, check=False).returncode == 0:
            return
        time.sleep(0.02)
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text()}")
