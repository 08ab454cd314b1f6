"""Where findings on charts point, and how those of several scenarios become one."""

import re
from pathlib import Path

import pytest

from hmco_charts.lint import Finding, lint
from tests.lint.conftest import WriteChart

CONFIG = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: vault
data:
  vault.hcl: |
    storage "postgresql" {
      %s = "postgres://vault@db/vault"
    }
"""
WRONG = CONFIG % "connection_string"


def found(path: Path, rule: str = "VLT001", **options) -> list[Finding]:
    return list(lint([path], select=[rule], **options).findings)


def place(finding: Finding, chart: Path) -> tuple[str, int, int]:
    span = finding.span
    return str(Path(span.file).relative_to(chart)), span.line, span.column


def test_a_finding_stands_in_the_template_and_tells_the_rendered_line(chart: WriteChart) -> None:
    path = chart({"templates/a.yaml": "{{- if true }}\n{{/* a note */}}\n" + WRONG + "{{- end }}\n"})
    (finding,) = found(path)
    assert place(finding, path) == ("templates/a.yaml", 10, 7)
    assert finding.span.is_proven
    (rendered,) = finding.related
    assert (rendered.role, rendered.span.file, rendered.span.line) == ("rendered", "demo/templates/a.yaml", 10)


def test_scenarios_of_one_fault_are_one_finding(chart: WriteChart) -> None:
    path = chart(
        {
            "values.yaml": "level: info\nother: {enabled: false}\n",
            "ci/debug-values.yaml": "level: debug\n",
            "templates/a.yaml": '{{- if eq .Values.level "debug" }}\n# more\n{{- end }}\n' + WRONG,
            "templates/b.yaml": "{{ if .Values.other.enabled }}\n"
            + WRONG.replace("name: vault", "name: other")
            + "{{ end }}",
        }
    )
    one, other = found(path)
    assert place(one, path) == ("templates/a.yaml", 11, 7)
    assert one.scenarios == ("defaults", "ci/debug-values.yaml", "other.enabled=true")
    assert place(other, path) == ("templates/b.yaml", 9, 7)
    assert other.scenarios == ("other.enabled=true",)


def test_the_same_fault_in_two_branches_is_two_findings(chart: WriteChart) -> None:
    text = "{{ if .Values.other.enabled }}\n" + WRONG + "  more: x\n{{ else }}\n" + WRONG + "{{ end }}"
    path = chart({"values.yaml": "other: {enabled: false}\n", "templates/a.yaml": text})
    one, other = found(path)
    assert (one.scenarios, other.scenarios) == (("other.enabled=true",), ("defaults",))
    assert one.fingerprint == other.fingerprint


def test_given_values_are_the_scenario_s_name(chart: WriteChart, tmp_path: Path) -> None:
    values = tmp_path / "mine.yaml"
    values.write_text("level: debug\n")
    (finding,) = found(chart({"templates/a.yaml": WRONG}), values=[values])
    assert finding.scenarios == (str(values),)


def test_a_manifest_has_no_scenarios_and_is_its_own_place(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(WRONG)
    (finding,) = found(path)
    assert (finding.scenarios, finding.related, finding.span.is_proven) == ((), (), True)


@pytest.mark.parametrize(
    "template",
    [
        pytest.param(WRONG.replace("\n", "\r\n"), id="line ends of Windows"),
        pytest.param(WRONG.replace("metadata:", "metadata: # x\t"), id="tabs"),
        pytest.param(WRONG + "  id: {{ randAlphaNum 10 }}\n", id="a value by chance"),
        pytest.param(WRONG + '  sum: {{ include "body" . | sha256sum }}\n', id="a digest"),
        pytest.param('{{ include "body" . }}', id="only an include"),
        pytest.param(
            '{{- $x := include "body" . }}{{ if eq ($x | len) SIZE }}{{ $x }}{{ end }}'.replace(
                "SIZE", str(len(WRONG.rstrip()))
            ),
            id="a length",
        ),
        pytest.param('{{- $x := include "body" . | fromYaml }}{{ toYaml $x }}', id="a round trip"),
        pytest.param('{{ tpl (.Files.Get "a.yaml") . }}', id="a file"),
    ],
)
def test_the_place_is_proven_and_mends_the_fault(chart: WriteChart, template: str) -> None:
    files = {
        "templates/a.yaml": template,
        "templates/_h.tpl": '{{ define "body" -}}\n' + WRONG + "{{- end }}",
        "a.yaml": WRONG,
    }
    path = chart(files)
    (finding,) = found(path)
    assert finding.span.is_proven
    file, line, column = place(finding, path)
    lines = files[file].split("\n")
    at = lines[line - 1][column - 1 :]
    assert at.startswith(("connection_string", "{{"))
    lines[line - 1] = "" if at.startswith("{{") else lines[line - 1].replace("connection_string", "connection_url")
    (path / file).write_text("\n".join(lines))
    assert found(path) == []


def test_what_is_rendered_by_chance_is_not_proven(chart: WriteChart) -> None:
    """The number of lines differs from one rendering to the next."""
    lines = "{{ range until (randInt 1 30000) }}\n{{ end }}"
    path = chart({"templates/a.yaml": lines + WRONG})
    (finding,) = found(path)
    assert not finding.span.is_proven
    assert place(finding, path)[0] == "templates/a.yaml"
    (rendered,) = finding.related
    assert re.search(r"rendered line \d+ of demo/templates/a\.yaml", rendered.message)
