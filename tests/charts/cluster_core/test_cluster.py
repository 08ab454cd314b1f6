"""What is made beside CoreDNS, and what is watched."""

from collections.abc import Callable

import pytest

from hmco_charts import resources
from tests.charts import release
from tests.charts.release import Manifest

MANAGED = resources.directory("chart_templates") / "cluster-core/ci/managed-values.yaml"
Render = Callable[..., dict[str, Manifest]]


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> Render:
    chart = release.chart(tmp_path_factory.mktemp("chart"), "cluster-core", "ha")
    return lambda **more: release.objects(chart, more, namespace="monitoring")


def alerts(found: dict[str, Manifest]) -> set[str]:
    (group,) = found["PrometheusRule/release-cluster-core"]["spec"]["groups"]
    return {rule["alert"] for rule in group["rules"]}


def test_the_budget_is_beside_the_resolver_and_selects_it(objects: Render) -> None:
    budget = objects()["PodDisruptionBudget/release-cluster-core-coredns"]
    assert budget["metadata"]["namespace"] == "kube-system"
    assert budget["spec"] == {"maxUnavailable": 1, "selector": {"matchLabels": {"k8s-app": "kube-dns"}}}


def test_what_a_managed_cluster_hides_is_not_missed(objects: Render) -> None:
    everything = alerts(objects())
    managed = alerts(objects(**release.values(MANAGED.read_text("utf-8"))))
    assert {name for name in everything if name.endswith("Missing")} == {
        *("ApiServerMissing", "EtcdMissing", "SchedulerMissing", "ControllerManagerMissing", "CoreDnsMissing")
    }
    assert {name for name in managed if name.endswith("Missing")} == {"ApiServerMissing", "CoreDnsMissing"}


def test_the_release_runs_nothing(objects: Render) -> None:
    assert list(release.pod_templates(objects())) == []
