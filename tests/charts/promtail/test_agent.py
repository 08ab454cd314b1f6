"""What the agents are told; neither is in a package."""

from collections.abc import Callable

import pytest

from hmco_charts import resources
from tests.charts import release
from tests.charts.release import Manifest, containers

SCENARIOS = resources.directory("chart_templates") / "promtail/ci"
Render = Callable[[str], dict[str, Manifest]]


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> Render:
    chart = release.chart(tmp_path_factory.mktemp("chart"), "promtail", "ha")
    return lambda scenario: release.objects(
        chart, release.values((SCENARIOS / f"{scenario}-values.yaml").read_text("utf-8")), namespace="monitoring"
    )


def test_alloy_sends_to_loki_with_a_password_of_a_secret(objects: Render) -> None:
    found = objects("remote")
    text = found["ConfigMap/release-promtail-config"]["data"]["config.alloy"]
    assert 'url = "https://loki.example.org/loki/api/v1/push"' in text
    assert 'password_file = "/etc/loki-password/password"' in text
    assert text.count("{") == text.count("}")
    pod = found["Deployment/release-promtail"]["spec"]["template"]["spec"]
    (password,) = (volume for volume in pod["volumes"] if volume["name"] == "password")
    assert password["secret"]["secretName"] == "loki-agent"


def test_several_pods_of_alloy_share_the_work(objects: Render) -> None:
    found = objects("remote")
    assert "clustering {\n    enabled = true" in found["ConfigMap/release-promtail-config"]["data"]["config.alloy"]
    assert "Service/release-promtail-headless" in found


def test_promtail_reads_and_remembers_on_the_node(objects: Render) -> None:
    found = objects("node")
    assert "Deployment/release-promtail" not in found
    pod = found["DaemonSet/release-promtail-agent"]["spec"]["template"]
    hosts = {one["name"]: one["hostPath"]["path"] for one in pod["spec"]["volumes"] if "hostPath" in one}
    (agent,) = containers(pod)
    mounts = {one["mountPath"]: hosts.get(one["name"]) for one in agent["volumeMounts"]}
    assert mounts["/var/log/pods"] == "/var/log/pods"
    told = release.values(found["ConfigMap/release-promtail-config"]["data"]["promtail.yaml"])
    assert told["positions"]["filename"].startswith("/run/promtail/")
    assert mounts["/run/promtail"] == "/run/promtail"
    (job,) = told["scrape_configs"]
    assert job["relabel_configs"][-1]["replacement"].startswith("/var/log/pods/")


@pytest.mark.parametrize(
    ("scenario", "rights"), [("remote", ["pods", "namespaces", "pods/log"]), ("node", ["pods", "namespaces"])]
)
def test_rights_are_to_read_pods_and_their_logs(objects: Render, scenario: str, rights: list[str]) -> None:
    roles = [one for one in objects(scenario).values() if one["kind"] in ("Role", "ClusterRole")]
    assert roles
    for one in roles:
        assert [name for rule in one["rules"] for name in rule["resources"]] == rights
        assert {verb for rule in one["rules"] for verb in rule["verbs"]} == {"get", "list", "watch"}
