"""The wrapper around upstream's chart, for which a stand-in from a registry of our own is taken."""

from pathlib import Path
from typing import Any

import pytest

from hmco_charts.helm import SchemaViolationError
from tests.charts import release
from tests.charts.wrapped import told, vendored

UPSTREAM = "doris-operator"


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return vendored("doris-operator", tmp_path_factory.mktemp("charts"))


def ingress(chart: Path, **values: Any) -> list[dict[str, Any]]:
    closed = {"networkPolicy": {"allowExternal": False}, UPSTREAM: {"dorisOperator": values}}
    found: list[dict[str, Any]] = release.objects(chart, closed)["NetworkPolicy/release-doris-operator"]["spec"][
        "ingress"
    ]
    return found


def test_upstream_is_part_of_the_release_where_it_is_enabled(charts: dict[str, Path]) -> None:
    for chart in charts.values():
        assert f"ConfigMap/{UPSTREAM}" not in release.objects(chart)
        assert told(chart, UPSTREAM)["enabled"] is True


def test_its_image_is_of_a_release_and_not_the_one_that_moves(charts: dict[str, Path]) -> None:
    image = told(charts["ha"], UPSTREAM)["dorisOperator"]["image"]
    assert (image["tag"], image["imagePullPolicy"]) == ("operator-26.0.1", "IfNotPresent")


def test_it_asks_for_its_share_and_not_for_two_cpus(charts: dict[str, Path]) -> None:
    for chart in charts.values():
        resources = told(chart, UPSTREAM)["dorisOperator"]["resources"]
        assert resources["requests"]["cpu"] in ("20m", "100m")
        assert resources["limits"]["memory"] in ("512Mi", "1Gi")


def test_only_prometheus_and_with_the_webhook_the_api_server_come_in(charts: dict[str, Path]) -> None:
    (metrics,) = ingress(charts["ha"])
    assert metrics["ports"] == [{"port": 8080}]
    assert ingress(charts["ha"], enableWebhook=True)[1:] == [{"ports": [{"port": 9443}]}]


def test_it_reaches_the_api_server_and_frontends(charts: dict[str, Path]) -> None:
    policy = release.objects(charts["ha"])["NetworkPolicy/release-doris-operator"]
    assert {port["port"] for rule in policy["spec"]["egress"] for port in rule["ports"]} == {53, 443, 6443, 9030}
    assert policy["spec"]["podSelector"]["matchLabels"] == {"control-plane": "doris-operator"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"dorisOperator": {"image": {"imagePullPolicy": "always"}}},
        {"dorisOperator": {"image": {"tag": ""}}},
        {"dorisOperator": {"enableWebhook": "false"}},
    ],
    ids=["policy", "no tag", "text"],
)
def test_what_upstream_takes_and_should_not_is_refused(charts: dict[str, Path], wrong: dict[str, Any]) -> None:
    with pytest.raises(SchemaViolationError):
        release.objects(charts["ha"], {UPSTREAM: wrong})
