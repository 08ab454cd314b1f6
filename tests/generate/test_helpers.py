"""The Go helpers and the macros that every chart has, where they are not given what they need."""

import dataclasses
import json
from pathlib import Path

import pytest

from hmco_charts import helm
from hmco_charts.errors import ChartError
from hmco_charts.generate import render, write
from tests.values.toys import TOY


def rendered(template: str, folder: Path, values: dict[str, object] | None = None) -> str:
    """A chart with one template, rendered by Helm without its schema."""
    for path, text in {"profiles/dev.yaml": "", "templates/a.yaml.j2": template}.items():
        (folder / "source" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "source" / path).write_text(text)
    write(render(dataclasses.replace(TOY, folder=folder / "source")), folder / "toy")
    (folder / "toy/values.schema.json").unlink()
    return helm.engine().render(folder / "toy", values)["toy/templates/a.yaml"]


NEEDS = {
    '(dict "root" . "image" .Values.server.image "resources" dict)': ("container", "name"),
    '(dict "root" . "name" "a" "image" .Values.server.image)': ("container", "resources"),
    '(dict "root" . "name" "a" "resources" dict)': ("image", "image"),
    '(dict "root" . "component" "server")': ("pod", "images"),
    '(dict "root" .)': ("selectorLabels", "component"),
    '(dict "name" "A")': ("secretVariable", "ref, the value of a SecretRef"),
    '(dict "name" "A" "ref" (dict "name" "a"))': ("secretVariable", "a key in ref"),
    '(dict "name" "A" "file" "a")': ("secretFile", "ref, the value of a SecretRef"),
    ".": ("serviceAccountName", "the value serviceAccount"),
    "dict": ("libpq", "database"),
}


@pytest.mark.parametrize(("arguments", "needed"), NEEDS.items(), ids=[f"{a}-{b}" for a, b in NEEDS.values()])
def test_a_helper_says_what_it_needs(arguments: str, needed: tuple[str, str], tmp_path: Path) -> None:
    helper, what = needed
    caller = "container" if helper == "image" else helper
    with pytest.raises(ChartError, match=rf"toy\.{helper} needs {what}"):
        rendered(f'{{{{ include "toy.{caller}" {arguments} }}}}', tmp_path)


@pytest.mark.parametrize(
    ("quantity", "mebibytes"),
    [("512Mi", 512), ("2Gi", 2048), ("1.5G", 1430), ("2e9", 1907), ("1048576", 1), ("1500m", 1), ("1Ti", 1048576)],
)
def test_memory_is_counted_as_kubernetes_counts_it(quantity: str, mebibytes: int, tmp_path: Path) -> None:
    assert rendered(f'{{{{ include "toy.mebibytes" "{quantity}" }}}}', tmp_path).strip() == str(mebibytes)


def test_a_peer_without_labels_is_everybody_on_the_port(tmp_path: Path) -> None:
    template = '{{ include "toy.reach" (dict "port" 5432 "peer" (dict "labels" dict "namespace" "db")) }}'
    assert "to:" not in rendered(template, tmp_path)
    named = template.replace('"labels" dict', '"labels" (dict "app" "db")')
    assert "kubernetes.io/metadata.name: db" in rendered(named, tmp_path)


def test_a_policy_never_allows_all_for_want_of_a_port(tmp_path: Path) -> None:
    template = '{{ include "toy.apiServerEgress" . }}'
    assert "- port: 443\n    - port: 6443" in rendered(template, tmp_path)
    with pytest.raises(ChartError, match=r"networkPolicy\.apiServerPorts needs a port"):
        rendered(template, tmp_path, {"networkPolicy": {"apiServerPorts": []}})


def test_a_secret_that_is_not_set_is_no_variable(tmp_path: Path) -> None:
    template = '{{ include "toy.secretVariable" (dict "name" "A" "ref" .Values.storage.database.url) }}'
    assert rendered(template, tmp_path).strip() == ""


def test_a_part_of_a_program_has_its_own_placement(tmp_path: Path) -> None:
    template = (
        '{{ include "toy.pod" (dict "root" . "component" "a" "images" (list .Values.server.image)'
        ' "values" .Values.server) }}'
    )
    told = {"nodeSelector": {"a": "chart"}, "server": {"nodeSelector": {"a": "part"}, "schedulerName": "own"}}
    text = rendered(template, tmp_path, told)
    assert "nodeSelector:\n  a: part" in text
    assert "schedulerName: own" in text
    assert "nodeSelector:\n  a: chart" in rendered(template, tmp_path, {"nodeSelector": {"a": "chart"}})


def test_an_entry_of_a_map_has_the_defaults_of_its_type(tmp_path: Path) -> None:
    template = '{{- include "toy.values" . -}}\n{{ toJson .Values.externalSecrets }}'
    given = {"externalSecrets": {"a": {"storeRef": {"name": "s"}, "data": {"k": {"key": "p"}}}, "b": None, "c": {}}}
    assert json.loads(rendered(template, tmp_path, given)) == {
        "a": {
            "storeRef": {"name": "s", "kind": "SecretStore"},
            "refreshInterval": "1h",
            "data": {"k": {"key": "p", "property": ""}},
        },
        "c": {"storeRef": {"kind": "SecretStore"}, "refreshInterval": "1h", "data": {}},
    }


@pytest.mark.parametrize(("chart", "where"), [("zookeeper", "server"), ("cluster-core", "coredns")])
def test_a_budget_speaks_of_unhealthy_pods_where_the_cluster_knows_of_it(
    chart: str, where: str, tmp_path: Path
) -> None:
    write(render(chart, profile="ha"), tmp_path / chart)
    told = {"pdb": {"unhealthyPodEvictionPolicy": "AlwaysAllow"}}
    values = {"coreDns": told} if chart == "cluster-core" else told
    for version, is_known in {"1.25.0": False, "1.26.15": False, "1.27.0": True, "1.33.1-gke.1": True}.items():
        found = helm.engine().render(tmp_path / chart, values, kube_version=version)
        budget = found[f"{chart}/templates/{where}-poddisruptionbudget.yaml"]
        assert ("unhealthyPodEvictionPolicy: AlwaysAllow" in budget) == is_known, version


@pytest.mark.parametrize(
    ("told", "url"),
    [
        ('"host" "db" "database" "a" "sslMode" "REQUIRED"', "jdbc:mysql://db:3306/a?sslMode=REQUIRED"),
        ('"host" "::1" "sslMode" "VERIFY_CA"', "jdbc:mysql://[::1]:3306?sslMode=VERIFY_CA"),
        ('"host" "db" "sslMode" "DISABLED"', "jdbc:mysql://db:3306?sslMode=DISABLED&allowPublicKeyRetrieval=true"),
    ],
)
def test_a_client_of_mysql_without_tls_asks_for_the_key_by_which_it_takes_passwords(
    told: str, url: str, tmp_path: Path
) -> None:
    template = '{{ include "toy.mysqlJdbcUrl" (dict "port" 3306 %s) }}'
    assert rendered(template % told, tmp_path).strip() == url
