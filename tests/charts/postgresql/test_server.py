"""The rendered configuration, provisioning, backup and restore with a real PostgreSQL."""

import re
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from hmco_charts import resources
from hmco_charts.values.postgresql import PostgresExporter
from tests.charts import release
from tests.charts.release import Manifest, containers, environment, run
from tests.charts.vault.test_bootstrap import LOCK, PUT
from tests.proof import Proof
from tests.services.certificate import certificate
from tests.services.go import built
from tests.services.ports import free_port
from tests.services.postgresql import ADMIN, PASSWORD, Postgresql, postgresql

METRICS = Path(__file__).with_name("metrics.yaml")
SCENARIO = resources.directory("chart_templates") / "postgresql/ci/shared-values.yaml"
VAULT_PASSWORD = 'vault\'s "p@ss" \\ %41 $HOME'
SECRETS = {
    ("postgresql-admin", "password"): PASSWORD,
    ("postgresql-exporter", "password"): "of the exporter",
    ("vault-postgresql", "password"): VAULT_PASSWORD,
    ("lakefs-postgresql", "pw"): "of lakefs",
    ("auditor", "password"): "of the auditor",
    ("loader", "password"): "of the loader",
}
Render = Callable[..., dict[str, Manifest]]


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> Render:
    chart = release.chart(tmp_path_factory.mktemp("chart"), "postgresql", "ha")
    scenario = release.values(SCENARIO.read_text("utf-8"))
    # The extra module is part of another Debian package.
    scenario["configuration"].pop("sharedPreloadLibraries")

    def of(**more: Any) -> dict[str, Manifest]:
        return release.objects(chart, scenario | more, name="shared", namespace="databases")

    return of


@dataclass(frozen=True)
class Instance:
    """A server that runs with the rendered configuration, and the release's containers beside it."""

    server: Postgresql
    authority: Path
    objects: Render
    folder: Path

    def provision(self, secrets: dict[tuple[str, str], str] = SECRETS, **more: Any) -> subprocess.CompletedProcess[str]:
        found = self.objects(**more)
        (self.folder / "provision.sh").write_text(
            found["ConfigMap/shared-postgresql-databases"]["data"]["provision.sh"]
        )
        (job,) = (one for name, one in found.items() if name.startswith("Job/shared-postgresql-databases"))
        return self.run(job["spec"]["template"], {"/etc/provisioning": self.folder}, secrets)

    def cron(self, name: str, backups: Path, **instead: str) -> subprocess.CompletedProcess[str]:
        job = self.objects(backup={"enabled": True, "retention": 2})[f"CronJob/shared-postgresql-{name}"]
        folders = {"/tmp": self.folder, "/backup": backups}
        return self.run(job["spec"]["jobTemplate"]["spec"]["template"], folders, SECRETS, **instead)

    def run(
        self, pod: Manifest, folders: dict[str, Path], secrets: dict[tuple[str, str], str], **instead: str
    ) -> subprocess.CompletedProcess[str]:
        (container,) = containers(pod)
        here = {"PGHOST": "localhost", "PGPORT": str(self.server.port), "PGSSLROOTCERT": str(self.authority)}
        return run(container, secrets=secrets, folders=folders, path=self.server.programs, instead=here | instead)

    def connect(self, user: str, password: str, database: str) -> "psycopg.Connection[tuple[object, ...]]":
        return self.server.connect(user, password, database)


@contextmanager
def started(objects: Render, folder: Path) -> Iterator[Instance]:
    told = objects()["ConfigMap/shared-postgresql-config"]["data"]
    issued = certificate(folder)
    files = {
        "postgresql.conf": told["postgresql.conf"].replace("/etc/postgresql-tls", "FOLDER"),
        "pg_hba.conf": told["pg_hba.conf"],
        "tls.crt": issued.certificate.read_text(),
        "ca.crt": issued.certificate.read_text(),
        "tls.key": issued.key.read_text(),
    }
    options = ["-c", "config_file=FOLDER/postgresql.conf", "-c", "hba_file=FOLDER/pg_hba.conf"]
    with postgresql(files, options) as server:
        yield Instance(server, issued.certificate, objects, folder)


@pytest.fixture(scope="module")
def instance(objects: Render, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    with started(objects, tmp_path_factory.mktemp("instance")) as running:
        for _ in range(2):
            done = running.provision()
            assert (done.returncode, done.stderr) == (0, "")
            assert done.stdout.splitlines()[-1] == "roles and databases are ready"
        yield running


def test_the_server_runs_with_the_rendered_configuration(instance: Instance, proof: Proof) -> None:
    with instance.connect(ADMIN, PASSWORD, "postgres") as connection:
        found = dict(connection.execute("SELECT name, current_setting(name) FROM pg_settings").fetchall())
        faults = connection.execute("SELECT name, error FROM pg_file_settings WHERE error IS NOT NULL").fetchall()
        lines = connection.execute("SELECT error FROM pg_hba_file_rules WHERE error IS NOT NULL").fetchall()
    wanted = {
        "max_connections": "204",
        "shared_buffers": "512MB",
        "work_mem": "2MB",
        "wal_level": "logical",
        "ssl": "on",
    }
    assert {name: found[name] for name in wanted} == wanted
    ours = {"listen_addresses", "port", "unix_socket_directories"}  # on the command line, where the test has its own
    assert ([fault for fault in faults if fault[0] not in ours], lines) == ([], [])
    proof("postgresql", "program", "PostgreSQL")


def test_vaults_statements_work_as_its_role_in_tables_that_it_makes(instance: Instance) -> None:
    with instance.connect("vault", VAULT_PASSWORD, "vault") as connection:
        connection.execute(
            "CREATE TABLE vault_kv_store (parent_path TEXT, path TEXT, key TEXT, value BYTEA, PRIMARY KEY (path, key))"
        )
        connection.execute(
            "CREATE TABLE vault_ha_locks"
            " (ha_key TEXT PRIMARY KEY, ha_identity TEXT, ha_value TEXT, valid_until TIMESTAMPTZ)"
        )
        connection.execute(PUT, [*["", "/", "core", b"sealed"] * 2])
        connection.execute(LOCK, {"identity": "a", "key": "core", "value": "a", "ttl": 15})


def test_lakefs_role_makes_partitions_and_others_read_or_write_them(instance: Instance) -> None:
    with instance.connect("lakefs_owner", "of lakefs", "lakefs") as connection:
        connection.execute(
            "CREATE TABLE kv (partition_key BYTEA, key BYTEA, value BYTEA, PRIMARY KEY (partition_key, key))"
            " PARTITION BY HASH (partition_key)"
        )
        for number in range(3):
            connection.execute(
                f"CREATE TABLE kv_{number} PARTITION OF kv FOR VALUES WITH (MODULUS 3, REMAINDER {number})"
            )
        connection.execute("CREATE TABLE archive.old (name TEXT)")
        assert connection.execute("SELECT length(encode(gen_random_bytes(8), 'hex'))").fetchall() == [(16,)]
    with instance.connect("loader", "of the loader", "lakefs") as connection:
        connection.execute("INSERT INTO kv VALUES ('a', 'b', 'c')")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine ()")
    with instance.connect("auditor", "of the auditor", "lakefs") as connection:
        assert connection.execute("SELECT value FROM kv").fetchall() == [(b"c",)]
        assert connection.execute("SELECT * FROM archive.old").fetchall() == []
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM kv")


def test_roles_are_no_superusers_and_keep_to_their_databases(instance: Instance) -> None:
    with instance.connect(ADMIN, PASSWORD, "postgres") as connection:
        mighty = "SELECT rolname FROM pg_roles WHERE rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls"
        assert connection.execute(mighty).fetchall() == [(ADMIN,)]
        limits = "SELECT rolname, rolconnlimit FROM pg_roles WHERE rolconnlimit > 0 ORDER BY 1"
        assert connection.execute(limits).fetchall() == [("auditor", 5), ("vault", 60)]
    with pytest.raises(psycopg.OperationalError, match='permission denied for database "lakefs"'):
        instance.connect("vault", VAULT_PASSWORD, "lakefs")


def test_a_changed_password_is_set_and_the_old_one_refused(instance: Instance) -> None:
    changed = SECRETS | {("auditor", "password"): "changed"}
    assert instance.provision(changed).returncode == 0
    instance.connect("auditor", "changed", "lakefs").close()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        instance.connect("auditor", "of the auditor", "lakefs")
    assert instance.provision().returncode == 0


def test_no_password_is_in_the_output_of_the_job(instance: Instance) -> None:
    done = instance.provision()
    assert not any(secret in done.stdout + done.stderr for secret in SECRETS.values())


@pytest.mark.parametrize(
    ("databases", "told"),
    [
        ({"taken": {"owner": {"password": {"name": "vault-postgresql"}}}}, "the database belongs to another role"),
        ({"own": {"owner": {"name": ADMIN, "password": {"name": "vault-postgresql"}}}}, "the role is a superuser"),
    ],
)
def test_what_belongs_to_others_is_refused(instance: Instance, databases: dict[str, Any], told: str) -> None:
    with instance.connect(ADMIN, PASSWORD, "postgres") as connection:
        connection.execute("DROP DATABASE IF EXISTS taken")
        connection.execute("CREATE DATABASE taken")
    done = instance.provision(databases=databases)
    assert done.returncode == 3
    assert told in done.stderr


def test_the_exporters_role_sees_statistics_and_no_rows(instance: Instance) -> None:
    with instance.connect("postgres_exporter", "of the exporter", "postgres") as connection:
        assert connection.execute("SELECT pg_has_role('pg_monitor', 'USAGE')").fetchall() == [(True,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT rolpassword FROM pg_authid")


def test_the_exporter_gives_the_metrics_that_alerts_and_dashboards_use(instance: Instance) -> None:
    repository, version = "github.com/prometheus-community/postgres_exporter", PostgresExporter().image.tag
    program = built(repository, version, "./cmd/postgres_exporter")
    pod = instance.objects()["StatefulSet/shared-postgresql"]["spec"]["template"]
    (exporter,) = (one for one in containers(pod) if one["name"] == "exporter")
    told = {
        name: text.replace(":5432", f":{instance.server.port}") for name, text in environment(exporter, SECRETS).items()
    }
    port = free_port()
    words = [program, *exporter["args"], f"--web.listen-address=127.0.0.1:{port}"]
    with (instance.folder / "exporter.log").open("wb") as log:
        process = subprocess.Popen(words, env=told, stdout=log, stderr=log)
    try:
        text = metrics(port)
    finally:
        process.terminate()
        process.wait(timeout=30)
    known = release.values(METRICS.read_text("utf-8"))["seen on a run of postgres_exporter 0.17.1 beside PostgreSQL 15"]
    assert set(known) - set(re.findall(r"^([a-z_]+)[{ ]", text, re.MULTILINE)) == set()
    assert "pg_up 1" in text


def metrics(port: int) -> str:
    for _ in range(100):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
                text: str = answer.read().decode()
                return text
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise RuntimeError("the exporter did not start")


def test_the_test_of_the_release_ends_well(instance: Instance) -> None:
    done = instance.run(instance.objects()["Pod/shared-postgresql-test"], {}, SECRETS)
    assert (done.returncode, done.stderr) == (0, "")
    assert "lakefs_owner" in done.stdout


def test_backups_are_restored_with_owners_and_grants_into_an_empty_server(objects: Render, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    for old in ("shared-postgresql-20010101T000000Z", "shared-postgresql-20020101T000000Z", "stale.part"):
        (kept / old).mkdir(parents=True)
    (tmp_path / "first").mkdir()
    with started(objects, tmp_path / "first") as first:
        first.provision()
        test_vaults_statements_work_as_its_role_in_tables_that_it_makes(first)
        test_lakefs_role_makes_partitions_and_others_read_or_write_them(first)
        done = first.cron("backup", kept)
        assert (done.returncode, done.stderr) == (0, "")
    older, newest = sorted(path.name for path in kept.iterdir())
    assert older == "shared-postgresql-20020101T000000Z"
    assert sorted(path.name for path in (kept / newest).iterdir()) == ["lakefs.dump", "roles.sql", "vault.dump"]
    assert "PASSWORD" not in (kept / newest / "roles.sql").read_text()

    (tmp_path / "second").mkdir()
    with started(objects, tmp_path / "second") as second:
        second.provision()
        for _ in range(2):
            done = second.cron("restore", kept)
            assert (done.returncode, done.stderr) == (0, "")
            assert done.stdout.count("restored ") == 2
        with second.connect("vault", VAULT_PASSWORD, "vault") as connection:
            assert connection.execute("SELECT value FROM vault_kv_store").fetchall() == [(b"sealed",)]
            assert connection.execute("SELECT count(*) FROM vault_ha_locks").fetchall() == [(0,)]
        with second.connect("auditor", "of the auditor", "lakefs") as connection:
            assert connection.execute("SELECT value FROM kv").fetchall() == [(b"c",)]
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            second.connect("auditor", "of the auditor", "vault")
        assert second.provision().returncode == 0
        done = second.cron("restore", kept, DATABASE="lakefs", RUN=newest)
        assert done.stdout == f"restored lakefs from {kept}/{newest}\n"
        done = second.cron("restore", kept, DATABASE="absent", RUN=newest)
        assert (done.returncode != 0, done.stdout) == (True, "")
        assert f"{kept}/{newest}/absent.dump" in done.stderr
        done = second.cron("restore", kept, RUN="absent")
        assert (done.returncode, done.stderr) == (1, f"there is no backup {kept}/absent\n")
