"""The bootstrap Job as rendered, run against a real PostgreSQL."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.charts.release import Manifest, run
from tests.charts.vault.database import ROLE_PASSWORD, Bootstrap, job, overlay
from tests.services.postgresql import ADMIN, PASSWORD, Postgresql

# hashicorp/vault, physical/postgresql/postgresql.go: NewPostgreSQLBackend, with psycopg's placeholders.
PUT = """INSERT INTO "vault_kv_store" VALUES(%s, %s, %s, %s) ON CONFLICT (path, key) DO
UPDATE SET (parent_path, path, key, value) = (%s, %s, %s, %s)"""
GET = 'SELECT value FROM "vault_kv_store" WHERE path = %s AND key = %s'
DELETE = 'DELETE FROM "vault_kv_store" WHERE path = %s AND key = %s'
LIST = """SELECT key FROM "vault_kv_store" WHERE path = %(path)s
UNION ALL SELECT DISTINCT substring(substr(path, length(%(path)s)+1) from '^.*?/') FROM "vault_kv_store"
WHERE parent_path LIKE %(path)s || '%%'"""
LOCK = """INSERT INTO "vault_ha_locks" as t (ha_identity, ha_key, ha_value, valid_until)
VALUES (%(identity)s, %(key)s, %(value)s, NOW() + %(ttl)s * INTERVAL '1 seconds')
ON CONFLICT (ha_key) DO UPDATE SET (ha_identity, ha_key, ha_value, valid_until) =
(%(identity)s, %(key)s, %(value)s, NOW() + %(ttl)s * INTERVAL '1 seconds')
WHERE (t.valid_until < NOW() AND t.ha_key = %(key)s) OR (t.ha_identity = %(identity)s AND t.ha_key = %(key)s)"""
HOLDER = 'SELECT ha_value FROM "vault_ha_locks" WHERE NOW() <= valid_until AND ha_key = %s'


def columns(connection: "psycopg.Connection[tuple[object, ...]]", table: str) -> list[object]:
    found = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position", [table]
    )
    return [row[0] for row in found]


def test_it_may_run_again_and_says_only_that_all_is_ready(bootstrap: Bootstrap, database: Postgresql) -> None:
    for _ in range(2):
        done = bootstrap("twice")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.splitlines()[-1] == "role twice and database twice are ready"
    with database.connect("twice", ROLE_PASSWORD, "twice") as connection:
        assert columns(connection, "vault_kv_store") == ["parent_path", "path", "key", "value"]
        assert columns(connection, "vault_ha_locks") == ["ha_key", "ha_identity", "ha_value", "valid_until"]


def test_without_an_administrator_it_makes_the_tables_of_a_role_that_is_there(
    bootstrap: Bootstrap, database: Postgresql
) -> None:
    with database.connect(ADMIN, PASSWORD, "postgres") as connection:
        connection.execute("CREATE ROLE provisioned LOGIN PASSWORD 'of somebody else'")
        connection.execute("CREATE DATABASE provisioned OWNER provisioned")
    done = bootstrap("provisioned", "of somebody else", ("nobody", "no password"), enabled=False)
    assert (done.returncode, done.stderr) == (0, "")
    with database.connect("provisioned", "of somebody else", "provisioned") as connection:
        assert columns(connection, "vault_kv_store") == ["parent_path", "path", "key", "value"]


def test_it_sets_a_changed_password_and_keeps_the_data(bootstrap: Bootstrap, database: Postgresql) -> None:
    bootstrap("changed", "the old one")
    with database.connect("changed", "the old one", "changed") as connection:
        connection.execute(PUT, [*["", "/", "core", b"kept"] * 2])
    assert bootstrap("changed", "the new one").returncode == 0
    with database.connect("changed", "the new one", "changed") as connection:
        assert connection.execute(GET, ["/", "core"]).fetchall() == [(b"kept",)]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        database.connect("changed", "the old one", "changed")


def test_statements_of_the_storage_work_as_the_role(bootstrap: Bootstrap, database: Postgresql) -> None:
    bootstrap("storage")
    with database.connect("storage", ROLE_PASSWORD, "storage") as connection:
        for value in (b"first", b"second"):
            connection.execute(PUT, [*["/core/", "/core/lock/", "key", value] * 2])
        connection.execute(PUT, [*["/", "/core/", "seal", b"x"] * 2])
        assert connection.execute(GET, ["/core/lock/", "key"]).fetchall() == [(b"second",)]
        assert sorted(connection.execute(LIST, {"path": "/core/"}).fetchall()) == [("lock/",), ("seal",)]
        assert connection.execute(DELETE, ["/core/lock/", "key"]).rowcount == 1
        assert connection.execute(GET, ["/core/lock/", "key"]).fetchall() == []


def test_statements_of_the_lock_work_as_the_role(bootstrap: Bootstrap, database: Postgresql) -> None:
    bootstrap("locks")

    def lock(identity: str, ttl: int) -> int:
        return connection.execute(LOCK, {"identity": identity, "key": "core", "value": identity, "ttl": ttl}).rowcount

    with database.connect("locks", ROLE_PASSWORD, "locks") as connection:
        assert [lock("a", 15), lock("a", 15), lock("b", 15)] == [1, 1, 0]
        assert connection.execute(HOLDER, ["core"]).fetchall() == [("a",)]
        lock("a", -1)
        assert connection.execute(HOLDER, ["core"]).fetchall() == []
        assert lock("b", 15) == 1
        assert connection.execute(HOLDER, ["core"]).fetchall() == [("b",)]


def test_the_role_owns_its_database_and_nobody_else_may_connect(bootstrap: Bootstrap, database: Postgresql) -> None:
    bootstrap("owned")
    with database.connect(ADMIN, PASSWORD, "owned") as connection:
        connection.execute("CREATE ROLE passer_by LOGIN PASSWORD 'x'")
        owners = "SELECT tablename, tableowner FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        assert connection.execute(owners).fetchall() == [("vault_ha_locks", "owned"), ("vault_kv_store", "owned")]
        rights = "SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = 'owned'"
        assert connection.execute(rights).fetchall() == [(False, False, False)]
    with pytest.raises(psycopg.OperationalError, match='permission denied for database "owned"'):
        database.connect("passer_by", "x", "owned")


def test_an_administrator_who_is_no_superuser_is_enough(bootstrap: Bootstrap, database: Postgresql) -> None:
    with database.connect(ADMIN, PASSWORD, "postgres") as connection:
        connection.execute("CREATE ROLE keeper LOGIN CREATEROLE CREATEDB PASSWORD 'x'")
    for _ in range(2):
        done = bootstrap("modest", admin=("keeper", "x"))
        assert (done.returncode, done.stderr) == (0, "")


def test_a_database_of_another_role_is_refused(bootstrap: Bootstrap, database: Postgresql) -> None:
    with database.connect(ADMIN, PASSWORD, "postgres") as connection:
        connection.execute("CREATE DATABASE taken")
    done = bootstrap("taken")
    assert done.returncode == 3
    assert "the database belongs to another role: choose another name" in done.stderr


def test_the_incidents_table_is_refused(bootstrap: Bootstrap, database: Postgresql) -> None:
    with database.connect(ADMIN, PASSWORD, "postgres") as connection:
        connection.execute("CREATE ROLE incident LOGIN")
        connection.execute("CREATE DATABASE incident OWNER incident")
    with database.connect(ADMIN, PASSWORD, "incident") as connection:
        connection.execute(
            "CREATE TABLE vault_kv_store "
            "(parent_key TEXT, key TEXT, value BYTEA, path TEXT, PRIMARY KEY (parent_key, key))"
        )
        connection.execute("ALTER TABLE vault_kv_store OWNER TO incident")
        with pytest.raises(psycopg.errors.UndefinedColumn):
            connection.execute(PUT, [*["", "/", "core", b""] * 2])
    done = bootstrap("incident")
    assert done.returncode == 3
    assert 'column "parent_path" does not exist' in done.stderr


def test_the_same_columns_without_the_key_are_refused(bootstrap: Bootstrap, database: Postgresql) -> None:
    bootstrap("keyless")
    with database.connect("keyless", ROLE_PASSWORD, "keyless") as connection:
        connection.execute("ALTER TABLE vault_kv_store DROP CONSTRAINT vault_kv_store_pkey")
    done = bootstrap("keyless")
    assert done.returncode == 3
    assert "no unique or exclusion constraint matching the ON CONFLICT" in done.stderr


def test_openbao_makes_its_tables_itself(bootstrap: Bootstrap, database: Postgresql) -> None:
    assert bootstrap("openbao", distribution="openbao").returncode == 0
    with database.connect("openbao", ROLE_PASSWORD, "openbao") as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchall() == [(0,)]
        connection.execute("CREATE TABLE openbao_kv_store ()")


@pytest.mark.parametrize("distribution", ["vault", "openbao"])
def test_no_password_is_in_a_command_or_in_the_output(
    bootstrap: Bootstrap, objects: Callable[..., dict[str, Manifest]], database: Postgresql, distribution: str
) -> None:
    rendered = objects(overlay(database, "quiet", distribution), profile="ha-postgresql")
    assert job(rendered)["command"] == ["/bin/sh", "/etc/bootstrap/bootstrap.sh"]
    assert "args" not in job(rendered)
    done = bootstrap("quiet", distribution=distribution)
    assert not any(secret in done.stdout + done.stderr for secret in (ROLE_PASSWORD, PASSWORD))


def test_pods_wait_for_what_the_job_makes(
    bootstrap: Bootstrap, objects: Callable[..., dict[str, Manifest]], database: Postgresql
) -> None:
    bootstrap("waited_for")
    server = objects(overlay(database, "waited_for", "vault"), profile="ha-postgresql")["StatefulSet/vault"]
    (waiting,) = server["spec"]["template"]["spec"]["initContainers"]
    secrets = {("vault-postgresql", "password"): ROLE_PASSWORD}
    assert run(waiting, secrets=secrets, folders={}, path=database.programs).returncode == 0


def test_a_backup_has_all_but_the_locks_and_the_oldest_go(
    bootstrap: Bootstrap, objects: Callable[..., dict[str, Manifest]], database: Postgresql, tmp_path: Path
) -> None:
    bootstrap("dumped")
    told = overlay(database, "dumped", "vault") | {"backup": {"retention": 2}}
    backup = objects(told, profile="ha-postgresql")["CronJob/vault-backup"]
    container = backup["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]
    kept = tmp_path / "kept"
    kept.mkdir()
    for old in ("vault-20010101T000000Z.dump", "vault-20020101T000000Z.dump", "vault-2003.dump.part", "notes.txt"):
        (kept / old).touch()
    secrets = {("vault-postgresql", "password"): ROLE_PASSWORD}
    done = run(container, secrets=secrets, folders={"/backup": kept}, path=database.programs)
    assert (done.returncode, done.stderr) == (0, "")
    notes, older, newest = sorted(kept.iterdir())
    assert (notes.name, older.name) == ("notes.txt", "vault-20020101T000000Z.dump")
    listed = subprocess.run(
        [database.programs / "pg_restore", "--list", newest], capture_output=True, text=True, check=True
    ).stdout
    data = [line.split("TABLE DATA ")[1].split()[1] for line in listed.splitlines() if "TABLE DATA" in line]
    assert data == ["vault_kv_store"]
