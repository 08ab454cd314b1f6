import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft7Validator

from hmco_charts.values import schema
from tests.values.toys import Toy

SCHEMA = schema(Toy)
VALIDATOR = Draft7Validator(SCHEMA)


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for inner in node.values():
            yield from nodes(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from nodes(inner)


def test_it_is_draft_07() -> None:
    Draft7Validator.check_schema(SCHEMA)


def test_every_reference_stays_inside_the_document() -> None:
    references = {node["$ref"] for node in nodes(SCHEMA) if isinstance(node.get("$ref"), str)}
    known = {f"#/definitions/{name}" for name in SCHEMA["definitions"]}
    assert references <= known
    assert known - references == set()


def test_every_pattern_is_one_that_re2_and_browsers_read() -> None:
    patterns = [node["pattern"] for node in nodes(SCHEMA) if isinstance(node.get("pattern"), str)]
    assert [pattern for pattern in patterns if re.search(r"\(\?(?!:)|\\[1-9]", pattern)] == []


def test_every_object_is_closed_but_global() -> None:
    objects = {name: node for name, node in SCHEMA["definitions"].items() if "properties" in node}
    assert [name for name, node in objects.items() if node["additionalProperties"] is not False] == ["GlobalValues"]
    assert SCHEMA["additionalProperties"] is False


def test_every_number_is_bounded_below() -> None:
    numbers = [node for node in nodes(SCHEMA) if "integer" in str(node.get("type", "")) and "const" not in node]
    assert [node for node in numbers if "minimum" not in node] == []


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"server": None},
        {"server": {"replicas": None, "image": {"repository": "a/b", "tag": None}}},
        {"server": {"image": {"repository": None}}},
        {"server": {"image": {"tag": "a"}}},
        {"server": {"resources": {"requests": {"cpu": None}}}},
        {"global": {"postgresql": {"auth": {"database": "x"}}}},
        {"storage": {"type": "disk", "disk": {}, "database": {"url": {"name": ""}}}},
        {"storage": {"type": "database", "database": {"url": {"name": "db", "key": "url"}}}},
        {"server": {"extraEnvVars": [{"name": "DB_PASSWORD_FILE", "value": "/run/x"}]}},
    ],
    ids=str,
)
def test_it_admits(document: dict[str, Any]) -> None:
    VALIDATOR.validate(document)


@pytest.mark.parametrize(
    "document",
    [
        {"servr": {}},
        {"server": []},
        {"server": {"replicas": "3"}},
        {"server": {"replicas": 10}},
        {"server": {"extraArgs": [None]}},
        {"server": {"tolerations": [None]}},
        {"server": {"extraEnvVars": [{"name": None}]}},
        {"storage": {"type": "database", "database": {"url": {"name": ""}}}},
        {"storage": {"type": "tape"}},
        {"storage": {"database": {"url": {"name": "db", "key": ""}}}},
        {"server": {"extraEnvVars": [{"name": "DB_PASSWORD", "value": "x"}]}},
        {"server": {"extraEnvVars": [{"name": "X", "value": "http://a:b@c"}]}},
        {"commonAnnotations": {"a key": "x"}},
    ],
    ids=str,
)
def test_it_refuses(document: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid(document)
