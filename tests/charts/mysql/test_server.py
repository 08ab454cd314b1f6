"""The rendered configuration, provisioning, backup and restore with MariaDB, which speaks MySQL's protocol."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from hmco_charts import resources
from tests.charts import release
from tests.charts.release import Manifest, containers, run
from tests.proof import Proof
from tests.services.certificate import certificate
from tests.services.install import need
from tests.services.mariadb import PASSWORD, Mariadb, mariadb
from tests.services.ports import free_port

SCENARIO = resources.directory("chart_templates") / "mysql/ci/shared-values.yaml"
ODD = 'it\'s "p@ss" \\ %41 $HOME `id` #'
SECRETS = {
    ("mysql-admin", "password"): PASSWORD,
    ("mysql-exporter", "password"): "of the exporter",
    ("seatunnel-mysql", "password"): ODD,
    ("dolphin-mysql", "pw"): "of dolphin",
    ("auditor", "password"): "of the auditor",
    ("loader", "password"): "of the loader",
}
OPTIONS = {"ssl-mode=VERIFY_IDENTITY": "ssl-verify-server-cert", "set-gtid-purged=OFF\n": ""}
"""Options of MySQL's clients, and what MariaDB's have in their place."""
Render = Callable[..., dict[str, Manifest]]


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> Render:
    chart = release.chart(tmp_path_factory.mktemp("chart"), "mysql", "ha")
    scenario = release.values(SCENARIO.read_text("utf-8"))
    return lambda **more: release.objects(chart, scenario | more, name="shared", namespace="databases")


@dataclass(frozen=True)
class Instance:
    """A server that runs with the rendered configuration, and the release's containers beside it."""

    server: Mariadb
    objects: Render

    def provision(
        self, secrets: dict[tuple[str, str], str] = SECRETS, **more: Any
    ) -> "subprocess.CompletedProcess[str]":
        found = self.objects(**more)
        (job,) = (one for name, one in found.items() if name.startswith("Job/shared-mysql-databases"))
        (container,) = containers(job["spec"]["template"])
        script = found["ConfigMap/shared-mysql-databases"]["data"]["provision.sh"]
        return self.run(container | {"command": ["/bin/sh", "-c"], "args": [script]}, secrets)

    def cron(self, name: str, backups: Path, **instead: str) -> "subprocess.CompletedProcess[str]":
        job = self.objects(backup={"enabled": True, "retention": 2})[f"CronJob/shared-mysql-{name}"]
        (container,) = containers(job["spec"]["jobTemplate"]["spec"]["template"])
        return self.run(container, SECRETS, {"/backup": backups}, **instead)

    def run(
        self,
        container: Manifest,
        secrets: dict[tuple[str, str], str],
        folders: Mapping[str, Path] = MappingProxyType({}),
        **instead: str,
    ) -> "subprocess.CompletedProcess[str]":
        here = {"SERVICE": self.server.host, "MYSQL_TCP_PORT": str(self.server.port)}
        with tempfile.TemporaryDirectory() as scratch:
            words = [one.replace("/tmp/", f"{scratch}/") for one in container["args"]]
            for ours, mariadbs in OPTIONS.items():
                words = [one.replace(ours, mariadbs) for one in words]
            found = {"/etc/mysql-ca": self.server.folder, **folders}
            told = container | {"args": words}
            return run(told, secrets=secrets, folders=found, path=Path("/usr/bin"), instead=here | instead)


@contextmanager
def started(objects: Render, folder: Path) -> Iterator[Instance]:
    told = objects()["ConfigMap/shared-mysql-config"]["data"]["server.cnf"]
    for ours, here in {
        "/data/mysql": "FOLDER/data",
        "/var/run/mysqld": "FOLDER",
        "/etc/mysql-tls": "FOLDER",
        "bind-address = *": "bind-address = 127.0.0.1",
        "port = 3306": "port = PORT",
    }.items():
        told = told.replace(ours, here)
    issued = certificate(folder)
    names = {"tls.crt": issued.certificate, "ca.crt": issued.certificate, "tls.key": issued.key}
    with mariadb(told, {name: path.read_text() for name, path in names.items()}) as server:
        yield Instance(server, objects)


@pytest.fixture(scope="module")
def instance(objects: Render, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    with started(objects, tmp_path_factory.mktemp("instance")) as running:
        for _ in range(2):
            done = running.provision()
            assert (done.returncode, done.stderr) == (0, "")
            assert done.stdout.splitlines()[-1] == "users and databases are ready"
        yield running


def test_the_server_runs_with_the_rendered_configuration(instance: Instance, proof: Proof) -> None:
    wanted = {
        "max_connections": "204",
        "innodb_buffer_pool_size": str(1024 << 20),
        "performance_schema": "1",
        "require_secure_transport": "1",
        "tx_isolation": "READ-COMMITTED",
        "collation_server": "utf8mb4_bin",
        "binlog_expire_logs_seconds": "259200",
        "log_bin": "1",
        "skip_name_resolve": "1",
    }
    assert {name: instance.server.ask(f"SELECT @@{name}") for name in wanted} == wanted
    proof("mysql", "program", "MariaDB in the place of MySQL")


def test_a_user_does_all_in_its_database_and_nothing_elsewhere(instance: Instance) -> None:
    server = instance.server
    made = "CREATE TABLE IF NOT EXISTS t (id INT PRIMARY KEY, name TEXT); REPLACE INTO t VALUES (1, 'ü');"
    made += "SELECT name FROM t"
    assert server.ask(made, "seatunnel", ODD, "seatunnel") == "ü"
    for database in ("dolphin_scheduler", "mysql"):
        assert "Access denied" in server.ask("SELECT 1", "seatunnel", ODD, database)
    assert "Access denied" in server.ask("CREATE USER u", "seatunnel", ODD)


def test_an_underscore_in_a_grant_is_no_wildcard(instance: Instance) -> None:
    server = instance.server
    server.ask("CREATE DATABASE IF NOT EXISTS dolphinxscheduler")
    assert "Access denied" in server.ask("SELECT 1", "dolphin", "of dolphin", "dolphinxscheduler")
    assert server.ask("SELECT @@character_set_database", "dolphin", "of dolphin", "dolphin_scheduler") == "latin1"


def test_others_read_or_write_and_create_nothing(instance: Instance) -> None:
    server, database = instance.server, "dolphin_scheduler"
    server.ask("CREATE TABLE IF NOT EXISTS t (id INT)", "dolphin", "of dolphin", database)
    assert server.ask("INSERT INTO t VALUES (7)", "loader", "of the loader", database) == ""
    assert server.ask("SELECT DISTINCT id FROM t", "auditor", "of the auditor", database) == "7"
    assert "denied" in server.ask("INSERT INTO t VALUES (8)", "auditor", "of the auditor", database)
    assert "denied" in server.ask("CREATE TABLE u (id INT)", "loader", "of the loader", database)


def test_a_privilege_that_was_taken_out_of_the_list_is_taken_away(instance: Instance) -> None:
    scenario = release.values(SCENARIO.read_text("utf-8"))["databases"]
    scenario["dolphin_scheduler"]["grants"]["loader"]["privileges"] = "read"
    assert instance.provision(databases=scenario).returncode == 0
    told = instance.server.ask("INSERT INTO t VALUES (9)", "loader", "of the loader", "dolphin_scheduler")
    assert "INSERT command denied" in told
    assert instance.provision().returncode == 0


def test_a_changed_password_is_set_and_the_old_one_refused(instance: Instance) -> None:
    assert instance.provision(SECRETS | {("auditor", "password"): "changed"}).returncode == 0
    assert instance.server.ask("SELECT 1", "auditor", "changed") == "1"
    assert "Access denied" in instance.server.ask("SELECT 1", "auditor", "of the auditor")
    assert instance.provision().returncode == 0


def test_no_password_is_in_the_output_of_the_job(instance: Instance) -> None:
    done = instance.provision()
    assert not any(secret in done.stdout + done.stderr for secret in SECRETS.values())


def test_the_administrator_is_nobodys_user(instance: Instance) -> None:
    done = instance.provision(databases={"a": {"owner": {"name": "root", "password": {"name": "auditor"}}}})
    assert done.returncode == 3
    assert "root is an administrator" in done.stderr


def test_nobody_connects_without_tls(instance: Instance) -> None:
    words = ["mysql", "--no-defaults", "--skip-ssl", "-h", "127.0.0.1", "-P", str(instance.server.port), "-u", "root"]
    env = {"PATH": os.environ["PATH"], "MYSQL_PWD": PASSWORD}
    done = subprocess.run([*words, "-e", "SELECT 1"], env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")


@pytest.mark.parametrize("password", [PASSWORD, "no longer the password"])
def test_the_probes_pass_while_the_server_answers(instance: Instance, password: str, tmp_path: Path) -> None:
    (server, _) = containers(instance.objects()["StatefulSet/shared-mysql"]["spec"]["template"])
    (tmp_path / "password").write_text(password)

    def passes(port: int) -> bool:
        words = [
            word.replace("/run/secrets/admin", str(tmp_path)).replace("3306", str(port))
            for word in server["readinessProbe"]["exec"]["command"]
        ]
        return subprocess.run(words, capture_output=True, check=False).returncode == 0

    assert passes(instance.server.port)
    assert not passes(free_port())


def test_the_exporters_user_gives_the_metrics_that_the_alerts_need(instance: Instance) -> None:
    program = need(lambda: shutil.which("prometheus-mysqld-exporter"), "prometheus-mysqld-exporter")
    address = f"127.0.0.1:{free_port()}"
    source = f"mysqld_exporter:of the exporter@unix({instance.server.folder}/mysqld.sock)/"
    words = [program, f"--web.listen-address={address}"]
    process = subprocess.Popen(words, env={"DATA_SOURCE_NAME": source}, stderr=subprocess.DEVNULL)
    try:
        ask = ["curl", "-s", "--retry", "20", "--retry-connrefused", "--retry-delay", "1", f"http://{address}/metrics"]
        told = subprocess.run(ask, capture_output=True, text=True, check=True).stdout
    finally:
        process.terminate()
        process.wait()
    known = release.values((Path(__file__).parent / "metrics.yaml").read_text())
    found = {line.split("{")[0].split(" ")[0] for line in told.splitlines()}
    assert set(known["seen on a run of mysqld_exporter 0.14 beside MariaDB 10.11"]) - found == set()
    assert "mysql_up 1" in told.splitlines()


def test_the_test_of_the_release_ends_well(instance: Instance) -> None:
    (container,) = containers(instance.objects()["Pod/shared-mysql-test"])
    done = instance.run(container, SECRETS)
    assert (done.returncode, done.stderr) == (0, "")
    assert "seatunnel" in done.stdout.splitlines()


def test_backups_are_restored_into_an_empty_server(objects: Render, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    for old in ("shared-mysql-20010101T000000Z", "shared-mysql-20020101T000000Z", "stale.part"):
        (kept / old).mkdir(parents=True)
    (tmp_path / "first").mkdir()
    with started(objects, tmp_path / "first") as first:
        first.provision()
        first.server.ask("CREATE TABLE t (name TEXT); INSERT INTO t VALUES ('ü\\n')", "seatunnel", ODD, "seatunnel")
        first.server.ask("CREATE PROCEDURE p() SELECT name FROM t", database="seatunnel")
        done = first.cron("backup", kept)
        assert (done.returncode, done.stderr) == (0, "")
    older, newest = sorted(path.name for path in kept.iterdir())
    assert older == "shared-mysql-20020101T000000Z"
    assert sorted(path.name for path in (kept / newest).iterdir()) == ["dolphin_scheduler.sql", "seatunnel.sql"]

    (tmp_path / "second").mkdir()
    with started(objects, tmp_path / "second") as second:
        second.provision()
        second.server.ask("CREATE TABLE later (id INT)", "seatunnel", ODD, "seatunnel")
        for _ in range(2):
            done = second.cron("restore", kept)
            assert (done.returncode, done.stderr) == (0, "")
            assert done.stdout.count("restored ") == 2
        assert second.server.ask("SHOW TABLES; CALL p()", "seatunnel", ODD, "seatunnel") == "t\nü\\n"
        done = second.cron("restore", kept, DATABASE="seatunnel", RUN=newest)
        assert done.stdout == f"restored seatunnel from {kept}/{newest}\n"
        done = second.cron("restore", kept, DATABASE="absent", RUN=newest)
        assert (done.returncode != 0, done.stdout) == (True, "")
        assert f"{kept}/{newest}/absent.sql" in done.stderr
        done = second.cron("restore", kept, RUN="absent")
        assert (done.returncode, done.stderr) == (1, f"there is no backup {kept}/absent\n")
