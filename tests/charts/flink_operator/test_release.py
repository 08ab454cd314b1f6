"""The wrapper around upstream's chart, for which a stand-in from a registry of our own is taken."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hmco_charts import helm
from hmco_charts.errors import ChartError
from hmco_charts.helm import SchemaViolationError
from hmco_charts.publish import publish
from hmco_charts.publish.dependencies import vendor
from hmco_charts.values import chart as chart_named
from tests.charts import release
from tests.services.registry import registry
from tests.values.stub import stub

UPSTREAM = "flink-kubernetes-operator"
ON = {UPSTREAM: {"enabled": True}}


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """Each profile with its dependency fetched, as a user fetches it from a mirror."""
    folder = tmp_path_factory.mktemp("charts")
    kind = chart_named("flink-operator")
    standing = stub(kind, folder / "stub")
    assert standing
    with registry(folder) as running:
        mirror = f"oci://{running.host}/mirror"
        publish(standing, mirror, plain_http=True)
        made = {profile: release.chart(folder, kind.name, profile) for profile in kind.profiles}
        for chart in made.values():
            vendor(chart, source=mirror, plain_http=True)
        yield made


def told(chart: Path, overlay: dict[str, object]) -> dict[str, object]:
    """What upstream's chart is told."""
    return release.values(release.objects(chart, overlay)[f"ConfigMap/{UPSTREAM}"]["data"]["values"])


def test_helm_wants_the_dependency_to_be_fetched(tmp_path: Path) -> None:
    with pytest.raises(ChartError, match=f"missing in charts/ directory: {UPSTREAM}") as caught:
        helm.engine().render(release.chart(tmp_path, "flink-operator", "ha"))
    assert caught.value.remedy == "Fetch the dependencies first: `hmco-charts deps`."


def test_upstream_is_part_of_the_release_where_it_is_enabled(charts: dict[str, Path]) -> None:
    for chart in charts.values():
        assert f"ConfigMap/{UPSTREAM}" not in release.objects(chart)
        assert f"ConfigMap/{UPSTREAM}" in release.objects(chart, ON)


def test_upstream_is_told_to_hold_pod_security_restricted(charts: dict[str, Path]) -> None:
    found = told(charts["ha"], ON)
    assert found["podSecurityContext"] == {
        **{"runAsNonRoot": True, "runAsUser": 9999, "runAsGroup": 9999, "fsGroup": 9999},
        **{"fsGroupChangePolicy": "OnRootMismatch", "seccompProfile": {"type": "RuntimeDefault"}},
    }
    for part in ("operatorSecurityContext", "webhookSecurityContext"):
        security = found[part]
        assert isinstance(security, dict)
        assert (security["allowPrivilegeEscalation"], security["capabilities"]) == (False, {"drop": ["ALL"]})


def test_values_have_upstreams_names(charts: dict[str, Path]) -> None:
    overlay = {
        UPSTREAM: {
            **{"enabled": True, "watchNamespaces": ["streaming"], "jvmArgs": {"operator": "-Xmx400m"}},
            "webhook": {"create": True, "keystore": {"passwordSecretRef": {"name": "keystore"}}},
        }
    }
    found = told(charts["ha"], overlay)
    assert (found["watchNamespaces"], found["replicas"]) == (["streaming"], 2)
    assert found["webhook"] == {
        "create": True,
        "keystore": {"useDefaultPassword": False, "passwordSecretRef": {"name": "keystore", "key": "password"}},
    }
    configuration = found["defaultConfiguration"]
    assert isinstance(configuration, dict)
    assert "leader-election.enabled: true" in configuration["flink-conf.yaml"]


def test_two_operators_have_a_disruption_budget_and_one_has_none(charts: dict[str, Path]) -> None:
    budget = release.objects(charts["ha"])["PodDisruptionBudget/release-flink-operator"]
    assert budget["spec"]["selector"]["matchLabels"] == {"app.kubernetes.io/name": UPSTREAM}
    assert "PodDisruptionBudget/release-flink-operator" not in release.objects(charts["dev"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"webhook": {"create": True}},
        {"webhook": {"keystore": {"useDefaultPassword": True}}},
        {"strategy": {"type": "Recreate"}},
        {"replica": 2},
        {"operatorPod": {"env": [{"name": "KEYSTORE_PASSWORD", "value": "secret"}]}},
    ],
    ids=["webhook without a password", "constant password", "two without election", "misspelt", "password"],
)
def test_what_upstream_takes_and_should_not_is_refused(charts: dict[str, Path], wrong: dict[str, object]) -> None:
    with pytest.raises(SchemaViolationError):
        release.objects(charts["ha"], {UPSTREAM: wrong})
