"""No format shows a secret of what was linted: not at its finding, and not in a line beside another one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hmco_charts.lint import Confidence, Result, Severity, lint
from hmco_charts.report import FORMATS, render, text
from tests.report.leaks import SHORTEST, encoded, parts

ROOT = Path(__file__).parents[2]
FIXTURES = [
    path
    for path in sorted((ROOT / "tests" / "lint" / "rules").glob("SEC*/bad/*.yaml"))
    if path.name.count(".") == 1 and "SEC007" not in path.parts and path.stem != "same_as_the_user"
]
PATHS = [
    *FIXTURES,
    ROOT / "examples" / "incident" / "before.yaml",
    ROOT / "examples" / "incident" / "after-report.yaml",
]
WORDS = ("postgres", "neo4j", "reporting", "warehouse")  # passwords that are names as well
PLANTED = ("tr0ub4dor", "s3cr3t-pw", "p@ss:w0rd", "Tr0ub4dor&3xyz", "lakefs-pw-123", "vault-secure-password-change-me")


def found(path: Path) -> Result:
    return lint([path], profile="pedantic", severity=Severity.INFO, confidence=Confidence.LOW)


def secrets(result: Result, source: str) -> Iterator[str]:
    """What stands at findings of secrets, if it is not an ordinary word too."""
    lines = source.split("\n")
    for finding in result.findings:
        if finding.rule.startswith("SEC"):
            span = finding.span
            block = lines[span.line - 1 : span.end_line]
            block[-1] = block[-1][: span.end_column - 1]
            piece = "\n".join([block[0][span.column - 1 :], *block[1:]])
            if piece not in WORDS:
                yield piece


@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_no_format_shows_a_secret(path: Path) -> None:
    source = path.read_text()
    result = found(path)
    planted = [*secrets(result, source), *(each for each in PLANTED if each in source)]
    known = {part for secret in planted for part in parts(secret)}
    assert known, f"{path} holds no secret that could be looked for"
    reports = {form: render(result, form) for form in FORMATS} | {"colour": text.render(result, colour=True, width=60)}
    assert {form: part for form, report in reports.items() for part in known if part in report} == {}


@pytest.mark.parametrize("kind", ["Secret", "ConfigMap"])
@pytest.mark.parametrize("secret", ["tr0ub4dor3xyz", "pläne für 2026!", "a b c d e f", "x" * 500])
def test_a_secret_is_hidden_where_it_stands_once_more(tmp_path: Path, kind: str, secret: str) -> None:
    known = secret if kind == "ConfigMap" else encoded(secret)
    file = tmp_path / "a.yaml"
    file.write_text(
        f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: a}}\ndata:\n  DB_PASSWORD: {known}\n---\n"
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  containers:\n"
        f"    - name: app\n      image: app\n      args: [{encoded(secret)}]\n      env:\n"
        f"        - name: PASSWORD\n          value: {secret}\n"
    )
    shown = text.render(found(file))
    assert len(secret) >= SHORTEST
    assert "args" not in shown or "••••" in shown
    assert secret not in shown
    assert encoded(secret).rstrip("=") not in shown
