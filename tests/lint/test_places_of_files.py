"""Which files of a chart findings come from that its templates include: what is claimed mends the fault."""

from pathlib import Path

import pytest

from hmco_charts.lint import Finding, lint
from tests.lint.conftest import WriteChart

HEAD = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: vault\ndata:\n"
HCL = 'listener "tcp" {}\nstorage "postgresql" {\n  connection_string = "postgres://vault@db/vault"\n}\n'
JSON = '{"listener": {"tcp": {}}, "storage": {"postgresql": {"connection_string": "postgres://vault@db/vault"}}}'


def found(path: Path) -> list[Finding]:
    return [each for each in lint([path], select=["VLT001"]).findings if each.rule == "VLT001"]


def named(finding: Finding) -> list[str]:
    return [each.message for each in finding.related if each.role == "value"]


@pytest.mark.parametrize(
    "template",
    [
        pytest.param('  vault.hcl: |-\n{{ .Files.Get "files/vault.hcl" | indent 4 }}\n', id="indent"),
        pytest.param('  vault.hcl: |\n    {{- .Files.Get "files/vault.hcl" | nindent 4 }}\n', id="nindent"),
        pytest.param('  vault.hcl: |\n    {{- tpl (.Files.Get "files/vault.hcl") . | nindent 4 }}\n', id="tpl"),
        pytest.param('  vault.hcl: {{ .Files.Get "files/vault.hcl" | toYaml | indent 4 }}\n', id="toYaml"),
        pytest.param('  vault.hcl: {{ .Files.Get "files/vault.hcl" | quote }}\n', id="quote"),
        pytest.param('  {{- (.Files.Glob "files/*.hcl").AsConfig | nindent 2 }}\n', id="AsConfig"),
        pytest.param(
            '{{- range $path, $_ := .Files.Glob "files/*" }}\n  {{ base $path }}: |\n'
            "    {{- $.Files.Get $path | nindent 4 }}\n{{- end }}\n",
            id="Glob",
        ),
        pytest.param(
            '  vault.hcl: |\n{{- range .Files.Lines "files/vault.hcl" }}\n    {{ . }}\n{{- end }}\n', id="Lines"
        ),
        pytest.param(
            '  vault.hcl: |\n    {{- include "body" . | nindent 4 }}\n'
            '{{- define "body" }}{{ .Files.Get "files/vault.hcl" }}{{ end }}\n',
            id="include",
        ),
    ],
)
def test_the_line_of_the_file_is_named_and_mends_the_fault(chart: WriteChart, template: str) -> None:
    path = chart({"templates/a.yaml": HEAD + template, "files/vault.hcl": HCL})
    (finding,) = found(path)
    (place,) = [each.span for each in finding.related if each.role == "value"]
    assert named(finding) == ["the file files/vault.hcl"]
    assert (Path(place.file), place.line, place.column, place.end_column) == (path / "files/vault.hcl", 3, 3, 20)
    (path / "files/vault.hcl").write_text(HCL.replace("connection_string", "connection_url"))
    assert found(path) == []


def test_the_file_is_told_from_one_with_the_same_text(chart: WriteChart) -> None:
    template = HEAD + '  vault.hcl: |\n    {{- .Files.Get "files/b.hcl" | nindent 4 }}\n'
    path = chart({"templates/a.yaml": template, "files/a.hcl": HCL, "files/b.hcl": HCL})
    (finding,) = found(path)
    assert named(finding) == ["the file files/b.hcl"]


def test_the_key_in_a_file_of_one_line_is_found(chart: WriteChart) -> None:
    template = HEAD + '  vault.json: |\n    {{- .Files.Get "vault.json" | nindent 4 }}\n'
    path = chart({"templates/a.yaml": template, "vault.json": JSON})
    (finding,) = found(path)
    (place,) = [each.span for each in finding.related if each.role == "value"]
    assert JSON[place.column - 1 : place.end_column - 1] == "connection_string"


def test_of_equal_lines_the_one_that_is_taken_is_found(chart: WriteChart) -> None:
    template = HEAD + '  vault.json: {{ .Files.Lines "vault.json" | last | quote }}\n'
    path = chart({"templates/a.yaml": template, "vault.json": JSON + "\n" + JSON})
    (finding,) = found(path)
    (place,) = [each.span for each in finding.related if each.role == "value"]
    assert place.line == 2


def test_a_chart_that_reads_no_files_claims_none(chart: WriteChart) -> None:
    template = HEAD + '  vault.hcl: |\n    {{- include "body" . | nindent 4 }}\n'
    helper = '{{ define "body" }}' + HCL + "{{ end }}"
    path = chart({"templates/a.yaml": template, "templates/_h.tpl": helper, "files/vault.hcl": HCL})
    (finding,) = found(path)
    assert named(finding) == []
