"""What accepts a finding, what it covers, and what becomes of a suppression that does not hold."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from hmco_charts.configuration import Suppression
from hmco_charts.lint import Result, lint

NOW = datetime(2026, 11, 24, tzinfo=UTC)
VAULT = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: vault-config
data:
  vault.hcl: |
    storage "postgresql" {
      connection_string = "x"
    }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: vault}
spec:
  serviceName: vault
  selector: {matchLabels: {app: vault}}
  template:
    metadata: {labels: {app: vault}}
    spec:
      containers:
        - name: vault
          image: hashicorp/vault:1.13.3
          args: [server, -config=/vault/config/vault.hcl]
          volumeMounts: [{name: config, mountPath: /vault/config}]
      volumes:
        - name: config
          configMap: {name: vault-config}
"""
KEY = "      connection_string"
CREDENTIAL = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
data:
  url: postgres://app:tr0ub4dor@db/app
"""


@pytest.fixture
def found(tmp_path: Path):
    """Lints a manifest with one rule."""

    def run(text: str, select: str = "VLT001", **settings: object) -> Result:
        file = tmp_path / "manifest.yaml"
        file.write_text(text, encoding="utf-8")
        return lint([file], select=[select], now=NOW, **settings)

    return run


def rules(result: Result) -> list[str]:
    return [each.rule for each in result.findings]


def before(text: str, line: str, comment: str) -> str:
    """The text with a comment in a line of its own above a line, as deep as it."""
    depth = len(line) - len(line.lstrip())
    assert f"\n{line}" in text
    return text.replace(f"\n{line}", f"\n{' ' * depth}{comment}\n{line}", 1)


def behind(text: str, line: str, comment: str) -> str:
    """The text with a comment behind a line."""
    full = next(each for each in text.split("\n") if each.startswith(line))
    return text.replace(full, f"{full} {comment}", 1)


def test_without_a_suppression_the_fault_is_found(found) -> None:
    assert rules(found(VAULT)) == ["VLT001"]


@pytest.mark.parametrize("line", [KEY, "    storage", "  vault.hcl:", "data:"])
def test_a_comment_holds_for_the_next_line_and_what_is_nested_under_it(found, line: str) -> None:
    result = found(before(VAULT, line, '# hmco: ignore VLT001 reason="as it was"'))
    assert rules(result) == []
    assert [(each.finding.rule, each.by.reason) for each in result.suppressed] == [("VLT001", "as it was")]


@pytest.mark.parametrize("comment", ["#", "//"])
def test_a_comment_behind_a_line_holds_for_it(found, comment: str) -> None:
    assert rules(found(behind(VAULT, KEY, f"{comment} hmco: ignore vault-storage-connection-string reason='x'"))) == []


def test_a_comment_holds_for_no_other_line(found) -> None:
    result = found(before(VAULT, "metadata:", '# hmco: ignore VLT001 reason="x"'))
    assert rules(result) == ["HMC002", "VLT001"]


@pytest.mark.parametrize("text", ["/* hmco: ignore VLT001 reason='x' */", "# hmco:ignore VLT001 reason='x'"])
def test_comments_of_the_embedded_language_hold(found, text: str) -> None:
    assert rules(found(before(VAULT, KEY, text))) == []


def test_one_comment_may_name_several_rules(found) -> None:
    text = before(VAULT, KEY, "# hmco: ignore VLT001, vlt004 reason='x'")
    assert rules(found(text, "VLT001,VLT004")) == []


def test_a_whole_file_may_be_left_out(found) -> None:
    text = "# hmco: ignore-file VLT001 reason='generated'\n" + VAULT
    assert rules(found(text)) == []


def test_an_expired_suppression_is_a_finding_and_hides_nothing(found) -> None:
    text = before(VAULT, KEY, "# hmco: ignore VLT001 reason='x' until=2026-11-23")
    assert rules(found(text)) == ["HMC003", "VLT001"]


def test_a_suppression_holds_on_its_last_day(found) -> None:
    assert rules(found(before(VAULT, KEY, "# hmco: ignore VLT001 reason='x' until=2026-11-24"))) == []


@pytest.mark.parametrize(
    ("comment", "told"),
    [
        ("# hmco: ignore VLT001", "gives no reason"),
        ("# hmco: ignore VLT001 reason=''", "gives no reason"),
        ("# hmco: ignore", "names no rule"),
        ("# hmco: ignroe VLT001 reason='x'", "not understood"),
        ("# hmco: ignore VLT01 reason='x'", "unknown rule 'VLT01'"),
        ("# hmco: ignore VLT001 reason='x' until=soon", "no day"),
        ("# hmco: ignore VLT001 raeson='x'", "not understood"),
        ("# hmco: ignore VLT001 because it is so", "not understood"),
    ],
)
def test_what_cannot_be_understood_is_a_finding_and_hides_nothing(found, comment: str, told: str) -> None:
    result = found(before(VAULT, KEY, comment))
    assert rules(result) == ["HMC003", "VLT001"]
    assert told in result.findings[0].message
    assert result.findings[0].span.line == 8


def test_an_unused_suppression_is_a_finding_at_its_place(found) -> None:
    text = before(
        VAULT.replace("connection_string", "connection_url"), "      connection_url", "# hmco: ignore VLT001 reason='x'"
    )
    (finding,) = found(text).findings
    assert (finding.rule, finding.span.line) == ("HMC002", 8)


def test_a_suppression_of_a_rule_that_did_not_run_is_not_judged(found) -> None:
    assert rules(found(before(VAULT, "data:", "# hmco: ignore VLT004 reason='x'"))) == ["VLT001"]


def test_suppressions_can_be_switched_off(found) -> None:
    result = found(before(VAULT, KEY, "# hmco: ignore VLT001 reason='x'"), no_ignores=True)
    assert rules(result) == ["VLT001"]
    assert result.suppressed == ()


def test_an_annotation_holds_for_its_object(found) -> None:
    note = '  name: vault-config\n  annotations:\n    hmco-charts.io/ignore: VLT001 reason="as it was"'
    assert rules(found(VAULT.replace("  name: vault-config", note, 1))) == []


def test_an_annotation_holds_for_no_other_object(found) -> None:
    note = "metadata: {name: vault, annotations: {hmco-charts.io/ignore: VLT001 reason='x'}}"
    assert rules(found(VAULT.replace("metadata: {name: vault}", note, 1))) == ["VLT001", "HMC002"]


def test_an_annotation_may_hold_several_suppressions(found) -> None:
    note = "  annotations:\n    hmco-charts.io/ignore: |\n      VLT001 reason='a; b'\n      VLT009 until=no\ndata:"
    assert rules(found(VAULT.replace("\ndata:", f"\n{note}", 1))) == ["HMC003"]


def test_an_entry_of_the_configuration_names_object_and_file(found, tmp_path: Path) -> None:
    file = str(tmp_path / "*.yaml")
    told = Suppression("VLT001", "x", object="ConfigMap/vault-*", file=file)
    result = found(VAULT, suppressions=[told])
    assert rules(result) == []
    assert result.suppressed[0].by.is_external


@pytest.mark.parametrize(
    "told",
    [
        Suppression("VLT001", "x", object="ConfigMap/other"),
        Suppression("VLT001", "x", file="/elsewhere/*"),
        Suppression("VLT001", "x", fingerprint="0" * 32),
    ],
)
def test_an_entry_about_something_else_hides_nothing(found, told: Suppression) -> None:
    assert "VLT001" in rules(found(VAULT, suppressions=[told]))


def test_an_entry_about_what_is_not_linted_is_not_judged(found) -> None:
    assert rules(found(VAULT, suppressions=[Suppression("VLT001", "x", object="ConfigMap/other")])) == ["VLT001"]


def test_an_entry_that_suppresses_nothing_is_a_finding(found) -> None:
    healthy = VAULT.replace("connection_string", "connection_url")
    told = Suppression("VLT001", "x", object="ConfigMap/vault-config")
    assert rules(found(healthy, suppressions=[told])) == ["HMC002"]


def test_an_expired_entry_is_a_finding(found) -> None:
    told = Suppression("VLT001", "x", until=date(2026, 1, 1))
    assert sorted(rules(found(VAULT, suppressions=[told]))) == ["HMC003", "VLT001"]


def test_a_secret_is_accepted_only_by_its_fingerprint(found) -> None:
    line = "  url: postgres"
    assert rules(found(before(CREDENTIAL, line, "# hmco: ignore SEC001 reason='x'"), "SEC001")) == ["HMC003", "SEC001"]
    (finding,) = found(CREDENTIAL, "SEC001").findings
    comment = f"# hmco: ignore SEC001 reason='rotated' fingerprint={finding.fingerprint}"
    assert rules(found(before(CREDENTIAL, line, comment), "SEC001")) == []
    other = f"# hmco: ignore SEC001 reason='rotated' fingerprint={'0' * 32}"
    assert rules(found(before(CREDENTIAL, line, other), "SEC001")) == ["HMC002", "SEC001"]


def test_an_entry_on_a_secret_names_object_key_and_fingerprint(found) -> None:
    (finding,) = found(CREDENTIAL, "SEC001").findings
    told = Suppression("SEC001", "x", object="ConfigMap/a", fingerprint=finding.fingerprint)
    assert sorted(rules(found(CREDENTIAL, "SEC001", suppressions=[told]))) == ["HMC003", "SEC001"]
    full = Suppression("SEC001", "x", object="ConfigMap/a", locator="data/url*", fingerprint=finding.fingerprint)
    assert rules(found(CREDENTIAL, "SEC001", suppressions=[full])) == []


CHART = {
    "Chart.yaml": "apiVersion: v2\nname: app\nversion: 0.1.0\n",
    "values.yaml": "level: info\ntag: latest\n",
    "templates/config.yaml": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n"
        "  {{- /* a comment of the template */}}\n  url: postgres://app:tr0ub4dor@db/{{ .Values.level }}\n"
    ),
    "templates/pod.yaml": (
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: a\n"
        "      {{- if .Values.tag }}\n      image: nginx:{{ .Values.tag }}\n      {{- end }}\n"
    ),
}


@pytest.fixture
def chart(tmp_path: Path):
    """Lints a chart with changed files."""

    def run(select: str, changes: dict[str, tuple[str, str]], **settings: object) -> Result:
        for name, text in CHART.items():
            old, new = changes.get(name, ("", ""))
            assert old in text
            (tmp_path / "app" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "app" / name).write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
        return lint([tmp_path / "app"], select=[select], now=NOW, **settings)

    return run


def test_a_template_s_comment_holds_for_the_line_it_makes(chart) -> None:
    assert rules(chart("IMG001", {})) == ["IMG001"]
    told = {"templates/pod.yaml": ("      {{- if", "      {{- /* hmco: ignore IMG001 reason='x' */}}\n      {{- if")}
    assert rules(chart("IMG001", told)) == []


def test_a_template_s_unused_comment_is_a_finding_in_the_template(chart) -> None:
    told = {"templates/pod.yaml": ("  name: a\n", "  # hmco: ignore IMG001 reason='x'\n  name: a\n")}
    (unused, _) = chart("IMG001", told).findings
    assert (unused.rule, Path(unused.span.file).name, unused.span.line) == ("HMC002", "pod.yaml", 4)


def test_a_chart_s_annotation_is_told_at_its_line_in_the_template(chart) -> None:
    note = "  name: a\n  annotations:\n    hmco-charts.io/ignore: IMG001\n"
    result = chart("IMG001", {"templates/pod.yaml": ("  name: a\n", note)})
    refused = next(each for each in result.findings if each.rule == "HMC003")
    assert (Path(refused.span.file).name, refused.span.line) == ("pod.yaml", 6)


def test_a_chart_rendered_in_part_has_its_suppressions_not_judged(chart) -> None:
    told = {"templates/pod.yaml": ("  name: a\n", "  # hmco: ignore IMG001 reason='x'\n  name: a\n")}
    assert rules(chart("IMG001", told, scenarios=None)) == ["IMG001"]
