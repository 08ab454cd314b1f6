"""What the chart's values make of its objects, and what they refuse."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hmco_charts import helm
from hmco_charts.helm import SchemaViolationError
from hmco_charts.values.postgresql import Postgresql
from tests.charts import release


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release.chart(tmp_path_factory.mktemp("chart"), "postgresql", "ha")


def configuration(chart: Path, told: Mapping[str, Any]) -> dict[str, str]:
    found = release.objects(chart, told)["ConfigMap/release-postgresql-config"]["data"]["postgresql.conf"]
    return dict(line.split(" = ", 1) for line in found.splitlines())


@pytest.mark.parametrize(
    ("memory", "wanted"),
    [
        ("256Mi", ("25", "'64MB'", "'192MB'", "'2MB'", "'16MB'")),
        ("2Gi", ("204", "'512MB'", "'1536MB'", "'2MB'", "'128MB'")),
        ("2000000000", ("190", "'476MB'", "'1430MB'", "'2MB'", "'119MB'")),
        ("1.5G", ("143", "'357MB'", "'1072MB'", "'2MB'", "'89MB'")),
        ("64Gi", ("500", "'16384MB'", "'49152MB'", "'32MB'", "'2048MB'")),
    ],
)
def test_the_configuration_follows_from_the_memory_limit(chart: Path, memory: str, wanted: tuple[str, ...]) -> None:
    found = configuration(chart, {"resources": {"limits": {"memory": memory}}})
    keys = ("max_connections", "shared_buffers", "effective_cache_size", "work_mem", "maintenance_work_mem")
    assert tuple(found[key] for key in keys) == wanted


def test_a_value_wins_over_what_is_derived(chart: Path) -> None:
    found = configuration(chart, {"configuration": {"maxConnections": 50, "sharedBuffers": "1GB"}})
    assert (found["max_connections"], found["shared_buffers"], found["work_mem"]) == ("50", "'1GB'", "'10MB'")


def test_with_a_certificate_nobody_but_the_pod_itself_connects_without_tls(chart: Path) -> None:
    told = {"databases": {"a": {"owner": {"password": {"name": "a"}}}}}
    lines = release.objects(chart, told)["ConfigMap/release-postgresql-config"]["data"]["pg_hba.conf"].splitlines()
    assert [line for line in lines if not line.startswith("hostssl")] == [
        "local all all scram-sha-256",
        "host all all 127.0.0.1/32 scram-sha-256",
        "host all all ::1/128 scram-sha-256",
    ]
    assert lines[-1] == 'hostssl "a" "a" all scram-sha-256'


def test_lines_of_the_user_come_before_those_of_the_roles(chart: Path) -> None:
    told = {"access": [{"users": ["postgres"], "address": "10.0.0.0/8"}, {"type": "local", "method": "reject"}]}
    lines = release.objects(chart, told)["ConfigMap/release-postgresql-config"]["data"]["pg_hba.conf"].splitlines()
    assert lines[3:5] == ['hostssl all "postgres" 10.0.0.0/8 scram-sha-256', "local all all reject"]


def test_no_job_runs_where_there_is_nothing_to_make(chart: Path) -> None:
    found = release.objects(chart, {"metrics": {"enabled": False}})
    assert [name for name in found if name.startswith("Job/")] == []


REFUSED: dict[str, Mapping[str, Any]] = {
    "replicas that would be servers of their own": {"replicaCount": 2},
    "a database without a password": {"databases": {"a": {"owner": {"name": "a"}}}},
    "a password in the values": {"databases": {"a": {"owner": {"password": "secret"}}}},
    "a database with SQL in its name": {"databases": {'a"; DROP': {"owner": {"password": {"name": "a"}}}}},
    "an extension with SQL in its name": {
        "databases": {"a": {"owner": {"password": {"name": "a"}}, "extensions": ["x' --"]}}
    },
    "a quantity of Kubernetes in the configuration": {"configuration": {"workMem": "64Mi"}},
    "a key that PostgreSQL does not know": {"configuration": {"sharedBuffer": "1GB"}},
    "access without a password": {"access": [{"method": "trust"}]},
    "a password in the clear": {"access": [{"method": "password"}]},
    "trust by the environment": {"extraEnvVars": [{"name": "POSTGRES_HOST_AUTH_METHOD", "value": "trust"}]},
    "no issuer": {"tls": {"type": "certManager"}},
}


@pytest.mark.parametrize("told", REFUSED.values(), ids=REFUSED)
def test_plain_helm_and_the_types_refuse(chart: Path, told: dict[str, Any]) -> None:
    with pytest.raises(SchemaViolationError):
        helm.engine().validate(chart, told)
    with pytest.raises(ValidationError):
        Postgresql.model_validate(told)
