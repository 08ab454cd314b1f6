"""The end of the schema's Job, and the wait for it, on a real PostgreSQL; tables have columns of the program's."""

import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.charts import release
from tests.charts.release import Manifest, containers, environment, run
from tests.services.postgresql import ADMIN, PASSWORD, Postgresql, postgresql

CHOSEN = 'admin\'s "p@ss" \\ %41 $HOME'
SECRETS = {("dolphinscheduler-postgresql", "password"): PASSWORD, ("dolphinscheduler-admin", "password"): CHOSEN}


@pytest.fixture(scope="module")
def database() -> Iterator[Postgresql]:
    with postgresql() as server:
        yield server


@pytest.fixture
def objects(database: Postgresql, tmp_path: Path) -> dict[str, Manifest]:
    at = {"host": database.host, "port": database.port, "username": ADMIN, "database": "postgres", "sslMode": "disable"}
    return release.objects(release.chart(tmp_path, "dolphinscheduler", "dev"), {"database": at})


def waits(objects: dict[str, Manifest], database: Postgresql) -> bool:
    """Whether a master would still wait after two seconds."""
    master = containers(objects["StatefulSet/release-dolphinscheduler-master"]["spec"]["template"])[0]
    path = {"PATH": f"{database.programs}:/usr/bin:/bin"}
    words = [*master["command"], *master["args"]]
    try:
        subprocess.run(words, env=path | environment(master, SECRETS), timeout=2, capture_output=True, check=True)
    except subprocess.TimeoutExpired:
        return True
    return False


def test_servers_wait_until_the_tables_are_there_and_the_known_password_is_gone(
    objects: dict[str, Manifest], database: Postgresql
) -> None:
    assert waits(objects, database)
    with database.connect(ADMIN, PASSWORD, "postgres") as connection:
        connection.execute("CREATE TABLE t_ds_version (id int, version varchar(63))")
        connection.execute("CREATE TABLE t_ds_user (user_name varchar(64), user_password varchar(64))")
        connection.execute("INSERT INTO t_ds_user VALUES ('admin', md5('dolphinscheduler123')), ('other', 'kept')")
        assert waits(objects, database)

        (job,) = (one for key, one in objects.items() if key.startswith("Job/release-dolphinscheduler-schema"))
        for _ in range(2):
            done = run(containers(job["spec"]["template"])[-1], secrets=SECRETS, folders={}, path=database.programs)
            assert (done.returncode, done.stdout) == (0, "the schema is there\n"), done.stderr
        assert not waits(objects, database)
        found = connection.execute("SELECT user_password FROM t_ds_user ORDER BY user_name").fetchall()
        assert found == [(hashlib.md5(CHOSEN.encode()).hexdigest(),), ("kept",)]
