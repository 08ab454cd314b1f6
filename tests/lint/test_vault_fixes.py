"""The fixes of the rules on Vault: what they change in a fixture, and that the finding is then gone."""

from pathlib import Path

import pytest

from hmco_charts.lint import Confidence, Edit, Finding, lint
from hmco_charts.yamlio import Span

FIXTURES = Path(__file__).parent / "rules"


def offset(text: str, line: int, column: int) -> int:
    return sum(map(len, text.splitlines(keepends=True)[: line - 1])) + column - 1


def part(text: str, span: Span) -> slice:
    return slice(offset(text, span.line, span.column), offset(text, span.end_line, span.end_column))


def applied(text: str, edits: set[Edit]) -> str:
    for edit in sorted(edits, key=lambda each: (each.span.line, each.span.column), reverse=True):
        place = part(text, edit.span)
        new = "".join(each if isinstance(each, str) else text[part(text, each)] for each in edit.parts)
        text = text[: place.start] + new + text[place.stop :]
    return text


def mended(findings: tuple[Finding, ...], text: str) -> str:
    return applied(text, {edit for each in findings for edit in each.fixes[0].edits})


def changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that went and those that came, without their indentation."""
    old, new = before.splitlines(), after.splitlines()
    return [line.strip() for line in old if line not in new], [line.strip() for line in new if line not in old]


CASES = [
    ("VLT001/bad/postgresql", ['connection_string = "${PG_URL}"'], ['connection_url = "${PG_URL}"'], True),
    ("VLT001/bad/quoted_key", ['"connection_string" = "${PG_URL}"'], ['"connection_url" = "${PG_URL}"'], True),
    ("VLT001/bad/mixed_case", ['Connection_String = "${PG_URL}"'], ['connection_url = "${PG_URL}"'], True),
    ("VLT001/bad/unused_fragment", ['connection_string = "${PG_URL}"'], ['connection_url = "${PG_URL}"'], False),
    ("VLT001/bad/beside_connection_url", ['connection_string = "${PG_URL}"'], [], False),
    ("VLT002/bad/no_capability", [], ["disable_mlock = true"], False),
    ("VLT002/bad/mounted_script", [], ["disable_mlock = true"], False),
    ("VLT002/bad/false_in_the_file", ["disable_mlock = false"], ["disable_mlock = true"], False),
    (
        "VLT002/bad/local_config",
        ["""value: '{"storage": {"consul": {}}, "ui": true}'"""],
        ["""value: '{"disable_mlock": true, "storage": {"consul": {}}, "ui": true}'"""],
        False,
    ),
    (
        "VLT002/bad/environment_beats_the_file",
        ['- {name: VAULT_DISABLE_MLOCK, value: "false"}'],
        ['- {name: VAULT_DISABLE_MLOCK, value: "true"}'],
        False,
    ),
    ("VLT003/bad/misspelt_ha_enabled", ['ha_enable = "true"'], ['ha_enabled = "true"'], False),
    ("VLT010/bad/image_without_the_capability", ["disable_mlock = false"], ["disable_mlock = true"], False),
    ("VLT011/bad/raft_without_the_setting", [], ["disable_mlock = true"], False),
    ("VLT011/bad/openbao_with_false", ["disable_mlock = false"], [], True),
]


@pytest.mark.parametrize(("fixture", "gone", "come", "is_safe"), CASES, ids=[case[0] for case in CASES])
def test_a_fix_changes_no_more_than_it_must(
    tmp_path: Path, fixture: str, gone: list[str], come: list[str], is_safe: bool
) -> None:
    rule, before = fixture.partition("/")[0], (FIXTURES / f"{fixture}.yaml").read_text()
    file = tmp_path / "manifest.yaml"
    file.write_text(before)
    findings = lint([file], select=[rule]).findings
    after = mended(findings, before)
    assert changed(before, after) == (gone, come)
    assert {each.fixes[0].is_safe for each in findings} == {is_safe}
    file.write_text(after)
    assert lint([file], select=[rule]).findings == ()


@pytest.mark.parametrize("fixture", ["VLT001/bad/mysql", "VLT002/bad/elasticsearch"])
def test_where_the_right_text_is_not_known_there_is_no_fix(fixture: str) -> None:
    (finding,) = lint([FIXTURES / f"{fixture}.yaml"], select=[fixture.partition("/")[0]]).findings
    assert finding.fixes == ()


def test_an_encoded_text_has_no_fix(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text(
        "apiVersion: v1\nkind: Secret\nmetadata: {name: vault}\ndata:\n  vault.hcl: "
        "c3RvcmFnZSAicG9zdGdyZXNxbCIgeyBjb25uZWN0aW9uX3N0cmluZyA9ICJ4IiB9CnVpID0gdHJ1ZQo=\n"
    )
    (finding,) = lint([tmp_path], select=["VLT001"]).findings
    assert finding.fixes == ()


def test_in_a_template_that_does_not_render_a_key_is_no_more_than_likely_wrong(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: app\nversion: 1.0.0\n")
    (tmp_path / "templates" / "config.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: vault}\ndata:\n  vault.hcl: |\n"
        '    listener "tcp" {}\n    storage "postgresql" {\n      connection_string = "{{ .Values.a.b.c }}"\n    }\n'
    )
    (finding,) = lint([tmp_path], select=["VLT"], ignore=["VLT002"]).findings[:1]
    assert (finding.rule, finding.confidence, finding.fixes[0].is_safe) == ("VLT001", Confidence.MEDIUM, False)
