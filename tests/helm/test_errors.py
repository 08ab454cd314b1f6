"""What a broken chart says, where, and what to do."""

import io
import os
import tarfile
from pathlib import Path

import pytest

from hmco_charts.errors import ChartError, Location
from hmco_charts.helm import Engine, SchemaViolationError, Violation
from tests.helm.conftest import METADATA, SUBCHART, WriteChart

CALLER = 'a: 1\nb: {{ include "h" . }}\n'


def refusal(helm: Engine, chart: Path, values: dict[str, object] | None = None) -> ChartError:
    with pytest.raises(ChartError) as caught:
        helm.render(chart, values)
    return caught.value


@pytest.mark.parametrize(
    ("template", "line", "column", "what"),
    [
        ("a: 1\nb: {{ if }}\n", 2, None, "missing value for if"),
        ("a: 1\nb: {{ .x\n", 2, None, "unclosed action"),
        ("b: {{ nofunc }}\n", 1, None, 'function "nofunc" not defined'),
        ("a: 1\nb: {{ .Values.a.b.c }}\n", 2, 14, "nil pointer evaluating interface {}.b in .Values.a.b.c"),
        ('b: {{ required "say who" .Values.a }}\n', 1, 7, "say who"),
        ('b: {{ fail "no:\\n so" }}\n', 1, 7, "no: so"),
        ('b: {{ include "nope" . }}\n', 1, 7, 'no template "nope" associated with template "gotpl"'),
        ('b: {{ tpl "{{ .Values.a.b }}" . }}\n', 1, 7, "nil pointer evaluating interface {}.b"),
    ],
)
def test_a_template_error_names_line_and_column(
    helm: Engine, write_chart: WriteChart, template: str, line: int, column: int | None, what: str
) -> None:
    chart = write_chart({"templates/a.yaml": template})
    error = refusal(helm, chart)
    assert (error.what, error.at) == (what, Location(f"{chart}/templates/a.yaml", line, column))
    assert error.remedy


def test_an_error_in_a_helper_names_helper_and_caller(helm: Engine, write_chart: WriteChart) -> None:
    helper = '{{ define "h" }}\n{{ .Values.q.z }}{{ end }}'
    chart = write_chart({"templates/_h.tpl": helper, "templates/a.yaml": CALLER})
    error = refusal(helm, chart)
    assert error.at == Location(f"{chart}/templates/_h.tpl", 2, 11)
    assert error.what == (
        f"nil pointer evaluating interface {{}}.z in .Values.q.z (called from {chart}/templates/a.yaml:2)"
    )


def test_an_error_in_a_chart_in_memory_names_the_file_in_it(helm: Engine) -> None:
    files = {"Chart.yaml": METADATA.encode(), "templates/a.yaml": b"\nb: {{ .Values.a.b }}\n"}
    with pytest.raises(ChartError) as caught:
        helm.render_files("demo", files)
    assert caught.value.at == Location("demo/templates/a.yaml", 2, 14)


def test_an_error_in_an_archive_names_the_file_in_it(helm: Engine, write_chart: WriteChart, tmp_path: Path) -> None:
    archive = helm.package(write_chart({"templates/a.yaml": "\nb: {{ .Values.a.b }}\n"}), tmp_path)
    assert refusal(helm, archive).at == Location("demo/templates/a.yaml", 2, 14)


def test_an_error_in_a_subchart_names_its_file(helm: Engine, write_chart: WriteChart) -> None:
    files = {"charts/sub/Chart.yaml": SUBCHART, "charts/sub/templates/s.yaml": "\n{{ .Values.q.r }}"}
    chart = write_chart(files)
    assert refusal(helm, chart).at == Location(f"{chart}/charts/sub/templates/s.yaml", 2, 11)


@pytest.mark.parametrize(
    ("file", "content", "line", "what"),
    [
        ("Chart.yaml", "name: demo\na: b: c\n", 2, "this is no YAML: mapping values are not allowed in this context"),
        ("values.yaml", "a: 1\nb:\n\t- c\n", 3, "this is no YAML: found character that cannot start any token"),
        ("values.yaml", "- a\n", None, "the document must not be of type array"),
        (".helmignore", "**/a\n", None, "double-star (**) syntax is not supported"),
    ],
)
def test_a_broken_file_is_named(
    helm: Engine, write_chart: WriteChart, file: str, content: str, line: int | None, what: str
) -> None:
    chart = write_chart({file: content})
    error = refusal(helm, chart)
    assert (error.what, error.at) == (what, Location(f"{chart}/{file}", line))


@pytest.mark.parametrize("missing", ["name", "version"])
def test_metadata_that_helm_needs_is_asked_for(helm: Engine, write_chart: WriteChart, missing: str) -> None:
    kept = [line for line in METADATA.splitlines() if not line.startswith(missing)]
    chart = write_chart({"Chart.yaml": "\n".join(kept)})
    error = refusal(helm, chart)
    assert (error.what, error.remedy) == (
        f"validation: chart.metadata.{missing} is required", "Correct Chart.yaml.",
    )  # fmt: skip


def test_a_missing_dependency_is_an_error_as_in_helm(helm: Engine, write_chart: WriteChart) -> None:
    wanted = "dependencies: [{name: sub, version: 0.1.0, repository: 'file://../sub'}]\n"
    error = refusal(helm, write_chart({"Chart.yaml": METADATA + wanted}))
    assert error.what == "found in Chart.yaml, but missing in charts/ directory: sub"


def test_a_library_chart_is_not_rendered(helm: Engine, write_chart: WriteChart) -> None:
    error = refusal(helm, write_chart({"Chart.yaml": METADATA + "type: library\n"}))
    assert error.what == "library charts are not installable"


def test_each_violation_of_a_schema_is_told_without_the_value(helm: Engine, write_chart: WriteChart) -> None:
    schema = (
        '{"additionalProperties": false, "properties": {"a": {"type": "integer"}, '
        '"b": {"properties": {"c": {"pattern": "^x$"}}}}}'
    )
    chart = write_chart({"values.schema.json": schema})
    values = {"a": "x", "b": {"c": "hunter2secret"}, "other": 1, "again": 2}
    error = refusal(helm, chart, values)
    assert isinstance(error, SchemaViolationError)
    assert error.violations == (
        Violation("demo", "", "additional properties 'again', 'other' not allowed"),
        Violation("demo", "/a", "got string, want integer"),
        Violation("demo", "/b/c", "does not match pattern '^x$'"),
    )
    with pytest.raises(SchemaViolationError) as caught:
        helm.validate(chart, values)
    assert caught.value.violations == error.violations


def test_values_that_a_schema_admits_are_valid(helm: Engine, write_chart: WriteChart) -> None:
    helm.validate(write_chart({"values.schema.json": '{"required": ["a"]}', "values.yaml": "a: 1\n"}))


def test_a_broken_schema_is_named(helm: Engine, write_chart: WriteChart) -> None:
    chart = write_chart({"values.schema.json": '{"type":'})
    error = refusal(helm, chart)
    assert (error.what, error.at) == (
        "the schema of chart demo cannot be used: unexpected EOF", Location(f"{chart}/values.schema.json"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "template",
    [
        '{{ fail (printf "wrong: %s" .Values.db.password) }}',
        '{{ tpl (printf "{{ .Values.a.b }} %s" .Values.db.password) . }}',
        '{{ tpl (printf "{{ nofunc }} %s" .Values.db.password) . }}',
        "{{ mustDateModify .Values.db.password now }}",
    ],
)
@pytest.mark.parametrize("values", [None, {"db": {"password": "hunter2-given"}}])
def test_a_password_is_in_no_message(
    helm: Engine, write_chart: WriteChart, template: str, values: dict[str, object] | None
) -> None:
    chart = write_chart({"values.yaml": "db: {password: hunter2-own}\n", "templates/a.yaml": template})
    assert "hunter2" not in str(refusal(helm, chart, values))


def test_a_path_that_is_nothing_is_named(helm: Engine, tmp_path: Path) -> None:
    assert str(refusal(helm, tmp_path / "gone")) == (
        f"{tmp_path}/gone: no such file or folder\n  Name a chart's folder or its .tgz archive."
    )


def test_an_empty_folder_is_no_chart(helm: Engine, tmp_path: Path) -> None:
    assert str(refusal(helm, tmp_path)) == (
        f"{tmp_path}: this folder is no chart: it has no Chart.yaml\n  Name the folder that holds Chart.yaml."
    )


@pytest.mark.parametrize("target", ["/etc/hostname", "../../beside"])
def test_a_link_out_of_the_chart_is_refused(helm: Engine, write_chart: WriteChart, target: str) -> None:
    chart = write_chart({"templates/a.yaml": "a: 1\n"})
    chart.joinpath("templates/link.yaml").symlink_to(target)
    error = refusal(helm, chart)
    assert (error.what, error.at) == (
        "a symbolic link leads out of the chart", Location(f"{chart}/templates/link.yaml"),
    )  # fmt: skip
    with pytest.raises(ChartError, match="leads out of the chart"):
        helm.package(chart, chart.parent)


def test_a_link_within_the_chart_is_followed(helm: Engine, write_chart: WriteChart) -> None:
    chart = write_chart({"files/a.yaml": "a: 1\n", "templates/b.yaml": ""})
    chart.joinpath("templates/a.yaml").symlink_to("../files/a.yaml")
    assert helm.render(chart)["demo/templates/a.yaml"] == "a: 1\n"


@pytest.mark.parametrize("target", ["gone.yaml", ".."])
def test_a_link_to_nothing_or_to_the_chart_itself_is_refused(
    helm: Engine, write_chart: WriteChart, target: str
) -> None:
    chart = write_chart({"templates/a.yaml": "a: 1\n"})
    chart.joinpath("templates/link").symlink_to(target)
    assert refusal(helm, chart).what == "a symbolic link leads nowhere, or back to the chart itself"


def test_a_pipe_in_a_chart_is_refused_instead_of_waited_for(helm: Engine, write_chart: WriteChart) -> None:
    chart = write_chart({"templates/a.yaml": "a: 1\n"})
    os.mkfifo(chart / "templates/pipe")
    assert str(refusal(helm, chart)) == (
        f"{chart}/templates/pipe: neither a file nor a folder\n  Remove it from the chart."
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_without_permission_is_an_error(helm: Engine, write_chart: WriteChart) -> None:
    chart = write_chart({"templates/a.yaml": "a: 1\n"})
    chart.joinpath("templates/a.yaml").chmod(0)
    assert str(refusal(helm, chart)) == f"{chart}/templates/a.yaml: permission denied\n  Make the file readable."


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"no archive", "does not appear to be a gzipped archive"),
        (b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x00garb", "flate: corrupt input before offset 1"),
    ],
)
def test_a_corrupt_archive_is_an_error(helm: Engine, tmp_path: Path, content: bytes, what: str) -> None:
    archive = tmp_path / "demo.tgz"
    archive.write_bytes(content)
    error = refusal(helm, archive)
    assert what in error.what
    assert error.at == Location(str(archive))


@pytest.mark.parametrize(
    ("member", "size", "what"),
    [
        ("demo/../../evil", 1, "chart illegally references parent directory"),
        ("evil", 1, 'chart illegally contains content outside the base directory: "evil"'),
        ("demo/big", 6 << 20, 'decompressed chart file "demo/big" is larger than the maximum file size 5242880'),
    ],
)
def test_a_hostile_archive_is_refused(helm: Engine, tmp_path: Path, member: str, size: int, what: str) -> None:
    archive = tmp_path / "demo.tgz"
    with tarfile.open(archive, "w:gz") as tar:
        for name, content in (("demo/Chart.yaml", METADATA.encode()), (member, bytes(size))):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    assert refusal(helm, archive).what == what
