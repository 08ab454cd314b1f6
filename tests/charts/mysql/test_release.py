"""What the chart's values make of its objects, and what they refuse."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hmco_charts import helm
from hmco_charts.helm import SchemaViolationError
from hmco_charts.values.mysql import Mysql
from tests.charts import release


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release.chart(tmp_path_factory.mktemp("chart"), "mysql", "ha")


def configuration(chart: Path, told: Mapping[str, Any]) -> dict[str, str]:
    found = release.objects(chart, told)["ConfigMap/release-mysql-config"]["data"]["server.cnf"]
    return dict(line.partition(" = ")[::2] for line in found.splitlines())


@pytest.mark.parametrize(
    ("memory", "wanted"),
    [
        ("256Mi", ("25", "128M", "OFF")),
        ("1Gi", ("102", "512M", "ON")),
        ("2000000000", ("190", "953M", "ON")),
        ("64Gi", ("500", "32768M", "ON")),
    ],
)
def test_the_configuration_follows_from_the_memory_limit(chart: Path, memory: str, wanted: tuple[str, ...]) -> None:
    found = configuration(chart, {"resources": {"limits": {"memory": memory}}})
    assert tuple(found[key] for key in ("max-connections", "innodb-buffer-pool-size", "performance-schema")) == wanted


def test_a_value_wins_over_what_is_derived(chart: Path) -> None:
    told = {"maxConnections": 50, "innodbBufferPoolSize": "1G", "performanceSchema": False, "waitTimeout": 31_536_000}
    found = configuration(chart, {"configuration": told})
    keys = ("max-connections", "innodb-buffer-pool-size", "performance-schema", "wait-timeout")
    assert tuple(found[key] for key in keys) == ("50", "1G", "OFF", "31536000")


def test_the_log_of_changes_expires_or_is_not_written(chart: Path) -> None:
    assert configuration(chart, {})["binlog-expire-logs-seconds"] == "259200"
    found = configuration(chart, {"binaryLog": {"enabled": False}})
    assert ("skip-log-bin" in found, "log-bin" in found) == (True, False)


def test_no_job_runs_where_there_is_nothing_to_make(chart: Path) -> None:
    found = release.objects(chart, {"metrics": {"enabled": False}})
    assert [name for name in found if name.startswith("Job/")] == []


REFUSED: dict[str, Mapping[str, Any]] = {
    "replicas that would be servers of their own": {"replicaCount": 2},
    "a database without a password": {"databases": {"a": {"owner": {"name": "a"}}}},
    "a password in the values": {"databases": {"a": {"owner": {"password": "secret"}}}},
    "a database with SQL in its name": {"databases": {"a`; DROP": {"owner": {"password": {"name": "a"}}}}},
    "a user with a longer name than MySQL has": {
        "databases": {"a": {"owner": {"name": "a" * 33, "password": {"name": "a"}}}}
    },
    "a quantity of Kubernetes in the configuration": {"configuration": {"innodbBufferPoolSize": "512Mi"}},
    "a setting that MySQL does not know": {"configuration": {"innodbBufferPool": "1G"}},
    "an empty password by the environment": {"extraEnvVars": [{"name": "MYSQL_ALLOW_EMPTY_PASSWORD", "value": "no"}]},
    "no issuer": {"tls": {"type": "certManager"}},
}


@pytest.mark.parametrize("told", REFUSED.values(), ids=REFUSED)
def test_plain_helm_and_the_types_refuse(chart: Path, told: dict[str, Any]) -> None:
    with pytest.raises(SchemaViolationError):
        helm.engine().validate(chart, told)
    with pytest.raises(ValidationError):
        Mysql.model_validate(told)
