"""A real MariaDB, which speaks MySQL's protocol, on a free loopback port; made afresh and removed after."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.services.install import need
from tests.services.ports import free_port

PASSWORD = 'admin\'s "p@ss"/w#rd% \\ $HOME'
_SECONDS_TO_START = 20


@dataclass(frozen=True)
class Mariadb:
    folder: Path
    port: int
    host: str = "127.0.0.1"

    def ask(self, statement: str, user: str = "root", password: str = PASSWORD, database: str = "") -> str:
        """What the server answers, rows by lines; its errors too."""
        words = ["mysql", "--no-defaults", "-h", self.host, "-P", str(self.port), "-u", user, "-N", "-B", "--ssl"]
        env = {"PATH": os.environ["PATH"], "MYSQL_PWD": password}
        done = subprocess.run(
            [*words, "-e", statement, *([database] if database else [])],
            env=env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return (done.stdout + done.stderr).strip()


@contextmanager
def mariadb(configuration: str, files: Mapping[str, str]) -> Iterator[Mariadb]:
    """A running server, whose user `root` may come from anywhere with PASSWORD.

    Args:
        configuration: Its option file; `FOLDER` in it stands for the server's folder, `PORT` for its port.
        files: Texts of files in that folder.
    """
    need(lambda: shutil.which("mariadbd"), "mariadb-server")
    folder = Path(tempfile.mkdtemp(prefix="hmco-mariadb-"))
    try:
        server = Mariadb(folder, free_port())
        options = configuration.replace("FOLDER", str(folder)).replace("PORT", str(server.port))
        secret = PASSWORD.replace("\\", "\\\\").replace("'", "\\'")
        root = f"ALTER USER root@localhost IDENTIFIED BY '{secret}';\nCREATE USER root@'%' IDENTIFIED BY '{secret}';"
        own = {"server.cnf": options, "init.sql": f"{root}\nGRANT ALL ON *.* TO root@'%' WITH GRANT OPTION;\n"}
        for name, content in {**files, **own}.items():
            (folder / name).write_text(content)
        _give(folder)
        account = ["--user=mysql"] if os.geteuid() == 0 else []
        data = folder / "data"
        subprocess.run(
            ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--skip-test-db", *account],
            check=True,
            capture_output=True,
        )
        words = ["mariadbd", f"--defaults-file={folder / 'server.cnf'}", f"--init-file={folder / 'init.sql'}", *account]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(words, stdout=log, stderr=log)
        try:
            _wait_for(server, process, folder / "log")
            yield server
        finally:
            process.terminate()
            process.wait()
    finally:
        shutil.rmtree(folder)


def _give(folder: Path) -> None:
    """The server refuses to run as root, and its account reads what is its own."""
    if os.geteuid() == 0:
        account = pwd.getpwnam("mysql")
        for path in [folder, *folder.iterdir()]:
            os.chown(path, account.pw_uid, account.pw_gid)


def _wait_for(server: Mariadb, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    answer = ""
    while process.poll() is None and time.monotonic() < deadline:
        answer = server.ask("SELECT 1")
        if answer == "1":
            return
        time.sleep(0.1)
    raise RuntimeError(f"MariaDB did not start: {answer} {log.read_text()[-2000:]}")
