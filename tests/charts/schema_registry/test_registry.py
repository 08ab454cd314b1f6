"""What the chart's values make of its objects, and what they refuse."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hmco_charts import helm
from hmco_charts.helm import SchemaViolationError
from hmco_charts.values.schema_registry import SchemaRegistry
from tests.charts import release

SASL = {"sasl": {"username": "registry", "password": {"name": "registry"}}, "tls": {"authority": {"name": "kafka"}}}


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release.chart(tmp_path_factory.mktemp("chart"), "schema-registry", "ha")


def pod(chart: Path, told: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = release.objects(chart, told)["Deployment/release-schema-registry"]["spec"]["template"][
        "spec"
    ]
    return found


def variables(chart: Path, told: Mapping[str, Any]) -> dict[str, Any]:
    return {one["name"]: one.get("value") or one["valueFrom"] for one in pod(chart, told)["containers"][0]["env"]}


def test_each_pod_has_an_address_of_its_own_and_no_service_links(chart: Path) -> None:
    found = variables(chart, {})
    assert found["SCHEMA_REGISTRY_HOST_NAME"] == {"fieldRef": {"fieldPath": "status.podIP"}}
    assert "SCHEMA_REGISTRY_PORT" not in found
    assert pod(chart, {})["enableServiceLinks"] is False


def test_brokers_are_told_with_the_protocol_and_the_password_by_reference(chart: Path) -> None:
    kafka = {"bootstrapServers": ["a:9094", "b:9094"], "protocol": {"type": "SASL_SSL", "SASL_SSL": SASL}}
    found = variables(chart, {"kafka": kafka})
    assert found["SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS"] == "SASL_SSL://a:9094,SASL_SSL://b:9094"
    assert found["KAFKA_PASSWORD"] == {"secretKeyRef": {"name": "registry", "key": "password"}}
    assert found["SCHEMA_REGISTRY_KAFKASTORE_SASL_JAAS_CONFIG"] == (
        "org.apache.kafka.common.security.scram.ScramLoginModule required"
        ' username="registry" password="$(KAFKA_PASSWORD)";'
    )
    assert list(found).index("KAFKA_PASSWORD") < list(found).index("SCHEMA_REGISTRY_KAFKASTORE_SASL_JAAS_CONFIG")
    assert found["SCHEMA_REGISTRY_KAFKASTORE_SSL_TRUSTSTORE_TYPE"] == "PEM"


def test_it_waits_for_as_many_brokers_as_the_topic_has_copies(chart: Path) -> None:
    found = variables(chart, {"kafka": {"replicationFactor": 2}})
    assert found["SCHEMA_REGISTRY_KAFKASTORE_TOPIC_REPLICATION_FACTOR"] == "2"
    assert found["SCHEMA_REGISTRY_CUB_KAFKA_MIN_BROKERS"] == "2"


def test_pods_reach_the_ports_of_the_brokers(chart: Path) -> None:
    found = release.objects(chart, {"kafka": {"bootstrapServers": ["a:9092", "b:9092", "c:9095"]}})
    rules = found["NetworkPolicy/release-schema-registry"]["spec"]["egress"]
    assert [port["port"] for rule in rules for port in rule["ports"]] == [53, 53, 8081, 9092, 9095]


REFUSED: dict[str, Mapping[str, Any]] = {
    "no broker": {"kafka": {"bootstrapServers": []}},
    "a broker with a protocol": {"kafka": {"bootstrapServers": ["PLAINTEXT://kafka:9092"]}},
    "a broker without a port": {"kafka": {"bootstrapServers": ["kafka"]}},
    "a login without a user": {"kafka": {"protocol": {"type": "SASL_SSL"}}},
    "a password in the values": {"kafka": {"protocol": {"SASL_SSL": {"sasl": {"password": "secret"}}}}},
    "the variable that stops the image": {"extraEnvVars": [{"name": "SCHEMA_REGISTRY_PORT", "value": "8081"}]},
}


@pytest.mark.parametrize("told", REFUSED.values(), ids=REFUSED)
def test_plain_helm_and_the_types_refuse(chart: Path, told: dict[str, Any]) -> None:
    with pytest.raises(SchemaViolationError):
        helm.engine().validate(chart, told)
    with pytest.raises(ValidationError):
        SchemaRegistry.model_validate(told)
