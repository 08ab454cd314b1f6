"""What the run makes of charts and of input that cannot be read."""

from pathlib import Path

import pytest

from hmco_charts.lint import Finding, Result, Severity, lint

METADATA = "apiVersion: v2\nname: app\nversion: 1.0.0\n"
CONFIG = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: vault}
data:
  vault.hcl: |
    listener "tcp" {}
    storage "postgresql" {
      {{- if .Values.tls.enabled }}
      connection_string = "postgres://vault:tr0ub4dor@{{ .Values.host }}/vault"
      {{- end }}
    }
"""


@pytest.fixture
def chart(tmp_path: Path):
    def write(files: dict[str, str]) -> Path:
        for name, text in {"Chart.yaml": METADATA, **files}.items():
            (tmp_path / "app" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "app" / name).write_text(text)
        return tmp_path / "app"

    return write


def found(result: Result) -> list[tuple[str, str, int]]:
    return [(each.rule, Path(each.span.file).name, each.span.line) for each in result.findings]


def test_a_switch_shows_what_the_defaults_hide(chart) -> None:
    path = chart({"values.yaml": "host: db\ntls:\n  enabled: false\n", "templates/a.yaml": CONFIG})
    result = lint([path], select=["VLT001", "SEC001"])
    assert found(result) == [("VLT001", "a.yaml", 9), ("SEC001", "a.yaml", 9)]
    assert result.objects == 1
    assert found(lint([path], select=["VLT001", "SEC001"], scenarios=None)) == []


def test_templates_that_do_not_render_are_judged_as_text(chart) -> None:
    values = "tls: {enabled: true}\n"
    path = chart({"values.yaml": values, "templates/a.yaml": CONFIG, "templates/b.yaml": "{{ .Values.host.name }}"})
    result = lint([path], select=["VLT001", "SEC001"])
    assert found(result) == [("VLT001", "a.yaml", 9), ("SEC001", "a.yaml", 9), ("HMC001", "b.yaml", 1)]
    assert result.exit_code == 3


def test_a_reached_cap_is_a_finding_that_fails_nothing(chart) -> None:
    values = "".join(f"s{number}: {{enabled: false}}\n" for number in range(3))
    result = lint([chart({"values.yaml": values})], select=["VLT"], max_switches=1)
    (capped,) = result.findings
    assert (capped.rule, capped.severity, result.exit_code) == ("HMC004", Severity.INFO, 0)


def test_rules_see_what_is_installed_before(chart, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = chart({"templates/a.yaml": "kind: Secret\nmetadata: {name: a}\n"})
    seen = []

    def check(self: object, release) -> list[Finding]:
        seen.append((release.chart.name, release.previous.chart.name))
        return []

    monkeypatch.setattr("hmco_charts.lint.rules.vlt001.VaultStorageConnectionString.check", check)
    lint([path], select=["VLT001"], against=path)
    assert seen == [("app", "app")]
