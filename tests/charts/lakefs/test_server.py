"""lakeFS itself, started with the rendered configuration and environment."""

import json
import re
import shutil
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hmco_charts.values.lakefs import CHART
from tests.charts import release
from tests.charts.release import Manifest, containers, environment, run
from tests.proof import Proof
from tests.services.certificate import certificate
from tests.services.go import built
from tests.services.ports import free_port
from tests.services.postgresql import ADMIN, PASSWORD, Postgresql, postgresql

DATABASE_PASSWORD = 'lakefs\'s "p@ss" \\ %41 $HOME'
SECRETS = {
    ("lakefs", "encryption-key"): "the encryption key",
    ("lakefs", "signing-key"): "the signing key",
    ("lakefs-postgresql", "password"): DATABASE_PASSWORD,
    ("lakefs-admin", "access-key-id"): "AKIAJEXAMPLEOFTHETEST",
    ("lakefs-admin", "secret-access-key"): "of the first administrator",
    ("lakefs-minio", "access-key-id"): "minio",
    ("lakefs-minio", "secret-access-key"): "of minio",
}
MINIO = CHART.templates / "ci/minio-autoscaled-values.yaml"


@dataclass(frozen=True)
class Running:
    """A server, and the release that it is of."""

    program: Path
    folder: Path
    port: int
    objects: dict[str, Manifest]
    log: Path

    def get(self, path: str) -> str:
        tls = ssl.create_default_context(cafile=str(self.folder / "etc/lakefs-tls/tls.crt"))
        with urllib.request.urlopen(f"https://localhost:{self.port}{path}", context=tls, timeout=10) as answer:
            text: str = answer.read().decode()
            return text

    def job(self, name: str) -> "subprocess.CompletedProcess[str]":
        (job,) = (one for key, one in self.objects.items() if key.startswith(f"Job/release-lakefs-{name}"))
        container = containers(job["spec"]["template"])[-1]
        folders = {"/tmp": self.folder / "tmp", "/etc/lakefs": self.folder / "etc/lakefs"}
        return run(container, secrets=SECRETS, folders=folders, path=self.program.parent)


def rendered(folder: Path, profile: str, told: dict[str, Any]) -> dict[str, Manifest]:
    return release.objects(release.chart(folder, "lakefs", profile), told)


def lay_out(objects: dict[str, Manifest], folder: Path, port: int) -> None:
    """The container's files in a folder, with the paths of the configuration there."""
    for name in ("etc/lakefs", "etc/lakefs-tls", "tmp", "cache", "data", "bin"):
        (folder / name).mkdir(parents=True)
    text = objects["ConfigMap/release-lakefs-config"]["data"]["config.yaml"]
    text = re.sub(r"(?<= )/(?=etc/|cache|data/)", f"{folder}/", text).replace("0.0.0.0:8000", f"127.0.0.1:{port}")
    (folder / "etc/lakefs/config.yaml").write_text(text)
    issued = certificate(folder)
    shutil.copy(issued.certificate, folder / "etc/lakefs-tls/tls.crt")
    shutil.copy(issued.key, folder / "etc/lakefs-tls/tls.key")
    (folder / "bin/lakefs").symlink_to(built("github.com/treeverse/lakefs", f"v{CHART.app_version}", "./cmd/lakefs"))


@contextmanager
def started(objects: dict[str, Manifest], folder: Path) -> Iterator[Running]:
    port = free_port()
    lay_out(objects, folder, port)
    (server,) = objects["Deployment/release-lakefs"]["spec"]["template"]["spec"]["containers"]
    words = [word.replace("/etc/lakefs", str(folder / "etc/lakefs")) for word in server["args"]]
    running = Running(folder / "bin/lakefs", folder, port, objects, folder / "log")
    with running.log.open("wb") as log:
        process = subprocess.Popen([running.program, *words], env=environment(server, SECRETS), stdout=log, stderr=log)
    try:
        wait_for(running, process)
        yield running
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_for(running: Running, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(150):
        if process.poll() is not None:
            break
        try:
            running.get("/_health")
        except (urllib.error.URLError, ConnectionError, ssl.SSLError):
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"lakeFS did not start: {running.log.read_text()}")


@pytest.fixture(scope="module")
def database() -> Iterator[Postgresql]:
    with postgresql() as server:
        with server.connect(ADMIN, PASSWORD, "postgres") as connection:
            connection.execute("CREATE ROLE lakefs LOGIN")
            connection.execute("SELECT set_config('app.password', %s, false)", [DATABASE_PASSWORD])
            connection.execute(
                "DO $$ BEGIN EXECUTE format('ALTER ROLE lakefs PASSWORD %L', current_setting('app.password')); END $$"
            )
            connection.execute("CREATE DATABASE lakefs OWNER lakefs")
        yield server


@pytest.fixture(scope="module")
def running(database: Postgresql, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("lakefs")
    told = release.values(MINIO.read_text("utf-8"))
    connection = {"host": database.host, "port": database.port, "sslMode": "disable", "sslRootCert": {"name": ""}}
    objects = rendered(folder, "ha", told | {"database": {"postgres": connection}})
    with started(objects, folder / "root") as server:
        yield server


def test_it_serves_with_tls_and_is_not_set_up_yet(running: Running, proof: Proof) -> None:
    assert running.get("/_health").startswith("alive!")
    assert json.loads(running.get("/api/v1/setup_lakefs"))["state"] == "not_initialized"
    proof("lakefs", "program", "lakeFS")


def test_the_first_administrator_is_made_once(running: Running) -> None:
    for _ in range(2):
        done = running.job("setup")
        assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "the first administrator is there")
        assert "of the first administrator" not in done.stdout + done.stderr
    assert json.loads(running.get("/api/v1/setup_lakefs"))["state"] == "initialized"


def test_the_migration_finds_nothing_to_do(running: Running) -> None:
    done = running.job("migration")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "No migrations to apply.")


def test_no_secret_is_in_its_log(running: Running) -> None:
    log = running.log.read_text()
    assert "Config" in log
    assert [name for name, secret in SECRETS.items() if secret in log and secret != "minio"] == []


def test_it_gives_the_metrics_that_the_alerts_use(running: Running) -> None:
    names = set(re.findall(r"^# TYPE (\S+)", running.get("/metrics"), re.MULTILINE))
    assert {"api_requests_total", "kv_request_duration_seconds", "lakefs_concurrent_requests"} <= names
    assert {"pgxpool_acquired_conns", "pgxpool_max_conns"} <= names


def test_it_serves_from_its_volume_alone(tmp_path: Path) -> None:
    told = {"tls": {"type": "existingSecret"}}
    with started(rendered(tmp_path, "dev", told), tmp_path / "root") as server:
        assert server.get("/_health").startswith("alive!")
        assert (tmp_path / "root/data/metadata").is_dir()
