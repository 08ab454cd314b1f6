"""`hmco-charts rules` and `hmco-charts explain`."""

import json
from pathlib import Path

import pytest

from hmco_charts.lint import catalogue

ROOT = Path(__file__).parents[2]


def test_rules_lists_everything_that_a_finding_can_be(run) -> None:
    lines = run("rules").stdout.splitlines()
    assert [line.split()[0] for line in lines] == [rule.id for rule in catalogue()]
    assert lines[0].startswith("HMC001  error    min        Some input could not be analysed")


def test_rules_of_a_profile_are_those_of_the_smaller_ones_too(run) -> None:
    listed = {name: set(run("rules", "--profile", name).stdout.splitlines()) for name in ("min", "basic", "pedantic")}
    assert listed["min"] < listed["basic"] < listed["pedantic"] == set(run("rules").stdout.splitlines())
    assert {line.split()[2] for line in listed["basic"]} == {"min", "basic"}


def test_rules_as_json_tell_all_that_a_rule_says(run) -> None:
    listed = {each["id"]: each for each in json.loads(run("rules", "--format", "json").stdout)}
    assert list(listed) == [rule.id for rule in catalogue()]
    rule = listed["VLT001"]
    assert (rule["name"], rule["severity"], rule["profile"]) == ("vault-storage-connection-string", "error", "min")
    assert all(rule[key] for key in ("confidence", "title", "why", "remedy", "source"))


@pytest.mark.parametrize("word", ["VLT001", "vlt001", "vault-storage-connection-string"])
def test_explain_teaches_a_rule(run, word: str) -> None:
    assert run("explain", word).stdout == (ROOT / "docs" / "rules" / "VLT001.md").read_text()


@pytest.mark.parametrize("rule", ["HMC001", "HMC002", "HMC003", "HMC004"])
def test_explain_teaches_what_the_run_itself_finds(run, rule: str) -> None:
    assert run("explain", rule).stdout.startswith(f"# {rule} ")


@pytest.mark.parametrize(
    ("word", "remedy"),
    [
        ("VLT01", "Did you mean 'VLT001'?"),
        ("vault-storage-connection-strings", "Did you mean 'vault-storage-connection-string'?"),
        ("nothing", "See `hmco-charts rules`."),
    ],
)
def test_an_unknown_rule_is_refused_with_the_nearest(run, word: str, remedy: str) -> None:
    result = run("explain", word)
    assert (result.returncode, result.stderr) == (2, f"error: unknown rule {word!r}\n  {remedy}\n")
