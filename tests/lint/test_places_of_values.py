"""Which values findings on charts come from: what is claimed is right, what should be claimed is."""

from pathlib import Path
from typing import Any

import pytest

from hmco_charts.lint import Confidence, Finding, Severity, lint
from hmco_charts.objects import causes
from tests.lint.conftest import METADATA, WriteChart

PASSWORD = "tr0ub4dor-x9K2mQ"
HEAD = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: app\ndata:\n"
POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: app\nspec:\n  containers:\n"
HCL = 'storage "postgresql" {\n  connection_string = "postgres://vault@db/vault"\n}\n'
IMAGE = "    - name: app\n      image: "


def found(path: Path, rule: str, **options: Any) -> list[Finding]:
    return [each for each in lint([path], select=[rule], **options).findings if each.rule == rule]


def claims(finding: Finding, folder: Path) -> list[tuple[str, str, str]]:
    """The values that a finding names: key, file and the text that stands there."""
    return [
        (each.message.removeprefix("the value "), place.relative_to(folder).as_posix(), text(place, each.span))
        for each in finding.related
        if each.role == "value"
        for place in [Path(each.span.file)]
    ]


def text(file: Path, span: Any) -> str:
    lines = file.read_text().split("\n")[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    return "\n".join([lines[0][span.column - 1 :], *lines[1:]]) if len(lines) > 1 else lines[0][span.column - 1 :]


def key(key: str, there: str, file: str = "values.yaml") -> tuple[str, str, str]:
    return key, file, there


@pytest.mark.parametrize(
    ("values", "template", "expected"),
    [
        pytest.param(
            f"db:\n  password: {PASSWORD}\n",
            HEAD + "  db.password: {{ .Values.db.password }}\n",
            [key("db.password", PASSWORD)],
            id="as it is",
        ),
        pytest.param(
            f'db:\n  password: "{PASSWORD}"\n',
            HEAD + "  db.password: {{ .Values.db.password | quote }}\n",
            [key("db.password", PASSWORD)],
            id="quoted",
        ),
        pytest.param(
            f"user: app\npassword: {PASSWORD}\nhost: db\n",
            HEAD + "  url: postgres://{{ .Values.user }}:{{ .Values.password }}@{{ .Values.host }}/app\n",
            [key("password", PASSWORD)],
            id="a part of a line among others",
        ),
        pytest.param(
            f"user: app\npassword: {PASSWORD}\nhost: db\n",
            HEAD + '  url: {{ printf "postgres://%s:%s@%s/app" .Values.user .Values.password .Values.host | quote }}\n',
            [key("password", PASSWORD)],
            id="printf",
        ),
        pytest.param(
            f"url: postgres://app:{PASSWORD}@{{{{ .Values.host }}}}/app\nhost: db\n",
            HEAD + "  url: {{ tpl .Values.url . }}\n",
            [key("url", PASSWORD)],
            id="a template among the values",
        ),
        pytest.param(
            f"password: {PASSWORD}\nother: {PASSWORD}\n",
            HEAD + "  db.password: {{ .Values.other }}\n",
            [key("other", PASSWORD)],
            id="the same text in another value",
        ),
        pytest.param(
            f"databases:\n  - {{name: a, password: ''}}\n  - name: b\n    password: {PASSWORD}\n",
            HEAD + "{{- range .Values.databases }}\n  {{ .name }}.password: {{ .password }}\n{{- end }}\n",
            [key("databases.1.password", PASSWORD)],
            id="range over a list",
        ),
        pytest.param(
            f"databases:\n  a: {{password: ''}}\n  b: {{password: {PASSWORD}}}\n",
            HEAD
            + "{{- range $name, $db := .Values.databases }}\n  {{ $name }}.password: {{ $db.password }}\n{{- end }}\n",
            [key("databases.b.password", PASSWORD)],
            id="range over a map",
        ),
        pytest.param(
            f"env:\n  APP_PASSWORD: {PASSWORD}\n  LEVEL: info\n",
            HEAD + "  {{- toYaml .Values.env | nindent 2 }}\n",
            [key("env.APP_PASSWORD", PASSWORD)],
            id="toYaml",
        ),
        pytest.param(
            f"env:\n  APP_PASSWORD: {PASSWORD}\n",
            HEAD + "{{- with .Values.env }}\n  {{- toYaml . | nindent 2 }}\n{{- end }}\n",
            [key("env.APP_PASSWORD", PASSWORD)],
            id="with",
        ),
        pytest.param(
            f"db:\n  password: {PASSWORD}\n",
            HEAD + '  db.password: {{ include "password" . }}\n',
            [key("db.password", PASSWORD)],
            id="include",
        ),
        pytest.param(
            f"db:\n  password: {PASSWORD}\n",
            HEAD + '  app.json: |\n    {{ dict "password" .Values.db.password | toJson }}\n',
            [key("db.password", PASSWORD)],
            id="toJson",
        ),
        pytest.param(
            f"db:\n  password: {PASSWORD}\n",
            HEAD + "{{- if eq (len .Values.db.password) 16 }}\n  db.password: {{ .Values.db.password }}\n{{- end }}\n",
            [key("db.password", PASSWORD)],
            id="a value whose length matters",
        ),
    ],
)
def test_a_credential_is_that_of_the_value(
    chart: WriteChart, values: str, template: str, expected: list[tuple[str, str, str]]
) -> None:
    helpers = '{{ define "password" }}{{ .Values.db.password }}{{ end }}'
    path = chart({"values.yaml": values, "templates/a.yaml": template, "templates/_h.tpl": helpers})
    (finding,) = found(path, "SEC001")
    assert claims(finding, path) == expected


def indented(text: str, by: int) -> str:
    return "".join(" " * by + line for line in text.splitlines(keepends=True))


@pytest.mark.parametrize(
    ("values", "template", "expected"),
    [
        pytest.param(
            "config: |\n" + indented(HCL, 2),
            HEAD + "  vault.hcl: |\n{{ .Values.config | indent 4 }}\n",
            [key("config", "connection_string")],
            id="a text of several lines",
        ),
        pytest.param(
            "files:\n  vault.hcl: |\n" + indented(HCL, 4),
            HEAD + "  {{- toYaml .Values.files | nindent 2 }}\n",
            [key("files.vault.hcl", "connection_string")],
            id="in a map",
        ),
        pytest.param(
            "config: |\n" + indented(HCL, 2),
            HEAD + "  vault.hcl: {{ .Values.config | toJson }}\n",
            [key("config", "connection_string")],
            id="on one line",
        ),
        pytest.param(
            "address: db\n",
            HEAD + "  vault.hcl: |\n" + indented(HCL, 4).replace("@db", "@{{ .Values.address }}"),
            [],
            id="text of the template beside a value",
        ),
        pytest.param(
            "config: |\n" + indented(HCL, 2) + "copy: |\n" + indented(HCL, 2),
            HEAD + "  vault.hcl: |\n{{ tpl .Values.copy . | indent 4 }}\n",
            [key("copy", "connection_string")],
            id="the other of two equal texts",
        ),
    ],
)
def test_a_line_of_a_configuration_is_that_of_the_value(
    chart: WriteChart, values: str, template: str, expected: list[tuple[str, str, str]]
) -> None:
    path = chart({"values.yaml": values, "templates/a.yaml": template})
    (finding,) = found(path, "VLT001")
    assert claims(finding, path) == expected


def test_the_value_of_an_encoded_secret_is_found(chart: WriteChart) -> None:
    template = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata:\n  vault.hcl: {{ .Values.config | b64enc }}\n"
    path = chart({"values.yaml": "config: |\n" + indented(HCL, 2), "templates/a.yaml": template})
    (finding,) = found(path, "VLT001")
    assert {name for name, *_ in claims(finding, path)} == {"config"}


@pytest.mark.parametrize(
    ("values", "template", "expected"),
    [
        pytest.param(
            "privileged: true\n",
            "    - name: a\n      securityContext: {privileged: {{ .Values.privileged }}}\n",
            [key("privileged", "true")],
            id="a switch",
        ),
        pytest.param(
            "context:\n  privileged: true\n  runAsUser: 0\nother: {runAsUser: 0, on: true}\n",
            "    - name: a\n      securityContext:\n        {{- toYaml .Values.context | nindent 8 }}\n",
            [key("context.privileged", "true")],
            id="a switch in a map",
        ),
        pytest.param(
            "safe: false\n",
            "    - name: a\n      securityContext:\n        privileged: {{ not .Values.safe }}\n",
            [key("safe", "false")],
            id="the contrary of a switch",
        ),
        pytest.param(
            "containers:\n  - name: a\n  - name: b\n    securityContext: {privileged: true}\n",
            "    {{- toYaml .Values.containers | nindent 4 }}\n",
            [key("containers.1.securityContext.privileged", "true")],
            id="a switch in a list",
        ),
        pytest.param(
            "debug: true\n",
            "    - name: a\n      securityContext:\n{{- if .Values.debug }}\n        privileged: true\n{{- end }}\n",
            [],
            id="text of the template under a switch",
        ),
    ],
)
def test_a_privilege_is_that_of_the_value(
    chart: WriteChart, values: str, template: str, expected: list[tuple[str, str, str]]
) -> None:
    path = chart({"values.yaml": values, "templates/a.yaml": POD + template})
    (finding,) = found(path, "PRV001")
    assert claims(finding, path) == expected


@pytest.mark.parametrize(
    ("values", "image", "expected"),
    [
        pytest.param("image: nginx:latest\n", "{{ .Values.image }}", ["image"], id="a value"),
        pytest.param("tag: latest\n", "nginx:{{ .Values.tag }}", ["tag"], id="a part"),
        pytest.param('tag: ""\n', 'nginx:{{ .Values.tag | default "latest" }}', ["tag"], id="an empty value"),
        pytest.param("a: b\n", "nginx:latest", [], id="text of the template"),
        pytest.param("a: b\n", 'nginx:{{ "latest" }}', [], id="a constant"),
        pytest.param("nginx: latest\n", 'nginx:{{ "latest" }}', [], id="the same text in a value that is not read"),
    ],
)
def test_an_image_is_that_of_the_value(chart: WriteChart, values: str, image: str, expected: list[str]) -> None:
    path = chart({"values.yaml": values, "templates/a.yaml": f"{POD}    - name: app\n      image: {image}\n"})
    (finding,) = found(path, "IMG001")
    assert [name for name, *_ in claims(finding, path)] == expected


def test_the_topmost_file_that_sets_a_value_is_told(chart: WriteChart, tmp_path: Path) -> None:
    path = chart({"values.yaml": "db:\n  password: x\n", "templates/a.yaml": HEAD + "  a: {{ .Values.db | toJson }}\n"})
    files = [tmp_path / "one.yaml", tmp_path / "two.yaml"]
    for file in files:
        file.write_text(f"# {file.name}\ndb: {{password: {PASSWORD}}}\n")
    (finding,) = found(path, "SEC001", values=files)
    assert claims(finding, tmp_path) == [key("db.password", PASSWORD, "two.yaml")]


def test_a_fault_of_a_test_of_the_chart_names_the_values_of_the_test(chart: WriteChart) -> None:
    files = {"values.yaml": "tag: 1.2.3\n", "ci/x-values.yaml": "tag: latest\n"}
    path = chart({**files, "templates/a.yaml": POD + IMAGE + "nginx:{{ .Values.tag }}\n"})
    (finding,) = found(path, "IMG001")
    assert claims(finding, path) == [key("tag", "latest", "ci/x-values.yaml")]


def test_a_switch_that_was_turned_is_not_the_value_of_a_file(chart: WriteChart) -> None:
    context = "    - name: a\n      securityContext: {privileged: {{ .Values.enabled }}}\n"
    path = chart({"values.yaml": "enabled: false\n", "templates/a.yaml": POD + context})
    (finding,) = found(path, "PRV001")
    assert claims(finding, path) == []


SUBCHART = {
    "charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 0.1.0\n",
    "charts/sub/values.yaml": "image: nginx\ntag: latest\n",
    "charts/sub/templates/a.yaml": POD + IMAGE + "{{ .Values.image }}:{{ .Values.global.tag | default .Values.tag }}\n",
}


@pytest.mark.parametrize(
    ("values", "alias", "expected"),
    [
        pytest.param("a: b\n", "", key("sub.tag", "latest", "charts/sub/values.yaml"), id="its own"),
        pytest.param("a: b\n", "web", key("web.tag", "latest", "charts/sub/values.yaml"), id="under another name"),
        pytest.param("sub:\n  tag: stable\n", "", key("sub.tag", "stable"), id="its parent's"),
        pytest.param("global:\n  tag: stable\n", "", key("global.tag", "stable"), id="of all"),
    ],
)
def test_values_of_subcharts(chart: WriteChart, values: str, alias: str, expected: tuple[str, str, str]) -> None:
    dependency = "dependencies: [{name: sub, version: 0.1.0, alias: %s}]\n" % (alias or "sub")
    path = chart({**SUBCHART, "Chart.yaml": METADATA + dependency, "values.yaml": values})
    (finding,) = found(path, "IMG001")
    assert claims(finding, path)[-1] == expected


NAME = '{{ define "name" }}{{ .Values.nameOverride | default .Chart.Name }}{{ end }}'


def test_a_name_that_stands_for_its_object_comes_from_no_value(chart: WriteChart) -> None:
    values = "name: app\nnameOverride: app\n"
    template = POD.replace("name: app", 'name: {{ include "name" . }}') + IMAGE.replace("app", "{{ .Values.name }}")
    template += "vault:1.0\n      command: [vault, server]\n"
    path = chart({"values.yaml": values, "templates/a.yaml": template, "templates/_h.tpl": NAME})
    result = lint([path], profile="pedantic", select=["VLT", "SCH"], severity=Severity.INFO, confidence=Confidence.LOW)
    assert any(text(Path(each.span.file), each.span) == "{{ .Values.name }}" for each in result.findings)
    assert [claims(each, path) for each in result.findings if claims(each, path)] == []


def test_of_scenarios_with_the_same_fault_one_is_searched(chart: WriteChart, monkeypatch: pytest.MonkeyPatch) -> None:
    searched = []
    search = causes.flow.search
    monkeypatch.setattr(causes.flow, "search", lambda *args, **options: searched.append(1) or search(*args, **options))
    switches = "".join(f"s{number}: {{enabled: false}}\n" for number in range(5))
    shown = "".join(f"  s{number}: x{{{{ .Values.s{number}.enabled }}}}\n" for number in range(5))
    template = HEAD + shown + "  db.password: {{ .Values.password }}\n"
    path = chart({"values.yaml": switches + f"password: {PASSWORD}\n", "templates/a.yaml": template})
    (finding,) = found(path, "SEC001")
    assert len(finding.scenarios) == 6
    assert (len(searched), len(claims(finding, path))) == (1, 1)


def test_what_was_not_searched_is_said(chart: WriteChart, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hmco_charts.lint.run.Budget", lambda: causes.Budget(renders=1))
    path = chart({"values.yaml": f"p: {PASSWORD}\n", "templates/a.yaml": HEAD + "  db.password: {{ .Values.p }}\n"})
    result = lint([path], select=["SEC001"])
    assert [(each.rule, claims(each, path)) for each in result.findings] == [("HMC004", []), ("SEC001", [])]
    assert result.exit_code == 1
