"""Each rule against its fixtures: `rules/<ID>/bad/*.yaml` with what it must find, and `good/*.yaml` with nothing.

A fixture is a file of manifests or a chart's folder; what is found in a chart names the file in it.
What is known of the cluster stands beside a fixture in `<name>.cluster.yaml`, what is installed before an upgrade in
`<name>.against.yaml`. The clock stands at `NOW`. `--update-expected` writes what is found; read it.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from hmco_charts.configuration import Cluster
from hmco_charts.lint import PROFILES, Confidence, Severity, all_rules, lint

FIXTURES = Path(__file__).parent / "rules"
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def fixtures(kind: str) -> list[Path]:
    files = [path for path in FIXTURES.glob(f"*/{kind}/*.yaml") if path.name.count(".") == 1]
    charts = [path.parent for path in FIXTURES.glob(f"*/{kind}/*/Chart.yaml") if "." not in path.parent.name]
    return sorted(files + charts)


BAD = fixtures("bad")
GOOD = fixtures("good")


def name(path: Path) -> str:
    return f"{path.parts[-3]}-{path.stem}"


def cluster(path: Path) -> Cluster:
    told = path.with_suffix(".cluster.yaml")
    return Cluster(**yaml.safe_load(told.read_text())) if told.exists() else Cluster()


def against(path: Path) -> Path | None:
    before = path.with_suffix(".against" if path.is_dir() else ".against.yaml")
    return before if before.exists() else None


def found(path: Path) -> list[dict[str, object]]:
    result = lint(
        [path],
        select=[path.parts[-3]],
        cluster=cluster(path),
        against=against(path),
        now=NOW,
        confidence=Confidence.LOW,
    )
    return [
        {
            **({"file": Path(finding.span.file).relative_to(path).as_posix()} if path.is_dir() else {}),
            "rule": finding.rule,
            "line": finding.span.line,
            "column": finding.span.column,
            "object": str(finding.object),
            "severity": finding.severity.value,
        }
        for finding in result.findings
    ]


@pytest.mark.parametrize("path", BAD, ids=name)
def test_a_bad_fixture_gives_exactly_what_is_expected(path: Path, request: pytest.FixtureRequest) -> None:
    expected = path.with_suffix(".expected.yaml")
    if request.config.getoption("--update-expected"):
        expected.write_text("".join(map(row, found(path))), "utf-8")
    assert expected.is_file(), f"there is no {expected}: look at what pytest --update-expected writes"
    assert found(path) == yaml.safe_load(expected.read_text())


def row(finding: dict[str, object]) -> str:
    told = ", ".join(f'{key}: "{value}"' if key == "object" else f"{key}: {value}" for key, value in finding.items())
    return f"- {{{told}}}\n"


@pytest.mark.parametrize("path", GOOD, ids=name)
def test_a_good_fixture_gives_nothing(path: Path) -> None:
    assert found(path) == []


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_a_rule_has_fixtures_of_both_kinds(rule) -> None:
    assert any(path.parts[-3] == rule.id for path in BAD)
    assert any(path.parts[-3] == rule.id for path in GOOD)


def test_rules_have_distinct_ids_and_names() -> None:
    ids = [rule.id for rule in all_rules()]
    names = [rule.name for rule in all_rules()]
    assert ids == sorted(set(ids))
    assert len(names) == len(set(names))


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_a_rule_documents_itself(rule) -> None:
    missing = [name for name in ("name", "title", "why", "remedy", "source") if not getattr(rule, name, "")]
    assert missing == [], f"{type(rule).__name__} does not say its {' and its '.join(missing)}"
    assert rule.source.startswith("https://")
    assert isinstance(rule.severity, Severity)
    assert rule.profile in PROFILES
