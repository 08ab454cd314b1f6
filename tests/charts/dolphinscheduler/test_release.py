"""What the chart's values make of its objects, and what they refuse."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hmco_charts import helm
from hmco_charts.helm import SchemaViolationError
from hmco_charts.values.dolphinscheduler import Dolphinscheduler
from tests.charts import release
from tests.charts.release import Manifest, containers, pod_templates

RPC = {"master": 5678, "worker": 1234, "alert": 50052}


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release.chart(tmp_path_factory.mktemp("chart"), "dolphinscheduler", "ha")


def servers(found: dict[str, Manifest]) -> dict[str, Manifest]:
    kinds = {"api": "Deployment", "master": "StatefulSet", "worker": "StatefulSet", "alert": "Deployment"}
    return {
        part: found[f"{kind}/release-dolphinscheduler-{part}"]["spec"]["template"]["spec"]["containers"][0]
        for part, kind in kinds.items()
    }


def variables(container: Manifest) -> dict[str, Any]:
    return {one["name"]: one.get("value", one.get("valueFrom")) for one in container["env"]}


def test_no_probe_and_no_scrape_reaches_a_port_of_the_rpc(chart: Path) -> None:
    found = release.objects(chart, {"metrics": {"serviceMonitor": {"enabled": True}}})
    for part, server in servers(found).items():
        ports = {one["name"]: one["containerPort"] for one in server["ports"]}
        asked = {
            ports[server[probe]["httpGet"]["port"]] for probe in ("startupProbe", "readinessProbe", "livenessProbe")
        }
        assert RPC.get(part) not in asked, part
        assert len(asked) == 1, part
    scraped = {one["spec"]["endpoints"][0]["port"] for one in found.values() if one["kind"] == "ServiceMonitor"}
    assert scraped == {"http", "actuator"}
    for name, one in found.items():
        if one["metadata"]["labels"].get("dolphinscheduler-metrics"):
            assert {port["port"] for port in one["spec"]["ports"]}.isdisjoint(RPC.values()), name


def test_nobody_but_the_parts_reaches_a_port_of_the_rpc(chart: Path) -> None:
    found = release.objects(chart)
    for part, port in RPC.items():
        own, parts = found[f"NetworkPolicy/release-dolphinscheduler-{part}"]["spec"]["ingress"]
        assert port not in {one["port"] for one in own["ports"]}, part
        assert parts["ports"] == [{"port": port}], part
        labels = {"app.kubernetes.io/name": "dolphinscheduler", "app.kubernetes.io/instance": "release"}
        assert parts["from"] == [{"podSelector": {"matchLabels": labels}}], part


def test_tasks_cannot_read_the_password_of_the_database(chart: Path) -> None:
    found = servers(release.objects(chart))
    assert "SPRING_DATASOURCE_PASSWORD" in variables(found["api"])
    assert [name for name in variables(found["worker"]) if "DATASOURCE" in name or "PASSWORD" in name] == []


def test_the_heap_fits_the_limit(chart: Path) -> None:
    told = {"master": {"resources": {"limits": {"memory": "3Gi"}}}, "worker": {"heap": 700}}
    found = servers(release.objects(chart, told))
    assert "-Xms2560m -Xmx2560m" in variables(found["master"])["JAVA_OPTS"]
    assert "-Xmx700m" in variables(found["worker"])["JAVA_OPTS"]


def test_all_parts_have_one_tag(chart: Path) -> None:
    found = release.objects(chart, {"image": {"tag": "3.4.2"}, "global": {"imageRegistry": "registry.example.org"}})
    images = {one["image"] for _, pod in pod_templates(found) for one in containers(pod) if "dolphin" in one["image"]}
    names = ("api", "master", "worker", "alert-server", "tools")
    assert images == {f"registry.example.org/apache/dolphinscheduler-{name}:3.4.2" for name in names}


def test_the_jvm_verifies_the_database_as_psql_does(chart: Path) -> None:
    by_system = release.objects(chart, {"database": {"sslRootCert": {"name": ""}}})
    urls = [variables(servers(found)["api"])["SPRING_DATASOURCE_URL"] for found in (release.objects(chart), by_system)]
    assert urls == [
        (
            "jdbc:postgresql://postgresql.databases.svc:5432/dolphinscheduler?sslmode=verify-full"
            "&sslrootcert=/etc/postgresql-ca/ca.crt"
        ),
        (
            "jdbc:postgresql://postgresql.databases.svc:5432/dolphinscheduler?sslmode=verify-full"
            "&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory"
        ),
    ]


def test_the_policies_follow_the_store(chart: Path) -> None:
    store = {"type": "s3", "s3": {"endpoint": "http://minio.storage:9000"}}
    told = {"resourceStore": store, "networkPolicy": {"taskEgress": []}}
    egress = release.objects(chart, told)["NetworkPolicy/release-dolphinscheduler-worker"]["spec"]["egress"]
    assert [port["port"] for rule in egress for port in rule["ports"]] == [53, 53, 50052, 5678, 1234, 2181, 9000]
    everyone = release.objects(chart)["NetworkPolicy/release-dolphinscheduler-worker"]["spec"]["egress"]
    assert everyone[-1] == {}


REFUSED: dict[str, Mapping[str, Any]] = {
    "a password in the environment": {"api": {"extraEnvVars": [{"name": "SPRING_DATASOURCE_PASSWORD", "value": "x"}]}},
    "the known password": {"admin": {"password": {"name": ""}}},
    "a pod with files of its own": {"resourceStore": {"type": "volume", "volume": {"enabled": False}}},
    "two pods on a volume of one node": {
        "resourceStore": {"type": "volume", "volume": {"accessModes": ["ReadWriteOnce"]}},
        "api": {"updateStrategy": {"type": "Recreate"}},
        "alert": {"updateStrategy": {"type": "Recreate"}},
    },
    "one digest for five images": {"image": {"digest": f"sha256:{'0' * 64}"}},
    "no ZooKeeper": {"zookeeper": {"servers": []}},
}


@pytest.mark.parametrize("told", REFUSED.values(), ids=REFUSED)
def test_plain_helm_and_the_types_refuse(chart: Path, told: dict[str, Any]) -> None:
    with pytest.raises(SchemaViolationError):
        helm.engine().validate(chart, told)
    with pytest.raises(ValidationError):
        Dolphinscheduler.model_validate(told)
