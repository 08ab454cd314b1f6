"""With which values a chart is rendered, and what is told of those with which it does not."""

import json
import tarfile
from pathlib import Path

import pytest

from hmco_charts.objects import ChartOptions, Inputs, read
from tests.objects.conftest import METADATA, WriteChart, config

TEMPLATE = config(level="{{ .Values.level }}")
SWITCHED = "{{ if .Values.%s }}\n" + config("%s") + "{{ end }}"
VALUES = "level: info\nbackup:\n  enabled: false\n"


def labels(inputs: Inputs) -> list[str]:
    return [release.label for release in inputs.releases]


def levels(inputs: Inputs) -> dict[str, list[str]]:
    return {each.label: [found.manifest["data"]["level"] for found in each.objects] for each in inputs.releases}


def unread(inputs: Inputs) -> list[tuple[str, str]]:
    return [(str(each.at), each.reason) for each in inputs.unread]


def archive(chart: Path) -> Path:
    packed = chart.parent / "app-1.0.0.tgz"
    with tarfile.open(packed, "w:gz") as tar:
        tar.add(chart, "app")
    return packed


@pytest.mark.parametrize("pack", [str, lambda chart: str(archive(chart))], ids=["folder", "archive"])
def test_defaults_ci_values_and_switches_are_a_release_each(chart: WriteChart, pack) -> None:
    files = {
        "values.yaml": VALUES,
        "ci/debug-values.yaml": "level: debug\n",
        "ci/README.md": "not values",
        "templates/a.yaml": TEMPLATE,
        "templates/b.yaml": SWITCHED % ("backup.enabled", "backup"),
    }
    inputs = read([pack(chart(files))])
    assert levels(inputs) == {"": ["info"], "ci/debug-values.yaml": ["debug"], "backup.enabled=true": ["info", "info"]}
    assert (inputs.unread, inputs.capped) == ([], [])


def test_declared_scenarios_are_found_by_name_and_by_path(chart: WriteChart, tmp_path: Path) -> None:
    path = chart({"values.yaml": "level: info\nsize: 1\n", "templates/a.yaml": TEMPLATE})
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.write_text("level: one\n")
    two.write_text("level: two\n")
    for key in ("app", str(path)):
        inputs = read([str(path)], ChartOptions(scenarios={key: {"big": [one, two]}, "other": {"small": [one]}}))
        assert levels(inputs) == {"": ["info"], "big": ["two"]}


def test_given_values_are_the_only_ones(chart: WriteChart, tmp_path: Path) -> None:
    path = chart({"values.yaml": VALUES, "ci/x-values.yaml": "level: x\n", "templates/a.yaml": TEMPLATE})
    (tmp_path / "mine.yaml").write_text("level: mine\n")
    assert levels(read([str(path)], ChartOptions(values=(tmp_path / "mine.yaml",)))) == {"": ["mine"]}


def test_without_scenarios_the_defaults_alone_are_rendered(chart: WriteChart) -> None:
    path = chart({"values.yaml": VALUES, "ci/x-values.yaml": "level: x\n", "templates/a.yaml": TEMPLATE})
    assert labels(read([str(path)], ChartOptions(scenarios=None))) == [""]


def test_equal_manifests_are_one_release_and_equal_templates_the_same_objects(chart: WriteChart) -> None:
    path = chart(
        {
            "values.yaml": VALUES,
            "ci/same-values.yaml": "level: info\n",
            "ci/other-values.yaml": "name: other\n",
            "templates/a.yaml": TEMPLATE,
            "templates/b.yaml": config("{{ .Values.name | default `b` }}"),
        }
    )
    default, other = read([str(path)]).releases
    assert (default.label, other.label) == ("", "ci/other-values.yaml")
    assert default.objects[0] is other.objects[0]
    assert default.objects[1] is not other.objects[1]


def test_switches_of_a_schema_are_turned_from_their_default(chart: WriteChart) -> None:
    boolean = {"type": ["boolean", "null"]}
    schema = {
        "properties": {
            "a": {"properties": {"enabled": {**boolean, "default": True}}},
            "b": {"$ref": "#/definitions/b"},
            "c": {"allOf": [{"properties": {"enabled": boolean}}]},
            "d": {"properties": {"enabled": {"type": "string"}}},
        },
        "definitions": {"b": {"properties": {"enabled": boolean, "again": {"$ref": "#/definitions/b"}}}},
    }
    path = chart(
        {
            "values.yaml": "b: {enabled: true}\n",
            "values.schema.json": json.dumps(schema),
            "templates/a.yaml": config(level="{{ .Values | toJson | quote }}"),
        }
    )
    assert labels(read([str(path)])) == ["", "a.enabled=false", "b.enabled=false", "c.enabled=true"]


def test_the_cap_is_told_with_how_many_are_left_out(chart: WriteChart) -> None:
    values = "".join(f"s{number}: {{enabled: false}}\n" for number in range(9))
    path = chart({"values.yaml": values, "templates/a.yaml": config(level="{{ .Values | toJson | quote }}")})
    inputs = read([str(path)], ChartOptions(most_switches=2))
    assert labels(inputs) == ["", "s0.enabled=true", "s1.enabled=true"]
    (capped,) = inputs.capped
    assert capped.reason == (
        "7 of 10 scenarios of this chart were not rendered: s2.enabled=true, s3.enabled=true, s4.enabled=true,"
        " s5.enabled=true, s6.enabled=true, …"
    )
    assert read([str(path)], ChartOptions(most_switches=0)).capped == []


def test_ci_values_that_do_not_render_are_told_at_their_file(chart: WriteChart) -> None:
    path = chart(
        {
            "ci/bad-values.yaml": "level: [\n",
            "ci/list-values.yaml": "- a\n",
            "ci/deep-values.yaml": "a:\n  size: big\n",
            "ci/fail-values.yaml": "stop: true\n",
            "values.schema.json": '{"properties": {"a": {"properties": {"size": {"type": "integer"}}}}}',
            "templates/a.yaml": config() + '{{ if .Values.stop }}\n{{ fail "not so" }}{{ end }}',
        }
    )
    inputs = read([str(path)])
    assert labels(inputs) == [""]
    prefix = "the chart does not render with these values: "
    assert unread(inputs)[1:] == [
        (f"{path}/ci/list-values.yaml:1", "these are no values"),
        (
            f"{path}/ci/deep-values.yaml:2:3",
            f"{prefix}values.schema.json refuses the values: app: /a/size: got string, want integer",
        ),
        (f"{path}/ci/fail-values.yaml", f"{prefix}not so ({path}/templates/a.yaml:8:4)"),
    ]
    assert unread(inputs)[0][0].startswith(f"{path}/ci/bad-values.yaml:")
    failures = inputs.releases[0].chart.failures
    assert [(each.scenario, each.is_deliberate) for each in failures] == [
        ("ci/deep-values.yaml", True),
        ("ci/fail-values.yaml", True),
    ]


def test_a_switch_that_does_not_render_is_only_remembered(chart: WriteChart) -> None:
    path = chart(
        {
            "values.yaml": "a: {enabled: false}\nb: {enabled: false}\nc: {enabled: false}\n",
            "templates/a.yaml": config() + '{{ if .Values.a.enabled }}{{ fail "not so" }}{{ end }}',
            "templates/b.yaml": "{{ if .Values.b.enabled }}{{ .Values.b.more.name }}{{ end }}",
            "templates/c.yaml": "{{ if .Values.c.enabled }}kind: [{{ end }}",
        }
    )
    inputs = read([str(path)])
    assert (labels(inputs), inputs.unread) == (["", "c.enabled=true"], [])
    failures = inputs.releases[0].chart.failures
    assert {each.scenario: each.is_deliberate for each in failures} == {
        "a.enabled=true": True,
        "b.enabled=true": False,
        "c.enabled=true": False,
    }
    places = {each.scenario: str(each.error.at) for each in failures}
    assert places["b.enabled=true"] == f"{path}/templates/b.yaml:1:37"
    assert places["c.enabled=true"].startswith(f"{path}/templates/c.yaml:1")


def test_a_chart_may_ask_for_values_if_a_scenario_gives_them(chart: WriteChart) -> None:
    files = {"templates/a.yaml": config(level='{{ required "give a level" .Values.level }}')}
    path = chart(files)
    assert unread(read([str(path)])) == [(f"{path}/templates/a.yaml:6:13", "give a level")]
    inputs = read([str(chart({**files, "ci/x-values.yaml": "level: info\n"}))])
    assert (labels(inputs), inputs.unread) == (["ci/x-values.yaml"], [])


def test_what_is_wrong_with_every_scenario_is_told_once(chart: WriteChart) -> None:
    path = chart({"ci/x-values.yaml": "a: 1\n", "templates/a.yaml": "{{ .Values.a.b.c }}", "templates/b.yaml": "{{ x"})
    assert len(read([str(path)]).unread) == 1


def test_a_broken_manifest_is_told_at_its_template(chart: WriteChart) -> None:
    path = chart({"templates/a.yaml": "{{ if true }}\n" + config() + "{{ end }}\n---\n{{/* x */}}\nkind: [\n"})
    inputs = read([str(path)])
    assert [str(each.at).split(":")[:2] for each in inputs.unread] == [[f"{path}/templates/a.yaml", "11"]]
    assert len(inputs.releases[0].objects) == 1


def test_a_scenario_that_hits_the_limit_does_not_hide_the_others(chart: WriteChart) -> None:
    bomb = "{{ if .Values.bomb }}{{ repeat 2000000000 `x` }}{{ end }}"
    path = chart({"ci/bomb-values.yaml": "bomb: true\n", "templates/a.yaml": TEMPLATE + bomb})
    inputs = read([str(path)])
    assert labels(inputs) == [""]
    assert [str(each.at) for each in inputs.unread] == [f"{path}/ci/bomb-values.yaml"]


def test_a_library_is_read_and_not_rendered(chart: WriteChart) -> None:
    path = chart({"Chart.yaml": METADATA + "type: library\n", "templates/_a.tpl": '{{ define "a" }}x{{ end }}'})
    (release,) = read([str(path)]).releases
    assert (release.objects, release.chart.name, list(release.chart.sources)) == (
        (),
        "app",
        ["Chart.yaml", "templates/_a.tpl"],
    )


def test_the_version_of_kubernetes_is_that_of_the_cluster(chart: WriteChart) -> None:
    path = chart({"templates/a.yaml": config(level="{{ .Capabilities.KubeVersion.Minor | quote }}")})
    assert levels(read([str(path)], ChartOptions(kube_version="1.28"))) == {"": ["28"]}
