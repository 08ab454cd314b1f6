"""The folder of a platform: charts, values, order, namespaces, and what the lint is to know."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from hmco_charts import helm, yamlio
from hmco_charts.errors import ChartError
from hmco_charts.generate import write
from hmco_charts.objects.pod_security import violations
from hmco_charts.values import charts, read
from hmco_charts.wiring import FORMATS, Prepared
from tests.values.stub import stub
from tests.wiring.platforms import CERTIFICATES, platform, prepared, refusal, values

THREE = {"nodes": [{"count": 3, "cpu": 8, "memory": "32Gi"}]}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return prepared(tmp_path_factory.mktemp("platform"))


def document(found: Prepared, path: str) -> Any:
    return yaml.safe_load(found.tree.text(path))


@pytest.mark.parametrize("size", ["dev", "small", "ha"])
def test_a_values_file_over_its_charts_values_is_all_of_them(size: str, tmp_path: Path) -> None:
    found = prepared(tmp_path, size=size, cluster=THREE)
    for release in found.plan.releases:
        below = document(found, f"charts/{release.kind.name}/values.yaml")
        merged = yamlio.merge(below, document(found, f"values/{release.place.name}.yaml"))
        assert release.kind.model.model_validate(merged) == release.values


def test_helm_makes_the_same_of_a_values_file_as_of_all_values(tmp_path: Path) -> None:
    lake = {"type": "postgresql", "postgresql": {"database": "lakefs"}}
    systems = {
        "kafka": {"values": {"topics": {"orders": {"partitions": 3}}, "users": {"shop": {"password": {"name": "s"}}}}},
        "lakefs": {},
        "postgresql": {},
        "trino": {"values": {"catalogs": {"lake": lake}}},
        "vault": {"values": {"extraEnvVars": [{"name": "GODEBUG", "value": "netdns=go"}]}},
    }
    found = prepared(tmp_path, systems=systems, monitoring={"type": "prometheusOperator"})
    write(found.tree, tmp_path / "out")
    for release in found.plan.releases:
        chart = tmp_path / "out" / "charts" / release.kind.name
        told = document(found, f"values/{release.place.name}.yaml")
        assert helm.engine().render(chart, told) == helm.engine().render(chart, release.values.document())


@pytest.mark.parametrize(("name", "profile"), [(name, one) for name, each in charts().items() for one in each.profiles])
def test_no_profile_takes_away_what_the_default_one_adds(name: str, profile: str) -> None:
    below, above = read(charts()[name]).document(), read(charts()[name], profile=profile).document()
    assert list(gone(below, above)) == []


def gone(below: Any, above: Any, path: str = "") -> Any:
    if isinstance(below, dict) and isinstance(above, dict):
        yield from (f"{path}.{key}" for key in below.keys() - above.keys())
        for key in below.keys() & above.keys():
            yield from gone(below[key], above[key], f"{path}.{key}")


def test_the_index_is_the_plan_as_json(found: Prepared) -> None:
    told = json.loads(found.tree.text("releases.json"))
    assert (
        told
        == json.loads(FORMATS["json"](found))
        == {
            "releases": [
                {
                    "name": "postgresql",
                    "namespace": "data-platform",
                    "chart": "charts/postgresql",
                    "values": ["values/postgresql.yaml"],
                    "needs": [],
                },
                {
                    "name": "vault",
                    "namespace": "vault-prod",
                    "chart": "charts/vault",
                    "values": ["values/vault.yaml"],
                    "needs": ["postgresql"],
                },
            ]
        }
    )
    named = [path for each in told["releases"] for path in (f"{each['chart']}/Chart.yaml", *each["values"])]
    assert [path for path in named if path not in found.tree.files] == []


def test_a_chart_that_wraps_another_brings_it_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    kind = charts()["flink-operator"]
    systems = {kind.name: {"values": {kind.upstream.name: {"enabled": True}}}}
    with pytest.raises(ChartError, match="is not in charts/") as caught:
        prepared(tmp_path, systems=systems)
    assert caught.value.remedy.startswith("Fetch it with `hmco-charts deps charts/flink-operator`")
    (tmp_path / "charts/flink-operator/charts").mkdir(parents=True)
    archive = helm.engine().package(stub(kind, tmp_path / "stub"), tmp_path / "charts/flink-operator/charts")
    found = prepared(tmp_path, systems=systems)
    assert found.tree.files[f"charts/flink-operator/charts/{archive.name}"] == archive.read_bytes()
    assert kind.upstream.name in [each.name for each in found.survey.release.of_kind("ConfigMap")]


def test_the_same_platform_gives_the_same_bytes(found: Prepared, tmp_path: Path) -> None:
    assert prepared(tmp_path).tree == found.tree


def test_namespaces_enforce_the_strictest_level_that_admits_their_pods(found: Prepared, tmp_path: Path) -> None:
    spaces = list(yaml.safe_load_all(found.tree.text("namespaces.yaml")))
    levels = {each["metadata"]["name"]: next(iter(each["metadata"]["labels"].values())) for each in spaces}
    assert levels == {"data-platform": "restricted", "vault-prod": "restricted"}
    old = {"storage": {"type": "postgresql"}, "distribution": {"vault": {"image": {"tag": "1.13.3"}}}}
    systems = {"postgresql": None, "vault": {"namespace": "vault-prod", "values": old}}
    survey = prepared(tmp_path, systems=systems).survey
    pods = [each for each in survey.release.pods if each.object.namespace == "vault-prod"]
    level = survey.levels["vault-prod"]
    assert [each.message for pod in pods for each in violations(pod, level)] == []


def test_the_lint_is_told_of_the_cluster(found: Prepared) -> None:
    assert document(found, "hmco-charts.yaml")["cluster"] == {
        "nodes": 1,
        "zones": 1,
        "domain": "cluster.local",
        "objects": [
            "ClusterIssuer/platform",
            "Secret/data-platform/postgresql-admin",
            "Secret/data-platform/postgresql-exporter",
            "Secret/data-platform/vault-postgresql",
            "Secret/vault-prod/vault-postgresql",
        ],
    }


def test_nodes_without_room_are_refused_with_a_table(tmp_path: Path) -> None:
    (told,) = refusal(tmp_path, cluster={"nodes": [{"cpu": "150m", "memory": "500Mi", "disk": "10Gi"}]})
    lines = told.splitlines()
    assert lines[0].startswith("platform.yaml:3:3: the nodes have no room for ")
    assert [line.split() for line in lines[1:-1]] == [
        ["release", "pods", "cpu", "memory", "disk"],
        ["postgresql", "3", "0.2", "448Mi", "2.0Gi"],
        ["vault", "2", "0.1", "192Mi", "0Mi"],
        ["all", "5", "0.3", "640Mi", "2.0Gi"],
        ["nodes", "1", "0.15", "500Mi", "10.0Gi"],
    ]


def test_each_pod_needs_a_node_not_only_the_sum_of_them(tmp_path: Path) -> None:
    (told,) = refusal(tmp_path, cluster={"nodes": [{"count": 50, "cpu": "90m", "memory": "1Gi"}]})
    assert "the nodes have no room for StatefulSet/postgresql of postgresql\n" in told
    assert refusal(tmp_path, cluster={"nodes": [{"count": 2, "cpu": "190m", "memory": "1Gi"}]}) == []


def test_the_plan_is_a_table_in_order(found: Prepared) -> None:
    rows = [line.split() for line in FORMATS["text"](found).splitlines()]
    assert rows == [
        ["release", "chart", "namespace", "needs", "pods", "cpu", "memory", "disk"],
        ["postgresql", "postgresql", "data-platform", "-", "3", "0.2", "448Mi", "2.0Gi"],
        ["vault", "vault", "vault-prod", "postgresql", "2", "0.1", "192Mi", "0Mi"],
        ["all", "5", "0.3", "640Mi", "2.0Gi"],
        ["nodes", "1", "4", "8.0Gi", "-"],
    ]


def test_the_plan_is_drawn(found: Prepared) -> None:
    assert FORMATS["mermaid"](found).splitlines() == [
        "flowchart LR",
        '  r_postgresql["postgresql<br/>data-platform"]',
        '  r_vault["vault<br/>vault-prod"]',
        "  r_vault --> r_postgresql",
    ]
    assert '  "vault" -> "postgresql";' in FORMATS["dot"](found).splitlines()


def test_two_systems_of_a_chart_share_its_folder(tmp_path: Path) -> None:
    systems = {name: {"chart": "postgresql"} for name in ("one", "two")}
    found = prepared(tmp_path, systems=systems)
    assert {path.split("/")[1] for path in found.tree.files if path.startswith("charts/")} == {"postgresql"}
    assert values(found, "one")["admin"]["password"]["name"] == "one-admin"
    write(found.tree, tmp_path / "out")
    assert (tmp_path / "out/values/two.yaml").is_file()
    assert platform()["certificates"] == CERTIFICATES
