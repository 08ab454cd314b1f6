"""The Job that sets root's password, on a MariaDB, which speaks the same protocol and takes the same statement."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.charts import release
from tests.charts.release import containers, environment
from tests.services.install import need
from tests.services.ports import free_port

PASSWORD = "Of9Letters0and1Digits"
LIKE_DORIS = """\
CREATE USER 'root'@'%';
GRANT ALL ON *.* TO 'root'@'%';
DROP USER 'root'@'localhost', 'root'@'127.0.0.1';
DELETE FROM mysql.global_priv WHERE User = '';
FLUSH PRIVILEGES;
"""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server whose root has no password, as Doris' has."""
    need(lambda: shutil.which("mariadbd"), "mariadb-server")
    folder = Path(tempfile.mkdtemp(prefix="hmco-mariadb-"))
    at, user = free_port(), "--user=root"
    try:
        made = ["mariadb-install-db", "--auth-root-authentication-method=normal", f"--datadir={folder}/data", user]
        subprocess.run(made, check=True, capture_output=True)
        with (folder / "log").open("wb") as log:
            words = [
                "mariadbd",
                "--no-defaults",
                f"--datadir={folder}/data",
                f"--socket={folder}/socket",
                user,
                "--skip-name-resolve",
            ]
            more = [
                "--bind-address=127.0.0.1",
                f"--port={at}",
                f"--pid-file={folder}/pid",
                f"--init-file={folder}/init",
            ]
            (folder / "init").write_text(LIKE_DORIS)
            process = subprocess.Popen([*words, *more], stdout=log, stderr=log)
        try:
            for _ in range(100):
                if login(at, "").returncode == 0:
                    break
                time.sleep(0.2)
            yield at
        finally:
            process.terminate()
            process.wait(timeout=30)
    finally:
        shutil.rmtree(folder)


def login(port: int, password: str) -> "subprocess.CompletedProcess[str]":
    words = ["mysql", "--no-defaults", "-h", "127.0.0.1", "-P", str(port), "-u", "root", "-e", "SELECT 1"]
    variables = {"PATH": "/usr/bin:/bin", "MYSQL_PWD": password}
    return subprocess.run(words, env=variables, capture_output=True, text=True, check=False)


def test_root_gets_the_password_of_the_secret_and_keeps_it(port: int, tmp_path: Path) -> None:
    objects = release.objects(release.chart(tmp_path, "doris", "dev"))
    (job,) = (one for key, one in objects.items() if key.startswith("Job/"))
    (client,) = containers(job["spec"]["template"])
    words = [word.replace("9030", str(port)) for word in (*client["command"], *client["args"])]
    variables = environment(client, {("doris-root", "password"): PASSWORD})
    assert login(port, "").returncode == 0
    for _ in range(2):
        done = subprocess.run(
            words,
            env={"PATH": "/usr/bin:/bin", **variables, "FE": "127.0.0.1"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stdout) == (0, "root has the password of the Secret\n"), done.stderr
        assert PASSWORD not in done.stderr
        assert "SET PASSWORD" not in done.stderr
        assert login(port, PASSWORD).returncode == 0
        assert login(port, "").returncode == 1
