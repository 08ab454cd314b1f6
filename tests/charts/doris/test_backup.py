"""What the Jobs of backup and restore say to Doris, whose client is a script that answers as its documentation does."""

import subprocess
from hashlib import sha1
from pathlib import Path
from typing import Any

import pytest

from tests.charts import release
from tests.charts.release import environment, pod_templates, values

SCENARIO = Path("chart_templates/doris/ci/backup-values.yaml")
SECRETS = {
    ("doris-root", "password"): "root",
    ("doris-s3", "access-key"): "AN-ID",
    ("doris-s3", "secret-key"): "A-SECRET",
}
CLIENT = r"""#!/bin/bash
statement="${@: -1}"
case "$statement" in --batch) statement="$(cat)" ;; esac
echo "$statement" >> "$SAID"
echo "$*" >> "$SAID.words"
name="$(sed -nE 's/^(BACKUP|RESTORE) SNAPSHOT .*`([-A-Za-z0-9]+_[0-9TZ]+)` .*/\2/p' "$SAID" | tail -n 1)"
case "$statement" in
  "CREATE REPOSITORY"*"$REFUSED"*)
    printf 'ERROR 1105 (HY000): no such bucket\nERROR in: %s\n' "$statement" >&2
    exit 1 ;;
  "SHOW REPOSITORIES") printf '1\tother\t2025-01-01 00:00:00\tfalse\ts3://other\n' ;;
  "SHOW DATABASES") printf '__internal_schema\ninformation_schema\nmysql\nempty\nsales\n' ;;
  'SHOW TABLES FROM `sales`') echo orders ;;
  "SHOW BACKUP"*) printf '     JobId: 1\n SnapshotName: %s\n State: %s\n Status: [OK]\n' "$name" "$STATE" ;;
  "SHOW RESTORE"*) printf '     JobId: 1\n Label: %s\n State: %s\n Status: [OK]\n' "$name" "$STATE" ;;
  "SHOW SNAPSHOT"*)
    printf 'sales_20250101T021500Z\t2025-01-01-02-15-01\tOK\n'
    printf 'sales_20250102T021500Z\t2025-01-02-02-15-01\tOK\n'
    printf 'stock_20250102T021500Z\t2025-01-02-02-15-09\tOK\n'
    printf 'Sales_20241231T021500Z\t2024-12-31-02-15-01\tOK\n'
    printf '2024-sales_20241231T021500Z\t2024-12-31-02-15-05\tOK\n'
    printf 'made by hand\t2025-01-03-00-00-00\tOK\n' ;;
esac
"""


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release.chart(tmp_path_factory.mktemp("chart"), "doris", "dev")


LOGGED = r"""#!/bin/bash
echo "$*" >> "$SAID.words"
exec "/usr/bin/$(basename "$0")" "$@"
"""


def said(chart: Path, folder: Path, job: str, state: str = "FINISHED", **more: str) -> tuple[Any, list[str]]:
    """What a Job ends with, and the statements that it made."""
    (folder / "mysql").write_text(CLIENT)
    (folder / "mysql").chmod(0o755)
    pods = dict(pod_templates(release.objects(chart, values(SCENARIO.read_text("utf-8")))))
    (container,) = pods[f"CronJob/release-doris-{job}"]["spec"]["containers"]
    words = [word.replace("/tmp/", f"{folder}/") for word in (*container["command"], *container["args"])]
    here = {"PATH": f"{folder}:/usr/bin:/bin", "SAID": str(folder / "said"), "STATE": state, "REFUSED": "nothing"}
    told = environment(container, SECRETS)
    done = subprocess.run(words, env={**told, **here, **more}, capture_output=True, text=True, check=False, timeout=60)
    return done, (folder / "said").read_text().splitlines()


def test_each_database_with_tables_has_a_snapshot_in_a_repository_that_is_made_once(
    chart: Path, tmp_path: Path
) -> None:
    done, statements = said(chart, tmp_path, "backup")
    assert done.returncode == 0, done.stderr
    (made,) = (one for one in statements if one.startswith("CREATE REPOSITORY"))
    assert made == (
        'CREATE REPOSITORY backup WITH S3 ON LOCATION "s3://platform-backups/doris" PROPERTIES ('
        '"s3.endpoint" = "http://minio.storage.svc:9000", "s3.region" = "us-east-1", "s3.access_key" = "AN-ID", '
        '"s3.secret_key" = "A-SECRET", "use_path_style" = "true");'
    )
    (taken,) = (one for one in statements if one.startswith("BACKUP"))
    name = done.stdout.removeprefix("took the snapshot ").strip()
    assert name.startswith("sales_20")
    assert taken == f"BACKUP SNAPSHOT `sales`.`{name}` TO backup"
    assert "A-SECRET" not in (tmp_path / "said.words").read_text() + done.stdout + done.stderr


def test_a_snapshot_that_fails_fails_the_job(chart: Path, tmp_path: Path) -> None:
    done, _ = said(chart, tmp_path, "backup", state="CANCELLED")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Status:" in done.stderr


@pytest.mark.parametrize("key", ["A-SECRET", ""], ids=["key", "empty key"])
def test_a_repository_that_is_refused_is_told_without_its_key(chart: Path, tmp_path: Path, key: str) -> None:
    for tool in ("grep", "awk"):
        (tmp_path / tool).write_text(LOGGED)
        (tmp_path / tool).chmod(0o755)
    done, _ = said(chart, tmp_path, "backup", REFUSED="doris", S3_SECRET_KEY=key)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[0] == "ERROR 1105 (HY000): no such bucket"
    assert "A-SECRET" not in (tmp_path / "said.words").read_text() + done.stderr


def test_the_newest_run_is_restored_into_databases_that_are_made(chart: Path, tmp_path: Path) -> None:
    done, statements = said(chart, tmp_path, "restore")
    assert done.stdout == "restored sales of 20250102T021500Z\nrestored stock of 20250102T021500Z\n", done.stderr
    assert "CREATE DATABASE IF NOT EXISTS `stock`" in statements
    assert [one for one in statements if one.startswith("RESTORE")] == [
        (
            "RESTORE SNAPSHOT `sales`.`sales_20250102T021500Z` FROM backup "
            'PROPERTIES ("backup_timestamp" = "2025-01-02-02-15-01", "reserve_replica" = "true")'
        ),
        (
            "RESTORE SNAPSHOT `stock`.`stock_20250102T021500Z` FROM backup "
            'PROPERTIES ("backup_timestamp" = "2025-01-02-02-15-09", "reserve_replica" = "true")'
        ),
    ]


def test_one_database_of_a_named_run_is_restored(chart: Path, tmp_path: Path) -> None:
    done, _ = said(chart, tmp_path, "restore", RUN="20250101T021500Z", DATABASE="sales")
    assert done.stdout == "restored sales of 20250101T021500Z\n", done.stderr


def test_a_database_of_any_name_is_restored(chart: Path, tmp_path: Path) -> None:
    done, _ = said(chart, tmp_path, "restore", RUN="20241231T021500Z")
    assert done.stdout == "restored Sales of 20241231T021500Z\nrestored 2024-sales of 20241231T021500Z\n", done.stderr


@pytest.mark.parametrize(
    ("wanted", "sought"),
    [
        ({"RUN": "20200101T021500Z"}, "*_20200101T021500Z"),
        ({"DATABASE": "orders"}, "orders_20250102T021500Z"),
        ({"RUN": "20250101T021500Z", "DATABASE": "stock"}, "stock_20250101T021500Z"),
    ],
    ids=["run", "database", "both"],
)
def test_a_restore_of_what_is_not_there_fails_and_says_what_is(
    chart: Path, tmp_path: Path, wanted: dict[str, str], sought: str
) -> None:
    done, statements = said(chart, tmp_path, "restore", **wanted)
    told, *there = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (1, "")
    assert told == f"there is no snapshot {sought} in s3://platform-backups/doris, which has:"
    assert "stock_20250102T021500Z" in there
    assert [one for one in statements if one.startswith(("RESTORE", "CREATE DATABASE"))] == []


def test_users_are_made_with_hashes_and_rights(chart: Path, tmp_path: Path) -> None:
    (tmp_path / "mysql").write_text(CLIENT)
    (tmp_path / "mysql").chmod(0o755)
    found = release.objects(chart, values(SCENARIO.read_text("utf-8")))
    (job,) = (one for name, one in found.items() if name.startswith("Job/"))
    (container,) = job["spec"]["template"]["spec"]["containers"]
    secrets = {**SECRETS, ("trino-doris", "password"): "sesame", ("seatunnel-doris", "password"): "open"}
    here = {"PATH": f"{tmp_path}:/usr/bin:/bin", "SAID": str(tmp_path / "said")}
    words = [*container["command"], *container["args"]]
    variables = {**environment(container, secrets), **here}
    done = subprocess.run(words, env=variables, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    statements = (tmp_path / "said").read_text()
    # As MySQL's PASSWORD('sesame').
    hashed = "*" + sha1(sha1(b"sesame").digest()).hexdigest().upper()
    assert f"CREATE USER IF NOT EXISTS 'trino'@'%' IDENTIFIED BY PASSWORD '{hashed}'" in statements
    assert "GRANT SELECT_PRIV ON internal.*.* TO 'trino'@'%'" in statements
    assert "CREATE DATABASE IF NOT EXISTS `sales`" in statements
    owner = "SELECT_PRIV, LOAD_PRIV, ALTER_PRIV, CREATE_PRIV, DROP_PRIV"
    assert f"GRANT {owner} ON internal.sales.* TO 'seatunnel'@'%'" in statements
    assert "sesame" not in statements
