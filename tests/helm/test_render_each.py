"""A chart rendered with several values at once gives what it gives with each alone."""

import json
from pathlib import Path

import pytest

from hmco_charts.errors import ChartError
from hmco_charts.helm import Engine, RefusedValuesError, Rendered, SchemaViolationError
from tests.helm.conftest import METADATA, SUBCHART, WriteChart

SCHEMA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "additionalProperties": False,
    "properties": {"a": {"$ref": "#/definitions/a"}, "sub": {}, "global": {}},
    "definitions": {"a": {"properties": {"size": {"type": "integer"}}, "required": ["size"]}},
}
SCENARIOS = [{}, {"a": {"size": 2}}, {"a": {"size": "big", "more": 1}, "b": 1}, {"a": {"size": 13}}, {"a": {}}]
TEMPLATE = 'size: {{ .Values.a.size }}{{ if eq (int .Values.a.size) 13 }}{{ fail "unlucky" }}{{ end }}'


def alone(helm: Engine, chart: Path, values: dict) -> object:
    try:
        return helm.render(chart, values)
    except ChartError as error:
        return type(error), str(error)


def each(helm: Engine, chart: Path) -> list[object]:
    outcomes = helm.render_each(chart, SCENARIOS)
    return [each.manifests if isinstance(each, Rendered) else (type(each), str(each)) for each in outcomes]


@pytest.mark.parametrize(
    "more",
    [{}, {"Chart.yaml": METADATA + "dependencies: [{name: sub, version: 0.1.0}]\n", "charts/sub/Chart.yaml": SUBCHART}],
    ids=["one chart", "subcharts"],
)
@pytest.mark.parametrize("schema", [SCHEMA, {**SCHEMA, "$id": "https://example.org/a.json"}, {"$ref": "#/nowhere"}])
def test_as_alone(helm: Engine, write_chart: WriteChart, schema: dict, more: dict) -> None:
    files = {"values.yaml": "a: {size: 1}\n", "values.schema.json": json.dumps(schema), "templates/a.yaml": TEMPLATE}
    chart = write_chart({**files, **more})
    expected = [alone(helm, chart, values) for values in SCENARIOS]
    assert each(helm, chart) == expected
    assert "$id" in schema or "$ref" in schema or expected[2][0] is SchemaViolationError


def test_a_refusal_is_told_from_a_fault(helm: Engine, write_chart: WriteChart) -> None:
    chart = write_chart({"templates/a.yaml": '{{ if .Values.a }}{{ .Values.b.c }}{{ else }}{{ fail "no" }}{{ end }}'})
    refused, broken = helm.render_each(chart, [{}, {"a": 1}])
    assert (type(refused), type(broken)) == (RefusedValuesError, ChartError)


def test_values_are_merged(helm: Engine, write_chart: WriteChart) -> None:
    chart = write_chart({"values.yaml": "a: {b: 1, c: 2}\n"})
    (rendered,) = helm.render_each(chart, [{"a": {"b": 3}}])
    assert rendered == Rendered({}, {"a": {"b": 3, "c": 2}})


def test_no_scenario_is_begun_after_the_time(helm: Engine, write_chart: WriteChart) -> None:
    chart = write_chart({"templates/a.yaml": "a: {{ range until 200000 }}{{ end }}1"})
    assert len(helm.render_each(chart, [{}] * 50, seconds=0)) < 50


def test_a_missing_dependency_is_left_out_when_asked(helm: Engine, write_chart: WriteChart) -> None:
    files = {"Chart.yaml": METADATA + "dependencies: [{name: sub, version: 0.1.0}]\n", "templates/a.yaml": "a: 1"}
    chart = write_chart(files)
    with pytest.raises(ChartError, match="missing in charts/"):
        helm.render_each(chart, [{}])
    (rendered,) = helm.render_each(chart, [{}], is_partial=True)
    assert rendered.manifests == {"demo/templates/a.yaml": "a: 1"}


def test_a_subchart_that_one_scenario_switches_off_is_there_in_the_next(helm: Engine, write_chart: WriteChart) -> None:
    dependency = "dependencies: [{name: sub, version: 0.1.0, condition: sub.enabled}]\n"
    files = {"charts/sub/Chart.yaml": SUBCHART, "charts/sub/templates/s.yaml": "s: 1", "templates/a.yaml": "a: 1"}
    chart = write_chart({"Chart.yaml": METADATA + dependency, **files})
    scenarios = [{"sub": {"enabled": False}}, {"sub": {"enabled": True}}]
    off = {"demo/templates/a.yaml": "a: 1"}
    on = {**off, "demo/charts/sub/templates/s.yaml": "s: 1"}
    assert [each.manifests for each in helm.render_each(chart, scenarios)] == [off, on]
    assert helm.render_changed(chart, scenarios, seconds=9) == [off, on]
