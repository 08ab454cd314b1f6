"""What the chart's values make of its objects, and what they refuse."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hmco_charts.helm import SchemaViolationError
from hmco_charts.values.trino import Trino
from tests.charts import release
from tests.charts.placed import Pod


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release.chart(tmp_path_factory.mktemp("chart"), "trino", "ha")


def config(chart: Path, part: str, told: Mapping[str, Any]) -> dict[str, str]:
    found = release.objects(chart, told)[f"ConfigMap/release-trino-{part}-config"]["data"]["config.properties"]
    return dict(line.split("=", 1) for line in found.splitlines())


def test_what_a_query_may_take_is_the_sum_of_the_workers(chart: Path) -> None:
    worker = {"replicaCount": 4, "resources": {"limits": {"memory": "10Gi"}}}
    found = config(chart, "coordinator", {"worker": worker})
    assert found["query.max-memory"] == f"{4 * (10240 * 75 // 100 * 30 // 100)}MB"
    scaled = {"autoscaling": {"enabled": True, "maxReplicas": 8}, **worker}
    assert config(chart, "worker", {"worker": scaled})["query.max-memory"] == f"{8 * 2304}MB"


def test_a_greatest_memory_of_the_user_is_that_of_a_whole_query(chart: Path) -> None:
    found = config(chart, "coordinator", {"memory": {"queryMax": "5GB"}})
    assert (found["query.max-memory"], found["query.max-total-memory"]) == ("5GB", "5GB")


def test_the_coordinator_executes_queries_where_there_are_no_workers(chart: Path) -> None:
    assert config(chart, "coordinator", {})["node-scheduler.include-coordinator"] == "false"
    alone = config(chart, "coordinator", {"worker": {"replicaCount": 0}})
    assert alone["node-scheduler.include-coordinator"] == "true"


@pytest.mark.parametrize(("seconds", "grace"), [(20, "5s"), (300, "75s"), (600, "120s"), (7200, "120s")])
def test_a_worker_has_twice_the_grace_period_to_stop(chart: Path, seconds: int, grace: str) -> None:
    told = {"worker": {"terminationGracePeriodSeconds": seconds}}
    assert config(chart, "worker", told)["shutdown.grace-period"] == grace


def test_every_node_has_the_secrets_of_every_catalog(chart: Path) -> None:
    source = {"host": "db", "database": "sales", "username": "trino", "password": {"name": "sales", "key": "pw"}}
    found = release.objects(chart, {"catalogs": {"sales": {"type": "postgresql", "postgresql": source}}})
    reference = {"secretKeyRef": {"name": "sales", "key": "pw"}}
    for part in ("coordinator", "worker"):
        (container,) = found[f"Deployment/release-trino-{part}"]["spec"]["template"]["spec"]["containers"]
        assert {"name": "CATALOG_SALES_PASSWORD", "valueFrom": reference} in container["env"]


def test_nodes_reach_the_ports_that_the_catalogs_name(chart: Path) -> None:
    kafka = {"type": "kafka", "kafka": {"nodes": ["a:9094", "b:9094"]}}
    lake = {"type": "hive", "hive": {"metastore": "thrift://m:9083", "s3": {"endpoint": "http://s3"}}}
    told = {"catalogs": {"events": kafka, "lake": lake, "aws": {**lake, "hive": {"metastore": "thrift://m:9083"}}}}
    egress = release.objects(chart, told)["NetworkPolicy/release-trino-worker"]["spec"]["egress"]
    assert [port["port"] for rule in egress for port in rule["ports"]] == [53, 53, 8080, 443, 80, 9083, 9094]


def test_kafka_s_file_is_written_of_the_secret_before_a_node_starts(chart: Path, tmp_path: Path) -> None:
    kafka = {"nodes": ["a:9092"], "securityProtocol": "SASL_SSL", "username": "trino", "password": {"name": "k"}}
    told = {"catalogs": {"events": {"type": "kafka", "kafka": {**kafka, "authority": {"name": "ca"}}}}}
    found = release.objects(chart, told)
    for part in ("coordinator", "worker"):
        template = found[f"Deployment/release-trino-{part}"]["spec"]["template"]
        secrets = {("k", "password"): "it's sesame", ("ca", "ca.crt"): "an authority"}
        pod = Pod(found, template, tmp_path / part, {}, Path("/bin"), secrets)
        pod.place()
        assert pod.run("kafka").returncode == 0
        file = tmp_path / part / "kafka" / "events.properties"
        module = "org.apache.kafka.common.security.scram.ScramLoginModule"
        assert file.read_text().splitlines() == [
            "security.protocol=SASL_SSL",
            "ssl.truststore.type=PEM",
            "ssl.truststore.location=/etc/trino-catalogs/events/ca.crt",
            "sasl.mechanism=SCRAM-SHA-512",
            f"""sasl.jaas.config={module} required username="trino" password="it's sesame";""",
        ]
        assert file.stat().st_mode & 0o077 == 0
    catalogs = found["ConfigMap/release-trino-catalogs"]["data"]["events.properties"]
    assert "kafka.config.resources=/run/kafka/events.properties" in catalogs.splitlines()


@pytest.mark.parametrize("password", ['a"b', "a\\b", "a\nb"], ids=["quote", "backslash", "line break"])
def test_a_password_that_kafka_s_file_cannot_hold_is_refused(chart: Path, tmp_path: Path, password: str) -> None:
    kafka = {"nodes": ["a:9092"], "securityProtocol": "SASL_SSL", "username": "trino", "password": {"name": "k"}}
    found = release.objects(chart, {"catalogs": {"events": {"type": "kafka", "kafka": kafka}}})
    template = found["Deployment/release-trino-worker"]["spec"]["template"]
    pod = Pod(found, template, tmp_path, {}, Path("/bin"), {("k", "password"): password})
    pod.place()
    done = pod.run("kafka")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "the password of the catalog events has a double quote, a backslash or a line break, "
        "which its file cannot hold: take another\n"
    )
    assert list((tmp_path / "kafka").iterdir()) == []


REFUSED: dict[str, Mapping[str, Any]] = {
    "passwords without TLS": {"authentication": {"type": "password", "password": {"file": {"name": "users"}}}},
    "a catalog without its database": {"catalogs": {"a": {"type": "postgresql", "postgresql": {"host": "db"}}}},
    "a connector that is not known": {"catalogs": {"a": {"type": "postgres"}}},
    "a catalog whose name is none": {"catalogs": {"my-catalog": {"type": "tpch"}}},
    "an environment that Trino refuses": {"environment": "prod-eu"},
    "a size of Kubernetes": {"memory": {"queryMax": "4Gi"}},
    "more memory than Trino admits": {"memory": {"queryPercentage": 70}},
    "a second coordinator": {"coordinator": {"replicaCount": 2}},
    "a property with a password": {"catalogs": {"a": {"type": "tpch", "properties": {"x.password": "tr0ub4dor"}}}},
    "a property over two lines": {"catalogs": {"a": {"type": "tpch", "properties": {"x.size": "1\ny=2"}}}},
    "exchange without a place": {"exchange": {"enabled": True}},
    "too little time to stop": {"worker": {"terminationGracePeriodSeconds": 10}},
}


@pytest.mark.parametrize("told", REFUSED.values(), ids=REFUSED)
def test_what_trino_would_not_start_with_is_refused(chart: Path, told: Mapping[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Trino.model_validate(told)
    with pytest.raises(SchemaViolationError):
        release.objects(chart, told)
