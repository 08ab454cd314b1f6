"""`hmco-charts validate` as a user runs it."""

import gzip
import json
import tarfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.conformance.test_schemas import CRONTAB, crontab

GOOD = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: good\ndata:\n  a: b\n"
BAD = "apiVersion: v1\nkind: Service\nmetadata:\n  name: bad\nspec:\n  prots: []\n  ports:\n    - port: http\n"
UNKNOWN = "apiVersion: example.com/v1\nkind: Toy\nmetadata:\n  name: toy\n"
BROKEN = "a: [\n"
SECRET = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\ndata:\n  key: tr0ub4dor&3\nstringData:\n  a: 5318008\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "manifests").mkdir()
    return tmp_path


@pytest.fixture
def validate(run, folder: Path):
    """Validates texts as `manifests/a.yaml`, `manifests/b.yaml` …; gives what is written and the exit code."""

    def call(*texts: str, options: tuple[str, ...] = (), stdin: str = "", paths: tuple[str, ...] = ("manifests",)):
        for name, text in zip("abcdef", texts, strict=False):
            (folder / "manifests" / f"{name}.yaml").write_text(text)
        result = run("validate", *options, *paths, cwd=folder, stdin=stdin, XDG_CACHE_HOME=str(folder / "cache"))
        assert result.stderr == "" or result.returncode == 2
        return result.stdout or result.stderr, result.returncode

    return call


def test_valid_objects_are_counted(validate) -> None:
    assert validate(GOOD, GOOD) == ("2 objects checked: 2 valid.\n", 0)


def test_faults_are_told_at_their_places(validate) -> None:
    told, code = validate(GOOD, BAD)
    assert told.splitlines() == [
        "manifests/b.yaml:8:13: Service/bad: /spec/ports/0/port: is a text, but must be a whole number",
        "manifests/b.yaml:6:3: Service/bad: /spec/prots: unknown field prots: did you mean ports?",
        "2 objects checked: 1 valid, 1 invalid.",
    ]
    assert code == 1


def test_an_equal_run_answers_equally(validate) -> None:
    assert validate(BAD) == validate(BAD)
    assert validate(GOOD) == ("1 object checked: 1 valid.\n", 0)


def test_unknown_fields_and_keys_twice_are_left_where_it_is_not_strict(validate) -> None:
    twice = GOOD.replace("  a: b\n", "  a: b\n  a: c\n")
    told, code = validate(twice)
    assert (told.splitlines()[0], code) == (
        "manifests/a.yaml:7:3: ConfigMap/good: /data/a: the key a stands twice, first in line 6",
        1,
    )
    unknown = GOOD + "zzz: 1\n"
    assert validate(twice, unknown, options=("--no-strict",)) == ("2 objects checked: 2 valid.\n", 0)


def test_a_key_twice_in_json_is_told(validate, folder: Path) -> None:
    text = '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"a": "b", "a": "c"}}'
    (folder / "manifests" / "a.json").write_text(text)
    told, code = validate()
    assert told.startswith("manifests/a.json:1:89: ConfigMap/a: /data/a: the key a stands twice")
    assert code == 1


def test_a_kind_without_a_schema_is_no_valid_one(validate) -> None:
    told, code = validate(UNKNOWN)
    assert told.splitlines() == [
        "manifests/a.yaml:1: Toy/toy: could not find schema for Toy of example.com/v1",
        "1 object checked: 0 valid, 1 not judged.",
    ]
    assert code == 1
    assert validate(options=("--ignore-missing-schemas",)) == ("1 object checked: 0 valid, 1 skipped.\n", 0)


def test_input_that_cannot_be_read_is_told_and_the_rest_is_judged(validate) -> None:
    told, code = validate(BROKEN + "---\n" + GOOD, "just: values\n")
    assert told.splitlines() == [
        "manifests/a.yaml:2: not readable as YAML: did not find expected node content",
        "manifests/b.yaml:1: not a Kubernetes object: kind is missing",
        "3 objects checked: 1 valid, 2 not judged.",
    ]
    assert code == 3


def test_a_path_that_is_not_there_is_told(validate) -> None:
    told, code = validate(paths=("nowhere.yaml",))
    assert told.startswith("nowhere.yaml: No such file or directory\n")
    assert code == 3


def test_lists_archives_and_standard_input_are_read(validate, folder: Path) -> None:
    (folder / "manifests" / "z.yaml.gz").write_bytes(gzip.compress(GOOD.encode()))
    items = "".join(f"- {text.strip()}\n".replace("\n", "\n  ").rstrip() + "\n" for text in (GOOD, BAD))
    told, code = validate(stdin=f"apiVersion: v1\nkind: List\nitems:\n{items}", paths=("-", "manifests"))
    assert told.splitlines()[0].startswith("<stdin>:17:15: Service/bad: /spec/ports/0/port: ")
    assert told.splitlines()[-1] == "3 objects checked: 2 valid, 1 invalid."
    assert code == 1


@pytest.mark.parametrize(
    ("versions", "told"),
    [
        (["1.25", "v1.26.3"], "(Kubernetes 1.26)"),
        (["all"], "(Kubernetes 1.26-1.37)"),
        (["1.37", "1.30", "1.26"], "(Kubernetes 1.26, 1.30, 1.37)"),
    ],
)
def test_several_versions_of_kubernetes_are_judged_in_one_run(validate, versions: list[str], told: str) -> None:
    scaler = (
        "apiVersion: autoscaling/v2beta2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\n"
        "spec: {maxReplicas: 2, scaleTargetRef: {kind: Deployment, name: a}}\n"
    )
    said, code = validate(scaler, options=tuple(f"--kubernetes-version={each}" for each in versions))
    place = "manifests/a.yaml:1:13: HorizontalPodAutoscaler/a: /apiVersion: autoscaling/v2beta2 HorizontalPodAutoscaler"
    assert f"{place} was removed in Kubernetes 1.26: use autoscaling/v2 {told}" in said.splitlines()
    assert code == 1


def test_a_deprecated_version_is_a_warning(validate) -> None:
    scaler = (
        "apiVersion: autoscaling/v2beta2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\n"
        "spec: {maxReplicas: 2, scaleTargetRef: {kind: Deployment, name: a}}\n"
    )
    said, code = validate(scaler, options=("--kubernetes-version=1.25",))
    assert said.splitlines()[0].endswith(
        "warning: /apiVersion: autoscaling/v2beta2 HorizontalPodAutoscaler is deprecated: use autoscaling/v2"
    )
    assert (said.splitlines()[1], code) == ("1 object checked: 1 valid.", 0)


def test_a_version_that_is_not_known_is_refused(validate) -> None:
    assert validate(GOOD, options=("--kubernetes-version=1.9",)) == (
        "error: no schemas for Kubernetes 1.9\n  Name one of 1.25 to 1.37, several, or all.\n",
        2,
    )


def test_the_version_of_the_projects_cluster_is_taken(validate, folder: Path) -> None:
    (folder / "hmco-charts.yaml").write_text("cluster:\n  kubernetes: '1.31'\n")
    said, _ = validate(BAD, options=("--output=json",))
    assert json.loads(said)["objects"][0]["faults"][0]["kubernetes"] == ["1.31"]


@pytest.mark.parametrize("word", ["Service", "v1/Service", "Secret, Service"])
def test_kinds_are_skipped_and_rejected(validate, word: str) -> None:
    assert validate(GOOD, BAD, options=("--skip", word)) == ("2 objects checked: 1 valid, 1 skipped.\n", 0)
    told, code = validate(options=("--reject", word))
    assert told.splitlines()[0] == "manifests/b.yaml:1: Service/bad: prohibited resource kind Service"
    assert code == 1


def test_definitions_in_the_input_are_taken_wherever_they_stand(validate) -> None:
    told, code = validate(json.dumps(crontab(imge="x")), json.dumps(CRONTAB), json.dumps(crontab()))
    assert told.splitlines()[0].endswith("CronTab/a: /spec/imge: unknown field imge: did you mean image?")
    assert (told.splitlines()[1], code) == ("3 objects checked: 2 valid, 1 invalid.", 1)


def test_definitions_are_read_from_files_folders_and_charts(validate, folder: Path) -> None:
    chart = folder / "chart"
    (chart / "crds").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: chart\nversion: 1.0.0\n")
    (chart / "crds" / "crontab.yaml").write_text(json.dumps(CRONTAB))
    for path in ("chart", "chart/crds", "chart/crds/crontab.yaml"):
        assert validate(json.dumps(crontab()), options=("--crds", path))[1] == 0
    (folder / "crds").mkdir()
    (folder / "crds" / "crontab.yaml").write_text(json.dumps(CRONTAB))
    assert validate(options=("--crds", "crds"))[1] == 0


def test_schemas_are_read_from_a_catalogue_of_kubeconform(validate, folder: Path) -> None:
    schema = {"type": "object", "properties": {"spec": {"$ref": "part.json#/definitions/spec"}}}
    part = {"definitions": {"spec": {"type": "object", "additionalProperties": False}}}
    (folder / "catalogue" / "example.com").mkdir(parents=True)
    (folder / "catalogue" / "example.com" / "toy_v1.json").write_text(json.dumps(schema))
    (folder / "catalogue" / "example.com" / "part.json").write_text(json.dumps(part))
    template = "catalogue/{{.Group}}/{{ .ResourceKind }}_{{.ResourceAPIVersion}}.json"
    options = ("--schema-location", "default", "--schema-location", template)
    assert validate(UNKNOWN, GOOD, options=options) == ("2 objects checked: 2 valid.\n", 0)
    told, code = validate(UNKNOWN + "spec:\n  a: 1\n", options=options)
    assert told.splitlines()[0] == "manifests/a.yaml:6:3: Toy/toy: /spec: must have no fields here"
    assert code == 1


def test_a_folder_of_schemas_has_the_layout_of_kubeconform(validate, folder: Path) -> None:
    (folder / "schemas" / "v1.31.0-standalone-strict").mkdir(parents=True)
    schema = folder / "schemas" / "v1.31.0-standalone-strict" / "toy-example-v1.json"
    schema.write_text('{"required": ["spec"]}')
    options = ("--schema-location", "schemas", "--kubernetes-version", "1.31")
    told, code = validate(UNKNOWN, GOOD, options=options)
    assert told.splitlines() == [
        "manifests/a.yaml:1:1: Toy/toy: spec is missing",
        "manifests/b.yaml:1: ConfigMap/good: could not find schema for ConfigMap of v1; known is v1",
        "2 objects checked: 0 valid, 1 invalid, 1 not judged.",
    ]
    assert code == 1


def test_a_schema_that_is_none_is_told(validate, folder: Path) -> None:
    (folder / "s.json").write_text("{")
    told, code = validate(UNKNOWN, options=("--schema-location", "s.json"))
    assert told.splitlines()[0].startswith("manifests/a.yaml:1: Toy/toy: the schema of Toy cannot be used: ")
    assert "not readable as JSON" in told
    assert code == 1


def test_a_schema_location_with_unknown_parts_is_refused(validate) -> None:
    told, code = validate(GOOD, options=("--schema-location", "{{ .Nonsense }}.json"))
    assert told.startswith("error: schema location with unknown parts: {{ .Nonsense }}.json\n")
    assert code == 2


def test_a_pod_security_level_is_kept_to(validate) -> None:
    pod = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  hostPID: true\n  containers: [{name: a, image: a}]\n"
    )
    assert validate(pod)[1] == 0
    told, code = validate(options=("--pod-security", "baseline"))
    assert told.splitlines()[0] == (
        "manifests/a.yaml:5:12: Pod/a: /spec/hostPID: the Pod Security level baseline does not allow it: hostPID"
    )
    assert code == 1


def test_nothing_of_a_secret_is_told(validate) -> None:
    for form in ("text", "json", "junit", "tap", "kubeconform-json"):
        told, code = validate(SECRET, options=(f"--output={form}",))
        assert code == 1
        assert "tr0ub4dor" not in told
        assert "5318008" not in told


BUDGET = """apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: a}
spec:
  maxUnavailable: 1
  selector: {matchLabels: {app: a}}
  {{- if semverCompare "%s" .Capabilities.KubeVersion.Version }}
  unhealthyPodEvictionPolicy: AlwaysAllow
  {{- end }}
"""


def chart_of(folder: Path, template: str, constraint: str) -> None:
    (folder / "chart/templates").mkdir(parents=True)
    head = "apiVersion: v2\nname: chart\nversion: 1.0.0\n"
    (folder / "chart/Chart.yaml").write_text(f"{head}kubeVersion: {constraint!r}\n")
    (folder / "chart/templates/budget.yaml").write_text(template)


def test_a_chart_is_judged_by_what_it_gives_for_each_version(validate, folder: Path) -> None:
    chart_of(folder, BUDGET % ">=1.27-0", ">=1.20.0-0")
    assert validate(paths=("chart",), options=("--kubernetes-version=all",)) == ("2 objects checked: 2 valid.\n", 0)


def test_what_a_chart_gives_for_an_older_version_alone_is_judged_too(validate, folder: Path) -> None:
    chart_of(folder, BUDGET % "<1.26-0", ">=1.20.0-0")
    told, code = validate(paths=("chart",), options=("--kubernetes-version=all",))
    assert told.splitlines() == [
        (
            "chart/templates/budget.yaml:8:3: PodDisruptionBudget/a: /spec/unhealthyPodEvictionPolicy: "
            "unknown field unhealthyPodEvictionPolicy (Kubernetes 1.25)"
        ),
        "2 objects checked: 1 valid, 1 invalid.",
    ]
    assert code == 1


def test_a_version_that_a_chart_refuses_is_judged_by_what_it_gives_for_the_newest(validate, folder: Path) -> None:
    chart_of(folder, BUDGET % ">=1.27-0", ">=1.27.0-0")
    told, code = validate(paths=("chart",), options=("--kubernetes-version=1.25", "--kubernetes-version=1.30"))
    assert told.splitlines()[0].endswith("unknown field unhealthyPodEvictionPolicy (Kubernetes 1.25)")
    assert code == 1


def test_objects_of_a_chart_are_judged_at_their_templates(validate, folder: Path) -> None:
    chart = folder / "chart"
    (chart / "templates").mkdir(parents=True)
    (chart / "crds").mkdir()
    (chart / "crds" / "crontab.yaml").write_text(json.dumps(CRONTAB))
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: chart\nversion: 1.0.0\n")
    (chart / "values.yaml").write_text("port: http\n")
    (chart / "templates" / "service.yaml").write_text(
        "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  ports:\n    - port: {{ .Values.port }}\n"
    )
    (chart / "templates" / "crontab.yaml").write_text(json.dumps(crontab(imge="x")))
    told, code = validate(paths=("chart",))
    assert told.splitlines() == [
        "chart/templates/crontab.yaml:1:103: CronTab/a: /spec/imge: unknown field imge: did you mean image?",
        "chart/templates/service.yaml:6:13: Service/a: /spec/ports/0/port: is a text, but must be a whole number",
        "2 objects checked: 0 valid, 2 invalid.",
    ]
    assert code == 1
    with tarfile.open(folder / "chart-1.0.0.tgz", "w:gz") as archive:
        archive.add(chart, "chart")
    assert "chart-1.0.0.tgz/chart/templates/service.yaml:6:13: " in validate(paths=("chart-1.0.0.tgz",))[0]


def test_a_kustomization_is_judged_as_it_builds(validate, folder: Path) -> None:
    (folder / "manifests" / "kustomization.yaml").write_text("resources: [a.yaml]\nnamespace: there\n")
    told, code = validate(BAD)
    assert told.splitlines()[0].startswith("manifests/a.yaml:8:13: Service/there/bad: ")
    assert (told.splitlines()[-1], code) == ("1 object checked: 0 valid, 1 invalid.", 1)


def test_json_tells_classes_paths_and_places(validate) -> None:
    told, code = validate(GOOD, BAD, options=("--output", "json"))
    data = json.loads(told)
    assert data["summary"] == {"valid": 1, "invalid": 1, "error": 0, "skipped": 0}
    (bad,) = data["objects"]
    assert (bad["file"], bad["kind"], bad["name"], bad["status"]) == ("manifests/b.yaml", "Service", "bad", "invalid")
    assert [(each["class"], each["path"], each["line"], each["column"]) for each in bad["faults"]] == [
        ("wrong-type", "/spec/ports/0/port", 8, 13),
        ("unknown-field", "/spec/prots", 6, 3),
    ]
    assert code == 1


def test_kubeconforms_json_is_written_as_it_does(validate) -> None:
    told, code = validate(GOOD, BAD, UNKNOWN, options=("--output", "kubeconform-json", "--verbose"))
    data = json.loads(told)
    assert data["resources"][0] == {
        "filename": "manifests/a.yaml",
        "kind": "ConfigMap",
        "name": "good",
        "version": "v1",
        "status": "statusValid",
        "msg": "",
    }
    assert data["resources"][1]["status"] == "statusInvalid"
    assert data["resources"][1]["validationErrors"] == [
        {"path": "/spec/ports/0/port", "msg": "is a text, but must be a whole number"},
        {"path": "/spec/prots", "msg": "unknown field prots: did you mean ports?"},
    ]
    assert data["resources"][2]["status"] == "statusError"
    assert data["resources"][2]["msg"] == "could not find schema for Toy of example.com/v1"
    assert data["summary"] == {"valid": 1, "invalid": 1, "errors": 1, "skipped": 0}
    assert code == 1
    quiet = json.loads(validate(options=("--output", "kubeconform-json", "--no-summary"))[0])
    assert [each["name"] for each in quiet["resources"]] == ["bad", "toy"]
    assert "summary" not in quiet


def test_tap_tells_every_object(validate) -> None:
    told, _ = validate(GOOD, BAD, UNKNOWN, options=("--output", "tap", "--skip", "Toy"))
    lines = told.splitlines()
    assert lines[:2] == ["TAP version 13", "ok 1 - manifests/a.yaml (v1/ConfigMap//good)"]
    assert lines[2].startswith("not ok 2 - manifests/b.yaml (v1/Service//bad): is a text, ")
    assert lines[3:] == ["ok 3 - manifests/c.yaml (example.com/v1/Toy//toy) # skip", "1..3"]


def test_junit_has_a_case_for_every_object(validate) -> None:
    told, _ = validate(GOOD, BAD, UNKNOWN, options=("--output", "junit"))
    suites = list(ET.fromstring(told))
    assert [suite.get("name") for suite in suites] == ["manifests/a.yaml", "manifests/b.yaml", "manifests/c.yaml"]
    assert [(each.get("tests"), each.get("failures"), each.get("errors")) for each in suites] == [
        ("1", "0", "0"),
        ("1", "1", "0"),
        ("1", "0", "1"),
    ]
    assert suites[1][0][0].text.startswith("manifests/b.yaml:8:13: is a text, but must be a whole number\n")


def test_reports_go_to_several_places(validate, folder: Path) -> None:
    told, _ = validate(BAD, options=("--output", "text", "--output", "json=out.json"))
    assert told.endswith("1 object checked: 0 valid, 1 invalid.\n")
    assert json.loads((folder / "out.json").read_text())["summary"]["invalid"] == 1


def test_a_definition_on_standard_input_holds_for_what_stands_beside_it(validate) -> None:
    text = "".join(f"{json.dumps(each)}\n---\n" for each in (CRONTAB, crontab(imge="x")))
    told, code = validate(stdin=text, paths=("-",))
    assert code == 1
    assert "unknown field imge" in told
    assert "2 objects checked: 1 valid, 1 invalid." in told
