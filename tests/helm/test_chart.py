from pathlib import Path

import pytest

from hmco_charts.errors import ChartError, ConfigurationError, DocumentError, Location
from hmco_charts.helm import ChartInfo, Dependency, Engine, LintMessage, Severity
from tests.helm.conftest import METADATA, SUBCHART, WriteChart

FILES = {
    "values.yaml": "a: {b: 1, c: 2}\n",
    "values.schema.json": '{"type": "object"}',
    "README.md": "# demo\n",
    "templates/a.yaml": "a: {{ .Values.a.b }}\n",
    "crds/crd.yaml": "kind: CustomResourceDefinition\n",
    "charts/sub/Chart.yaml": SUBCHART,
}


def test_a_folder_and_its_archive_load_alike(helm: Engine, write_chart: WriteChart, tmp_path: Path) -> None:
    chart = write_chart(FILES)
    expected = ChartInfo(
        metadata={"apiVersion": "v2", "name": "demo", "version": "0.1.0"},
        values={"a": {"b": 1, "c": 2}},
        schema={"type": "object"},
        templates={"templates/a.yaml": "a: {{ .Values.a.b }}\n"},
        files={"README.md": "# demo\n", "crds/crd.yaml": "kind: CustomResourceDefinition\n"},
        crds={"demo/crds/crd.yaml": "kind: CustomResourceDefinition\n"},
        dependencies=({"apiVersion": "v2", "name": "sub", "version": "0.1.0"},),
    )
    assert helm.load(chart) == expected
    archive = helm.package(chart, tmp_path / "packed")
    assert archive == tmp_path / "packed" / "demo-0.1.0.tgz"
    assert helm.load(archive) == expected


def test_values_are_merged_over_the_charts_own(helm: Engine, write_chart: WriteChart) -> None:
    chart = write_chart({"values.yaml": "a: {b: 1, c: 2}\n"})
    assert helm.merge_values(chart, {"a": {"b": 5, "c": None}}) == {"a": {"b": 5}}


def test_lint_says_where(helm: Engine, write_chart: WriteChart) -> None:
    chart = write_chart({"values.yaml": "{}\n", "templates/a.yaml": "a: 1\nb: c: d\n"})
    assert helm.lint(chart) == [
        LintMessage(Severity.INFO, Location(f"{chart}/Chart.yaml"), "icon is recommended"),
        LintMessage(
            Severity.ERROR,
            Location(f"{chart}/templates/a.yaml", 2),
            "this is no YAML: mapping values are not allowed in this context",
        ),
    ]


def test_lint_tells_what_a_schema_wants_and_not_what_was_given(helm: Engine, write_chart: WriteChart) -> None:
    schema = '{"properties": {"a": {"pattern": "^x$"}}}'
    chart = write_chart({"values.schema.json": schema, "values.yaml": "a: hunter2\n", "templates/NOTES.txt": ""})
    errors = [message for message in helm.lint(chart) if message.severity is Severity.ERROR]
    assert [(message.at, message.text) for message in errors] == [
        (Location(f"{chart}/values.yaml"), "/a: does not match pattern '^x$'"),
        (Location(f"{chart}/templates"), "demo: /a: does not match pattern '^x$'"),
    ]


def test_dependencies_are_listed_and_built_from_a_folder(helm: Engine, write_chart: WriteChart) -> None:
    write_chart({"Chart.yaml": SUBCHART, "templates/s.yaml": "s: 1\n"}, "sub")
    wanted = "dependencies: [{name: sub, version: 0.1.0, repository: file://../sub}]\n"
    chart = write_chart({"Chart.yaml": METADATA + wanted})
    assert helm.dependencies(chart) == [Dependency("sub", "0.1.0", "file://../sub", "missing")]
    helm.build_dependencies(chart)
    assert helm.dependencies(chart) == [Dependency("sub", "0.1.0", "file://../sub", "ok")]
    assert helm.render(chart) == {"demo/charts/sub/templates/s.yaml": "s: 1\n"}


def test_a_dependency_that_cannot_be_found_is_an_error(helm: Engine, write_chart: WriteChart) -> None:
    wanted = "dependencies: [{name: sub, version: 0.1.0, repository: file://../nowhere}]\n"
    chart = write_chart({"Chart.yaml": METADATA + wanted})
    with pytest.raises(ChartError) as caught:
        helm.build_dependencies(chart)
    assert caught.value.what == f"directory {chart.parent}/nowhere not found"


def test_a_set_expression_becomes_values(helm: Engine) -> None:
    assert helm.parse_set("a.b=1,c={x,y},d[0].e=null") == {"a": {"b": 1}, "c": ["x", "y"], "d": [{"e": None}]}


@pytest.mark.parametrize(
    ("expression", "what"),
    [("a", 'key "a" has no value'), ("a[", "this sets no value"), ("=", "this sets no value")],
)
def test_what_is_no_set_expression_is_refused(helm: Engine, expression: str, what: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        helm.parse_set(expression)
    assert str(caught.value) == f"{what}\n  Write key=value, as in server.replicas=3."


def test_values_are_read_as_kubernetes_reads_yaml(helm: Engine) -> None:
    text = "a: yes\nb: 0644\nc: 1e3\nd: 2001-01-01\ne: 12:30:00\nf: ~\n"
    assert helm.values_from_yaml(text) == {
        "a": True, "b": 420, "c": 1000, "d": "2001-01-01", "e": "12:30:00", "f": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a: b: c", 1, "this is no YAML: mapping values are not allowed in this context"),
        ("a: 1\nb: [1\nc: 2\n", 3, "this is no YAML: did not find expected ',' or ']'"),
        ("- a\n", None, "the document must not be of type array"),
    ],
)
def test_values_that_are_no_mapping_are_refused(helm: Engine, text: str, line: int | None, what: str) -> None:
    with pytest.raises(DocumentError) as caught:
        helm.values_from_yaml(text, "values.yaml")
    assert (caught.value.what, caught.value.at) == (what, Location("values.yaml", line))
