"""What the chart's values make of its objects, and what they refuse."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hmco_charts import helm
from hmco_charts.helm import SchemaViolationError
from hmco_charts.values.doris import Doris
from tests.charts import release
from tests.charts.release import Manifest, containers, pod_templates

KEYS_OF_THE_ENTRY_POINTS = {"enable_fqdn_mode": "true", "edit_log_port": "9010", "query_port": "9030"}


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release.chart(tmp_path_factory.mktemp("chart"), "doris", "ha")


def settings(found: dict[str, Manifest], part: str) -> dict[str, str]:
    text = found[f"ConfigMap/release-doris-{part}-config"]["data"][f"{part}.conf"]
    lines = [line.partition("=") for line in text.splitlines()]
    assert all(sign for _, sign, _ in lines)
    return {key.strip(): value.strip() for key, _, value in lines}


def test_the_report_s_six_nodes(chart: Path) -> None:
    found = release.objects(chart)
    for part in ("fe", "be"):
        spec = found[f"StatefulSet/release-doris-{part}"]["spec"]
        assert (spec["replicas"], spec["podManagementPolicy"]) == (3, "Parallel"), part
        headless = found[f"Service/{spec['serviceName']}"]["spec"]
        assert headless["publishNotReadyAddresses"] is True, part
        assert found[f"PodDisruptionBudget/release-doris-{part}"]["spec"]["maxUnavailable"] == 1, part


def test_the_entry_points_find_their_keys_and_write_none(chart: Path) -> None:
    assert KEYS_OF_THE_ENTRY_POINTS.items() <= settings(release.objects(chart), "fe").items()


def test_heap_and_memory_follow_the_limit(chart: Path) -> None:
    limit = {"resources": {"limits": {"memory": "4Gi"}}}
    found = release.objects(chart, {"fe": limit, "be": limit})
    assert "-Xms3072m -Xmx3072m" in settings(found, "fe")["JAVA_OPTS_FOR_JDK_17"]
    assert settings(found, "be")["mem_limit"] == "3072M"
    assert "-Xmx491m" in settings(found, "be")["JAVA_OPTS_FOR_JDK_17"]


def test_http_is_spoken_to_the_two_ports_that_do(chart: Path) -> None:
    for part, port in (("fe", 8030), ("be", 8040)):
        (server,) = containers(release.objects(chart)[f"StatefulSet/release-doris-{part}"]["spec"]["template"])
        numbers = {one["name"]: one["containerPort"] for one in server["ports"]}
        asked = [server[one]["httpGet"]["port"] for one in server if one.endswith("Probe") and "httpGet" in server[one]]
        assert [numbers[name] for name in asked] == [port], part


def test_the_node_is_checked_unless_told_otherwise_and_never_changed(chart: Path) -> None:
    for told, wanted in (({}, "false"), ({"be": {"skipNodeChecks": True}}, "true")):
        (server,) = containers(release.objects(chart, told)["StatefulSet/release-doris-be"]["spec"]["template"])
        assert {"name": "SKIP_CHECK_ULIMIT", "value": wanted} in server["env"]
        assert "sysctls" not in release.objects(chart, told)["StatefulSet/release-doris-be"]["spec"]["template"]["spec"]


def test_the_password_is_a_file_and_a_variable_of_a_secret_and_nothing_else(chart: Path) -> None:
    found = release.objects(chart)
    for name, pod in pod_templates(found):
        said = re.findall(r"'(?:name|secretName)': 'doris-root'", str(pod))
        assert len(said) == 1, name


def test_the_operator_gets_a_resource_instead_of_stateful_sets(chart: Path) -> None:
    told = release.values((Path("chart_templates") / "doris/ci/operator-values.yaml").read_text("utf-8"))
    found = release.objects(chart, told)
    assert [name for name in found if name.startswith(("StatefulSet", "Service/", "PodDisruption"))] == []
    spec = found["DorisCluster/release-doris"]["spec"]
    assert spec["authSecret"] == "doris-root"
    assert spec["feSpec"]["electionNumber"] == spec["feSpec"]["replicas"] == 3
    assert spec["beSpec"]["skipDefaultSystemInit"] is True
    assert spec["beSpec"]["image"] == "docker.io/apache/doris:be-4.0.7"
    assert spec["beSpec"]["limits"]["memory"] == "16Gi"
    assert spec["beSpec"]["nodeSelector"] == {"disk": "ssd"}
    assert [one["mountPath"] for one in spec["beSpec"]["persistentVolumes"]] == ["/opt/apache-doris/be/storage"]
    assert spec["feSpec"]["configMapInfo"]["configMaps"] == [
        {"configMapName": "release-doris-fe-config", "mountPath": "/etc/doris"}
    ]
    known = {
        *(
            "replicas",
            "image",
            "imagePullSecrets",
            "requests",
            "limits",
            "configMapInfo",
            "persistentVolumes",
            "service",
        ),
        *("envVars", "podLabels", "annotations", "affinity", "nodeSelector", "tolerations", "hostAliases"),
        *("securityContext", "containerSecurityContext", "electionNumber", "skipDefaultSystemInit"),
    }
    assert set(spec["feSpec"]) | set(spec["beSpec"]) <= known


REFUSED: dict[str, Mapping[str, Any]] = {
    "two frontends, of which none may be lost": {"fe": {"replicaCount": 2}},
    "a proxy, with which BE ends": {"be": {"extraEnvVars": [{"name": "HTTP_PROXY", "value": "http://proxy"}]}},
    "a password of its own": {"root": {"password": {"value": "x"}}},
    "no password": {"root": {"password": {"name": ""}}},
    "one digest for two images": {"image": {"digest": f"sha256:{'0' * 64}"}},
}


@pytest.mark.parametrize("told", REFUSED.values(), ids=REFUSED)
def test_plain_helm_and_the_types_refuse(chart: Path, told: dict[str, Any]) -> None:
    with pytest.raises(SchemaViolationError):
        helm.engine().validate(chart, told)
    with pytest.raises(ValidationError):
        Doris.model_validate(told)
