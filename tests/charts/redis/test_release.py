"""What the chart's values make of its objects, and what they refuse."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hmco_charts import helm
from hmco_charts.helm import SchemaViolationError
from hmco_charts.values.redis import Redis
from tests.charts import release


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release.chart(tmp_path_factory.mktemp("chart"), "redis", "ha")


def configuration(chart: Path, told: Mapping[str, Any]) -> list[str]:
    found: str = release.objects(chart, told)["ConfigMap/release-redis-config"]["data"]["redis.conf"]
    return found.splitlines()


@pytest.mark.parametrize(
    ("replicas", "persistent", "memory", "wanted"),
    [
        (3, True, "1Gi", "512mb"),
        (1, True, "1500M", "715mb"),
        (3, False, "1Gi", "512mb"),
        (1, False, "1Gi", "768mb"),
        (1, False, "1Mi", "1mb"),
    ],
)
def test_maxmemory_leaves_room_for_a_fork(
    chart: Path, replicas: int, persistent: bool, memory: str, wanted: str
) -> None:
    told = {
        "replicaCount": replicas,
        "persistence": {"enabled": persistent},
        "resources": {"limits": {"memory": memory}},
    }
    assert f"maxmemory {wanted}" in configuration(chart, told)


def test_a_cache_writes_nothing(chart: Path) -> None:
    told = {"persistence": {"enabled": False}, "durability": {"snapshots": [{"seconds": 60, "changes": 1}]}}
    lines = configuration(chart, told)
    assert [line for line in lines if line.startswith(("save", "append"))] == ["appendonly no", 'save ""']


def test_snapshots_are_those_of_the_values_and_no_others(chart: Path) -> None:
    lines = configuration(chart, {"durability": {"appendOnly": False, "snapshots": [{"seconds": 60, "changes": 9}]}})
    assert [line for line in lines if line.startswith(("save", "appendonly"))] == ["appendonly no", "save 60 9"]


def test_a_server_alone_has_no_sentinel_and_needs_no_replicas(chart: Path) -> None:
    found = release.objects(chart, {"replicaCount": 1})
    pod = found["StatefulSet/release-redis"]["spec"]["template"]
    assert [one["name"] for one in release.containers(pod)] == ["server", "exporter"]
    assert not [line for line in configuration(chart, {"replicaCount": 1}) if line.startswith("min-replicas")]
    assert [port["port"] for port in found["Service/release-redis"]["spec"]["ports"]] == [6379]


def test_with_a_certificate_no_port_is_without_tls(chart: Path) -> None:
    data = release.objects(chart)["ConfigMap/release-redis-config"]["data"]
    assert [line for line in data["redis.conf"].splitlines() if "port" in line] == ["port 0", "tls-port 6379"]
    assert [line for line in data["sentinel.sh"].splitlines() if line.startswith(("port", "tls-port"))] == [
        "port 0",
        "tls-port 26379",
    ]


REFUSED: dict[str, Mapping[str, Any]] = {
    "an even number of servers": {"replicaCount": 2},
    "a user without a password": {"users": {"app": {"keys": ["*"]}}},
    "a password in the values": {"users": {"app": {"password": "secret"}}},
    "a user of the chart's own": {"users": {"_admin": {"password": {"name": "app"}}}},
    "a password among the rules": {"users": {"app": {"password": {"name": "app"}, "commands": [">secret"]}}},
    "a user without rules": {"users": {"app": {"password": {"name": "app"}, "commands": []}}},
    "two patterns in one": {"users": {"app": {"password": {"name": "app"}, "keys": ["a b"]}}},
    "a quantity of Kubernetes in the configuration": {"configuration": {"maxmemory": "512Mi"}},
    "a policy that Redis does not know": {"configuration": {"maxmemoryPolicy": "lru"}},
    "a key that Redis does not know": {"configuration": {"maxMemory": "512mb"}},
    "a variable that replaces the administrator's": {"extraEnvVars": [{"name": "REDISCLI_AUTH", "value": "x"}]},
    "no issuer": {"tls": {"type": "certManager"}},
}


@pytest.mark.parametrize("told", REFUSED.values(), ids=REFUSED)
def test_plain_helm_and_the_types_refuse(chart: Path, told: dict[str, Any]) -> None:
    with pytest.raises(SchemaViolationError):
        helm.engine().validate(chart, told)
    with pytest.raises(ValidationError):
        Redis.model_validate(told)
