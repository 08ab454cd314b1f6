"""What Helmfile, Flux and Argo CD get: valid, in order, with the values of the plan, and without a finding."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from hmco_charts.conformance.definitions import NEWEST
from hmco_charts.conformance.judge import faults
from hmco_charts.conformance.schemas import Schemas
from hmco_charts.errors import ConfigurationError
from hmco_charts.export import PROGRAMS
from hmco_charts.generate import ChartTree, write
from hmco_charts.lint import Confidence, lint
from hmco_charts.wiring import Prepared
from hmco_charts.wiring.output import overlay
from tests.wiring.platforms import ON_POSTGRESQL, prepared

SYSTEMS = {"kafka": None, "lakefs": None, "postgresql": None, "vault": {"namespace": "safe", "values": ON_POSTGRESQL}}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return prepared(tmp_path_factory.mktemp("platform"), systems=SYSTEMS, registry="oci://registry.example.com/charts")


def documents(tree: ChartTree, path: str) -> list[Any]:
    return list(yaml.safe_load_all(tree.text(path)))


def accept(document: Any) -> None:
    """Hold an object to the definition of its kind, which the program's own project publishes."""
    assert list(faults(Schemas(NEWEST), document)) == []


@pytest.mark.parametrize("program", PROGRAMS)
def test_no_finding(program: str, found: Prepared, tmp_path: Path) -> None:
    write(PROGRAMS[program](found), tmp_path / "out")
    result = lint([tmp_path / "out"], profile="production", confidence=Confidence.LOW)
    assert [f"{each.rule} {each.message}" for each in result.findings] == []


def test_helmfile_installs_the_folder_in_order(found: Prepared) -> None:
    tree = PROGRAMS["helmfile"](found)
    (told,) = documents(tree, "helmfile.yaml")
    schema = json.loads(Path(__file__).with_name("helmfile.json").read_text())
    jsonschema.Draft7Validator(schema).validate(told)
    assert [each["name"] for each in told["releases"]] == ["kafka", "postgresql", "lakefs", "vault"]
    assert told["hooks"][0]["args"] == ["apply", "--filename", "namespaces.yaml"]
    before: set[str] = set()
    for each in told["releases"]:
        assert set(each["needs"]) <= before
        before.add(f"{each['namespace']}/{each['name']}")
        assert f"{each['chart'].removeprefix('./')}/Chart.yaml" in tree.files
        assert each["values"][0] in tree.files
    waited = {each["name"] for each in told["releases"] if each["wait"]}
    assert waited == {"postgresql"}  # a Vault is ready only when people have unsealed it
    assert {path: tree.files[path] for path in found.tree.files} == dict(found.tree.files)


def test_flux_gets_a_source_for_each_chart_and_a_release_for_each_system(found: Prepared) -> None:
    tree = PROGRAMS["flux"](found)
    sources = {each["metadata"]["name"]: each for each in documents(tree, "sources.yaml")}
    (kustomization,) = documents(tree, "kustomization.yaml")
    assert sorted(kustomization["resources"]) == sorted(tree.files.keys() - {"kustomization.yaml"})
    for release in found.plan.releases:
        (told,) = documents(tree, f"releases/{release.place.name}.yaml")
        accept(told)
        source = sources[told["spec"]["chartRef"]["name"]]
        accept(source)
        assert source["spec"]["url"] == f"oci://registry.example.com/charts/{release.kind.name}"
        assert source["spec"]["ref"] == {"tag": release.kind.version}
        assert told["spec"]["values"] == overlay(release)
        assert told["metadata"]["namespace"] == release.place.namespace
    (vault,) = documents(tree, "releases/vault.yaml")
    assert vault["spec"]["dependsOn"] == [{"name": "postgresql", "namespace": "data-platform"}]
    assert vault["spec"]["install"]["disableWait"]
    (server,) = documents(tree, "releases/postgresql.yaml")
    assert "dependsOn" not in server["spec"]
    assert "disableWait" not in server["spec"]["install"]


def test_argo_cd_syncs_in_waves(found: Prepared) -> None:
    (told,) = documents(PROGRAMS["argocd"](found), "applicationset.yaml")
    accept(told)
    spec = told["spec"]
    elements = {each["name"]: each for each in spec["generators"][0]["list"]["elements"]}
    waves = {name: int(each["wave"]) for name, each in elements.items()}
    assert waves == {"postgresql": 0, "kafka": 1, "lakefs": 1, "vault": 1}
    for release in found.plan.releases:
        name = release.place.name
        assert all(waves[other] < waves[name] for other in release.needs)
        assert yaml.safe_load(elements[name]["values"]) == overlay(release)
        assert elements[name]["version"] == release.kind.version
    steps = [step["matchExpressions"][0] for step in spec["strategy"]["rollingSync"]["steps"]]
    assert [step["values"] for step in steps] == [["0"], ["1"]]
    assert {step["key"] for step in steps} <= spec["template"]["metadata"]["labels"].keys()
    used = set(re.findall(r"\{\{ \.(\w+) \}\}", json.dumps(spec["template"])))
    assert used == set(elements["vault"])


@pytest.mark.parametrize("program", ["flux", "argocd"])
def test_without_a_registry_there_is_nothing_to_install_from(program: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="does not tell where its charts are published") as caught:
        PROGRAMS[program](prepared(tmp_path))
    assert "Set `registry`" in caught.value.remedy


def test_the_command_writes_a_folder(run, tmp_path: Path) -> None:
    text = "cluster: {nodes: [{cpu: 4, memory: 8Gi}]}\nsystems: {postgresql: }\n"
    (tmp_path / "platform.yaml").write_text(text)
    done = run("export", "helmfile", "platform.yaml", "-o", "deploy")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "deploy/helmfile.yaml").is_file()
    refused = run("export", "flux", "platform.yaml", "-o", "deploy")
    assert refused.returncode == 2
    assert refused.stderr.startswith("error: the platform does not tell where its charts are published")
