"""What the chart's values make of its objects, and what they refuse."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hmco_charts import helm
from hmco_charts.helm import SchemaViolationError
from hmco_charts.values.neo4j import Neo4j
from tests.charts import release


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release.chart(tmp_path_factory.mktemp("chart"), "neo4j", "ha")


def configuration(chart: Path, told: Mapping[str, Any]) -> dict[str, str]:
    text = release.objects(chart, told)["ConfigMap/release-neo4j-config"]["data"]["neo4j.conf"]
    lines = [line.split("=", 1) for line in text.splitlines()]
    found = dict(lines)
    assert len(found) == len(lines), "Neo4j stops on a setting that stands there twice"
    return found


@pytest.mark.parametrize(
    ("memory", "heap", "pagecache"), [("1Gi", "409m", "256m"), ("3Gi", "1228m", "768m"), ("16G", "6103m", "3814m")]
)
def test_heap_and_page_cache_follow_from_the_memory_limit(chart: Path, memory: str, heap: str, pagecache: str) -> None:
    found = configuration(chart, {"resources": {"limits": {"memory": memory}}})
    assert found["server.memory.heap.initial_size"] == found["server.memory.heap.max_size"] == heap
    assert found["server.memory.pagecache.size"] == pagecache


def test_without_a_certificate_it_serves_http_and_plain_bolt(chart: Path) -> None:
    found = configuration(chart, {"tls": {"type": "none"}})
    assert (found["server.http.enabled"], found["server.bolt.tls_level"]) == ("true", "DISABLED")
    assert [name for name in found if name.startswith("dbms.ssl")] == []


def test_the_server_has_no_variable_that_would_be_an_unknown_setting(chart: Path) -> None:
    found = release.objects(chart, {"apoc": True})
    pod = found["StatefulSet/release-neo4j"]["spec"]["template"]
    assert pod["spec"]["enableServiceLinks"] is False
    (server,) = (one for one in release.containers(pod) if one["name"] == "server")
    assert {one["name"]: one.get("value") for one in server["env"]} == {
        "AUTH_PASSWORD": None,
        "NEO4J_AUTH": "neo4j/$(AUTH_PASSWORD)",
        "NEO4J_PLUGINS": '["apoc"]',
    }


def test_the_backup_may_only_replace_the_one_pod_and_read_its_log(chart: Path) -> None:
    rules = release.objects(chart)["Role/release-neo4j-backup"]["rules"]
    assert {name for rule in rules for name in rule["resourceNames"]} == {"release-neo4j-0"}
    assert {verb for rule in rules for verb in rule["verbs"]} == {"get", "list", "watch", "delete"}


REFUSED: dict[str, Mapping[str, Any]] = {
    "replicas that would be servers of their own": {"replicaCount": 2},
    "a variable of a client": {"extraEnvVars": [{"name": "NEO4J_URI", "value": "bolt://neo4j:7687"}]},
    "authentication switched off": {"extraEnvVars": [{"name": "NEO4J_AUTH", "value": "none"}]},
    "a plugin that is fetched from the internet": {"plugins": ["bloom"]},
    "a quantity of Kubernetes in the configuration": {"configuration": {"heapSize": "1Gi"}},
    "a database with a blank": {"configuration": {"defaultDatabase": "a b"}},
    "a password in the values": {"auth": {"password": "secret"}},
    "a backup that would lose the data": {"persistence": {"enabled": False}},
}


@pytest.mark.parametrize("told", REFUSED.values(), ids=REFUSED)
def test_plain_helm_and_the_types_refuse(chart: Path, told: dict[str, Any]) -> None:
    overlay = {"backup": {"enabled": True}, **told}
    with pytest.raises(SchemaViolationError):
        helm.engine().validate(chart, overlay)
    with pytest.raises(ValidationError):
        Neo4j.model_validate(overlay)
