"""The pages of docs/rules: what the rules and their fixtures say; `pytest --update-golden` writes them."""

from dataclasses import replace
from difflib import SequenceMatcher
from itertools import product
from pathlib import Path

import pytest
import yaml

from hmco_charts.lint import Confidence, EngineRule, Finding, Rule, Severity, catalogue, lint
from hmco_charts.report.page import Example, index, page
from tests.lint.test_rules import BAD, GOOD, NOW, against, cluster

PAGES = Path(__file__).parents[2] / "docs" / "rules"
LONGEST = 40  # lines of an example, where there is a shorter one


def files(fixture: Path) -> dict[str, str]:
    """The texts of a fixture by what is told of them, with those that it is linted together with."""
    before, known = against(fixture), fixture.with_suffix(".cluster.yaml")
    told = {f"`{name}`" if name else "Installed" if before else "": text for name, text in texts(fixture).items()}
    if before:
        told |= {f"Installed before{f', `{name}`' if name else ''}": text for name, text in texts(before).items()}
    if known.exists():
        told["Known of the cluster"] = known.read_text()
    return told


def texts(fixture: Path) -> dict[str, str]:
    if fixture.is_file():
        return {"": fixture.read_text()}
    found = sorted(file for file in fixture.rglob("*") if file.suffix in (".yaml", ".tpl", ".lock"))
    return {file.relative_to(fixture).as_posix(): file.read_text() for file in found}


def nearest(rule: str) -> tuple[Path, Path]:
    """A bad and a good fixture that differ least, and long ones only where there are no others."""
    bad, good = ([each for each in fixtures if each.parts[-3] == rule] for fixtures in (BAD, GOOD))
    return min(product(bad, good), key=unlike)


def unlike(pair: tuple[Path, Path]) -> tuple[bool, float, tuple[Path, Path]]:
    one, two = ("\n".join(files(each).values()).split("\n") for each in pair)
    ratio = SequenceMatcher(None, one, two, autojunk=False).ratio()
    return len(one) > LONGEST, -ratio, pair


def findings(fixture: Path, rule: str) -> tuple[Finding, ...]:
    told = {"cluster": cluster(fixture), "against": against(fixture), "now": NOW}
    given = lint([fixture], select=[rule], confidence=Confidence.LOW, **told).findings
    return tuple(replace(each, place=replace(each.span, file=name(each, fixture))) for each in given)


def name(finding: Finding, fixture: Path) -> str:
    return Path(finding.span.file).relative_to(fixture).as_posix() if fixture.is_dir() else ""


def written(rule: Rule | EngineRule) -> str:
    if isinstance(rule, EngineRule):
        return page(rule)
    bad, good = nearest(rule.id)
    return page(rule, Example(files(bad), findings(bad, rule.id)), Example(files(good)))


@pytest.mark.parametrize("rule", catalogue(), ids=lambda rule: rule.id)
def test_the_page_of_a_rule_is_what_the_rule_says(rule: Rule | EngineRule, golden) -> None:
    golden.check(PAGES / f"{rule.id}.md", written(rule))


def test_the_index_lists_every_page(golden) -> None:
    golden.check(PAGES / "README.md", index(catalogue()))
    assert {file.stem for file in PAGES.glob("*.md")} == {"README", *(rule.id for rule in catalogue())}


def test_an_example_of_a_fault_says_what_is_found() -> None:
    text = (PAGES / "VLT001.md").read_text()
    assert "\n## A fault\n" in text
    assert "connection_string" in text.split("## A fault")[1].split("```text")[1]
    assert yaml.safe_load(text.split("```yaml\n")[1].split("```")[0])["kind"]
    assert Severity.ERROR.value in text
