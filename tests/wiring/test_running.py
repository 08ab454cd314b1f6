"""The wired platform's own Jobs with a running PostgreSQL, which has the rendered configuration and speaks TLS."""

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from hmco_charts.wiring import Prepared
from tests.charts.release import Manifest, containers, run
from tests.services.certificate import certificate
from tests.services.postgresql import PASSWORD, Postgresql, postgresql
from tests.wiring.platforms import ON_POSTGRESQL, prepared

LAKE = {"catalogs": {"lake": {"type": "postgresql", "postgresql": {"database": "lakefs"}}}}
SYSTEMS = {
    "lakefs": {"namespace": "lake"},
    "postgresql": None,
    "trino": {"namespace": "query", "values": LAKE},
    "vault": {"namespace": "vault-prod", "values": ON_POSTGRESQL},
}
SECRETS = {
    ("postgresql-admin", "password"): PASSWORD,
    ("postgresql-exporter", "password"): "of the exporter",
    ("vault-postgresql", "password"): 'vault\'s "p@ss"',
    ("lakefs-postgresql", "password"): "of lakefs",
    ("trino-postgresql", "password"): "of trino",
}


@dataclass(frozen=True)
class Running:
    """A platform whose PostgreSQL runs."""

    objects: Mapping[str, Manifest]
    server: Postgresql
    authority: Path
    folder: Path

    def job(self, prefix: str, script: str, mount: str) -> "subprocess.CompletedProcess[str]":
        """A Job as rendered, once its script is where it is mounted."""
        (name,) = (name for name in self.objects if name.startswith(f"Job/{prefix}"))
        namespace = self.objects[name]["metadata"]["namespace"]
        for file, text in self.objects[f"ConfigMap/{namespace}/{script}"]["data"].items():
            (self.folder / file).write_text(text)
        (container,) = containers(self.objects[name]["spec"]["template"])
        return self.run(container, {mount: self.folder})

    def run(self, container: Manifest, folders: Mapping[str, Path]) -> "subprocess.CompletedProcess[str]":
        here = {"PGHOST": "localhost", "PGPORT": str(self.server.port), "PGSSLROOTCERT": str(self.authority)}
        return run(container, secrets=SECRETS, folders=folders, path=self.server.programs, instead=here)

    def connect(self, role: str, database: str) -> "psycopg.Connection[tuple[object, ...]]":
        return self.server.connect(role, SECRETS[f"{role}-postgresql", "password"], database)


def objects(found: Prepared) -> dict[str, Manifest]:
    told: dict[str, Manifest] = {}
    for each in found.survey.release.objects:
        name = f"{each.kind}/{each.name}" if each.kind == "Job" else f"{each.kind}/{each.namespace}/{each.name}"
        told[name] = each.manifest
    return told


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("platform")
    made = objects(prepared(folder, systems=SYSTEMS))
    told = made["ConfigMap/data-platform/postgresql-config"]["data"]
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
        platform = Running(made, server, issued.certificate, folder)
        for _ in range(2):
            done = platform.job("postgresql-databases", "postgresql-databases", "/etc/provisioning")
            assert (done.returncode, done.stderr) == (0, "")
        yield platform


def test_vault_finds_role_and_database_and_makes_its_tables(running: Running) -> None:
    for _ in range(2):
        done = running.job("vault-bootstrap", "vault-bootstrap", "/etc/bootstrap")
        assert (done.returncode, done.stderr) == (0, "")
    (waiting, *_) = containers(running.objects["StatefulSet/vault-prod/vault"]["spec"]["template"])
    assert waiting["name"] == "wait-for-database"
    assert running.run(waiting, {}).returncode == 0
    with running.connect("vault", "vault") as connection:
        connection.execute("INSERT INTO vault_kv_store VALUES ('', '/', 'core', 'x')")


def test_no_role_enters_the_database_of_another(running: Running) -> None:
    for role, database in (("vault", "lakefs"), ("lakefs", "vault"), ("trino", "vault")):
        with pytest.raises(psycopg.OperationalError, match=r"no pg_hba.conf entry|permission denied"):
            running.connect(role, database)


def test_a_catalog_reads_what_the_owner_makes_later_and_writes_nothing(running: Running) -> None:
    with running.connect("lakefs", "lakefs") as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS kv (key text)")
        owner.execute("INSERT INTO kv VALUES ('made later')")
    with running.connect("trino", "lakefs") as reader:
        assert reader.execute("SELECT key FROM kv").fetchone() == ("made later",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader.execute("INSERT INTO kv VALUES ('mine')")


def test_each_host_that_consumers_name_stands_in_its_servers_certificate(running: Running) -> None:
    names = running.objects["Certificate/data-platform/postgresql-tls"]["spec"]["dnsNames"]
    vault = running.objects["StatefulSet/vault-prod/vault"]["spec"]["template"]["spec"]
    hosts = {told["value"] for each in containers({"spec": vault}) for told in each["env"] if told["name"] == "PGHOST"}
    assert hosts == {"postgresql.data-platform.svc"}
    assert hosts <= set(names)


def test_the_server_admits_all_connections_that_it_promised(running: Running) -> None:
    limits: dict[str, Any] = {}
    with running.server.connect("postgres", PASSWORD, "postgres") as admin:
        rows = admin.execute("SELECT rolname, rolconnlimit FROM pg_roles WHERE rolconnlimit > 0").fetchall()
        limits = dict(rows)
        (most,) = admin.execute("SHOW max_connections").fetchone() or ("0",)
    assert {"vault", "lakefs"} <= limits.keys()
    assert sum(limits.values()) + 3 <= int(str(most))
