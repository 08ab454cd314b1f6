"""What Grafana is told; Grafana itself is in no package."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from hmco_charts import resources
from hmco_charts.values.grafana import Grafana
from tests.charts import release
from tests.charts.release import Manifest, containers, environment

SCENARIO = resources.directory("chart_templates") / "grafana/ci/platform-values.yaml"
Render = Callable[..., dict[str, Manifest]]


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> Render:
    chart = release.chart(tmp_path_factory.mktemp("chart"), "grafana", "ha")

    def of(**more: object) -> dict[str, Manifest]:
        return release.objects(chart, release.values(SCENARIO.read_text("utf-8")) | more, namespace="monitoring")

    return of


def server(found: dict[str, Manifest]) -> Manifest:
    return containers(found["Deployment/release-grafana"]["spec"]["template"])[0]


def test_every_variable_of_the_datasources_is_set_from_the_secret_of_its_datasource(objects: Render) -> None:
    found = objects()
    text = found["ConfigMap/release-grafana-config"]["data"]["datasources.yaml"]
    references = {
        one["name"]: one["valueFrom"]["secretKeyRef"]
        for one in server(found)["env"]
        if "secretKeyRef" in one.get("valueFrom", {})
    }
    told = {name: references[name] for name in re.findall(r"\$\{(\w+)\}", text)}
    assert told == {
        "DATASOURCE_ALERTS_PASSWORD": {"name": "alerts-reader", "key": "password"},
        "DATASOURCE_SHOP_PASSWORD": {"name": "shop-reader", "key": "pw"},
    }


def test_a_dollar_of_an_address_stays_a_dollar(objects: Render) -> None:
    found = objects(datasources={"odd": {"url": "http://db.data.svc/$HOME"}})
    (source,) = release.values(found["ConfigMap/release-grafana-config"]["data"]["datasources.yaml"])["datasources"]
    assert source["url"] == "http://db.data.svc/$$HOME"


def test_several_pods_share_database_key_and_alerts(objects: Render) -> None:
    secrets = {
        (name, key): key
        for name, key in (
            ("grafana-admin", "password"),
            ("grafana-secret-key", "secret-key"),
            ("grafana-postgresql", "password"),
        )
    }
    environment_of = {**server(objects(datasources={}))}
    environment_of["env"] = [one for one in environment_of["env"] if one["name"] != "POD_IP"]
    told = environment(environment_of, secrets)
    assert (told["GF_DATABASE_TYPE"], told["GF_DATABASE_HOST"]) == ("postgres", "postgresql.databases.svc:5432")
    assert told["GF_SECURITY_SECRET_KEY"] == "secret-key"
    assert told["GF_UNIFIED_ALERTING_HA_PEERS"] == "release-grafana-headless:9094"


def test_a_file_is_the_database_of_one_pod() -> None:
    with pytest.raises(ValidationError, match=r"replicaCount must be 0 or 1 where database.type is sqlite3"):
        Grafana.model_validate({"replicaCount": 2})


@pytest.mark.parametrize(("namespaces", "kinds"), [((), {"ClusterRole"}), (("data",), {"Role"})])
def test_the_collector_reads_config_maps_and_nothing_else(
    objects: Render, namespaces: tuple[str, ...], kinds: set[str]
) -> None:
    roles = [
        one
        for one in objects(dashboards={"namespaces": [*namespaces]}).values()
        if one["kind"] in ("Role", "ClusterRole")
    ]
    assert {one["kind"] for one in roles} == kinds
    assert [rule["resources"] for one in roles for rule in one["rules"]] == [["configmaps"]]


def test_the_collector_writes_where_the_server_reads(objects: Render, tmp_path: Path) -> None:
    found = objects()
    (provider,) = release.values(found["ConfigMap/release-grafana-config"]["data"]["dashboards.yaml"])["providers"]
    collector = containers(found["Deployment/release-grafana"]["spec"]["template"])[1]
    assert {"name": "FOLDER", "value": provider["options"]["path"]} in collector["env"]
    assert {"name": "LABEL", "value": "grafana_dashboard"} in collector["env"]
