from typing import Any

import pytest
from jsonschema import Draft7Validator
from pydantic_core import PydanticCustomError

from hmco_charts.values.rule import Rule

RULE = Rule(
    when={"storage.type": "file", "backup.enabled": True},
    then={"replicaCount": (0, 1), "storage.url.name": ("",)},
    needed=("storage.file.claim",),
    because="one folder has one owner",
)
GOOD: dict[str, Any] = {
    "replicaCount": 1,
    "backup": {"enabled": True},
    "storage": {"type": "file", "url": {"name": ""}, "file": {"claim": "files"}},
}


def faults(document: dict[str, Any]) -> tuple[str, bool]:
    """What Python says, and whether the schema admits it."""
    admitted = Draft7Validator(RULE.schema()).is_valid(document)
    try:
        RULE.enforce(document)
    except PydanticCustomError as error:
        return error.message(), admitted
    return "", admitted


def test_a_document_that_keeps_the_rule_passes() -> None:
    assert faults(GOOD) == ("", True)


@pytest.mark.parametrize("other", [{"backup": {"enabled": False}}, {"backup": {}}, {"storage": {"type": "raft"}}])
def test_the_rule_rests_where_its_condition_does_not_hold(other: dict[str, Any]) -> None:
    assert faults({**GOOD, "replicaCount": 3, **other}) == ("", True)


def test_what_null_took_away_counts_as_the_empty_text() -> None:
    resting = Rule(when={"storage.url.name": ""}, needed=("storage.host",), because="it must be named")
    missing = {"storage": {"host": ""}}
    assert not Draft7Validator(resting.schema()).is_valid(missing)
    assert Draft7Validator(RULE.schema()).is_valid({**GOOD, "storage": {"type": "file", "file": {"claim": "files"}}})


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"replicaCount": 3}, "replicaCount must be 0 or 1"),
        ({"storage": {**GOOD["storage"], "url": {"name": "db"}}}, "storage.url.name must be empty"),
        ({"storage": {**GOOD["storage"], "file": {"claim": ""}}}, "storage.file.claim must be set"),
        ({"storage": {**GOOD["storage"], "file": {}}}, "storage.file.claim must be set"),
    ],
)
def test_a_broken_rule_names_the_value_and_the_reason(wrong: dict[str, Any], what: str) -> None:
    where = "storage.type is file and backup.enabled is true: one folder has one owner"
    assert faults({**GOOD, **wrong}) == (f"{what} where {where}", False)
