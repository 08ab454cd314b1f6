"""The wrapper around upstream's chart, for which a stand-in from a registry of our own is taken."""

from pathlib import Path

import pytest

from hmco_charts import helm
from hmco_charts.errors import ChartError
from hmco_charts.helm import SchemaViolationError
from tests.charts import release
from tests.charts.wrapped import told, vendored
from tests.values.stub import ALONE

UPSTREAM = "flink-kubernetes-operator"
ON = {UPSTREAM: {"enabled": True}}


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return vendored("flink-operator", tmp_path_factory.mktemp("charts"))


def test_helm_wants_the_dependency_to_be_fetched(tmp_path: Path) -> None:
    with pytest.raises(ChartError, match=f"missing in charts/ directory: {UPSTREAM}") as caught:
        helm.engine().render(release.chart(tmp_path, "flink-operator", "ha"))
    assert caught.value.remedy == "Fetch the dependencies first: `hmco-charts deps`."


def test_upstream_is_part_of_the_release_where_it_is_enabled(charts: dict[str, Path]) -> None:
    for chart in charts.values():
        assert f"ConfigMap/{UPSTREAM}" not in release.objects(chart)
        assert f"ConfigMap/{UPSTREAM}" in release.objects(chart, ON)


def test_upstream_is_told_to_hold_pod_security_restricted(charts: dict[str, Path]) -> None:
    found = told(charts["ha"], UPSTREAM)
    assert found["podSecurityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": 9999,
        "runAsGroup": 9999,
        "fsGroup": 9999,
        "fsGroupChangePolicy": "OnRootMismatch",
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    for part in ("operatorSecurityContext", "webhookSecurityContext"):
        security = found[part]
        assert (security["allowPrivilegeEscalation"], security["capabilities"]) == (False, {"drop": ["ALL"]})


def test_values_have_upstreams_names(charts: dict[str, Path]) -> None:
    overlay = {
        "watchNamespaces": ["streaming"],
        "jvmArgs": {"operator": "-Xmx400m"},
        "webhook": {"create": True, "keystore": {"passwordSecretRef": {"name": "keystore"}}},
    }
    found = told(charts["ha"], UPSTREAM, overlay)
    assert (found["watchNamespaces"], found["replicas"]) == (["streaming"], 2)
    webhook = found["webhook"]
    assert webhook["create"] is True
    assert webhook["keystore"]["useDefaultPassword"] is False
    assert webhook["keystore"]["passwordSecretRef"] == {"name": "keystore", "key": "password", ALONE: True}
    assert "leader-election.enabled: true" in found["defaultConfiguration"]["flink-conf.yaml"]


def test_two_operators_have_a_disruption_budget_and_one_has_none(charts: dict[str, Path]) -> None:
    budget = release.objects(charts["ha"])["PodDisruptionBudget/release-flink-operator"]
    assert budget["spec"]["selector"]["matchLabels"] == {"app.kubernetes.io/name": UPSTREAM}
    assert "PodDisruptionBudget/release-flink-operator" not in release.objects(charts["dev"])


def test_the_api_server_may_always_call_the_webhook(charts: dict[str, Path]) -> None:
    closed = {"networkPolicy": {"allowExternal": False}}
    webhook = {UPSTREAM: {"webhook": {"create": True, "keystore": {"passwordSecretRef": {"name": "keystore"}}}}}
    for values, admitted in ((closed, False), ({**closed, **webhook}, True)):
        policy = release.objects(charts["ha"], values)["NetworkPolicy/release-flink-operator"]
        assert ({"ports": [{"port": 9443}]} in policy["spec"]["ingress"]) is admitted


@pytest.mark.parametrize(
    "wrong",
    [
        {"webhook": {"create": True}},
        {"webhook": {"keystore": {"useDefaultPassword": True}}},
        {"strategy": {"type": "Recreate"}},
        {"operatorPod": {"env": [{"name": "KEYSTORE_PASSWORD", "value": "secret"}]}},
    ],
    ids=["webhook without a password", "constant password", "two without election", "password"],
)
def test_what_upstream_takes_and_should_not_is_refused(charts: dict[str, Path], wrong: dict[str, object]) -> None:
    with pytest.raises(SchemaViolationError):
        release.objects(charts["ha"], {UPSTREAM: wrong})
