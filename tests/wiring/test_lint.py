"""The wired result is linted as a whole, and what is broken between releases is found."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from hmco_charts.generate import write
from hmco_charts.lint import Confidence, Severity, lint
from hmco_charts.lint.engine import CAP_REACHED
from tests.wiring.platforms import ON_POSTGRESQL, prepared

KAFKA = {"values": {"listeners": {"external": {"type": "nodePort", "protocol": "SASL_SSL"}}}}
SYSTEMS = {
    "kafka": KAFKA,
    "lakefs": None,
    "postgresql": None,
    "second-kafka": {**KAFKA, "chart": "kafka"},
    "vault": {"namespace": "vault-prod", "values": ON_POSTGRESQL},
    "zookeeper": None,
}
CLUSTERS = {
    "dev": {"nodes": [{"cpu": 8, "memory": "16Gi"}]},
    "small": {"nodes": [{"cpu": 8, "memory": "16Gi"}]},
    "ha": {"nodes": [{"count": 3, "cpu": 8, "memory": "32Gi"}], "zones": 3},
}


@pytest.fixture(scope="module")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("dev"), "dev")


def written(folder: Path, size: str) -> Path:
    found = prepared(folder, systems=SYSTEMS, size=size, cluster=CLUSTERS[size], monitoring=MONITORED)
    write(found.tree, folder / "out")
    return folder / "out"


MONITORED = {"type": "prometheusOperator"}


@pytest.mark.parametrize("size", CLUSTERS)
def test_the_wired_result_has_no_finding(size: str, tmp_path: Path) -> None:
    result = lint([written(tmp_path, size)], profile="production", confidence=Confidence.LOW)
    assert [f"{each.rule} {each.message}" for each in result.findings] == []
    assert result.objects > len(SYSTEMS)


def test_a_secret_that_nobody_makes_is_not_even_worth_a_hint(dev: Path) -> None:
    result = lint([dev], severity=Severity.INFO, confidence=Confidence.LOW, select=["STO003"])
    assert [each.message for each in result.findings] == []


def broken(folder: Path, dev: Path, file: str, change: Callable[[Any], None]) -> list[tuple[str, str]]:
    """Rules and objects of what is found where a file of the platform was changed by hand.

    On a busy machine not every place is sought in the time that there is, which is no matter here.
    """
    out = folder / "broken"
    for path in (each for each in dev.rglob("*") if each.is_file()):
        target = out / path.relative_to(dev)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    document = yaml.safe_load((out / file).read_text())
    change(document)
    (out / file).write_text(json.dumps(document))
    found = lint([out], profile="production").findings
    return [(each.rule, f"{each.object.kind}/{each.object.name}") for each in found if each.rule != CAP_REACHED.id]


def test_a_database_that_is_not_provisioned_is_found(dev: Path, tmp_path: Path) -> None:
    def forget(values: Any) -> None:
        values["databases"]["safe"] = values["databases"].pop("vault")

    assert broken(tmp_path, dev, "values/postgresql.yaml", forget) == [("DBB001", "StatefulSet/vault")]


def test_a_host_without_a_service_is_found(dev: Path, tmp_path: Path) -> None:
    def misspell(values: Any) -> None:
        values["storage"]["postgresql"]["host"] = "postgres.data-platform.svc"

    assert ("NET002", "StatefulSet/vault") in broken(tmp_path, dev, "values/vault.yaml", misspell)


def test_a_port_that_is_claimed_twice_is_found_and_told_by_its_values_file(dev: Path, tmp_path: Path) -> None:
    def collide(values: Any) -> None:
        values["listeners"]["external"]["nodePort"]["first"] = 31000

    found = broken(tmp_path, dev, "values/second-kafka.yaml", collide)
    assert found == [("NET006", "Service/second-kafka-external-0")]
    (finding,) = lint([tmp_path / "broken"]).findings
    told = {each.message: each.span.file for each in finding.related}
    assert told["the value listeners.external.nodePort.first"] == str(tmp_path / "broken/values/second-kafka.yaml")


def test_required_anti_affinity_on_one_node_is_found(dev: Path, tmp_path: Path) -> None:
    def harden(values: Any) -> None:
        values |= {"replicaCount": 3, "podAntiAffinityPreset": "hard"}

    assert ("SCH002", "StatefulSet/kafka") in broken(tmp_path, dev, "values/kafka.yaml", harden)


def test_a_connection_without_tls_to_another_namespace_is_found(dev: Path, tmp_path: Path) -> None:
    def undress(values: Any) -> None:
        values["storage"]["postgresql"] |= {"sslMode": "disable", "sslRootCert": {"name": ""}}

    assert ("TLS005", "StatefulSet/vault") in broken(tmp_path, dev, "values/vault.yaml", undress)


def test_a_release_that_does_not_render_is_told(dev: Path, tmp_path: Path) -> None:
    def spoil(values: Any) -> None:
        values["replicaCount"] = "many"

    found = broken(tmp_path, dev, "values/vault.yaml", spoil)
    assert {rule for rule, _ in found} == {"HMC001"}
