"""Whole embedded texts: each row of the tables is one situation."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from hmco_charts.credentials import Hit, find

CASES = Path(__file__).parent / "cases"


def rows(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((CASES / name).read_text(encoding="utf-8"))


def shown(row: dict[str, Any]) -> list[Hit]:
    return [hit for hit in find(row["text"], row["name"]) if hit.confidence != "low"]


@pytest.mark.parametrize("row", [*rows("hits_texts.yaml"), *rows("hits_charts.yaml")], ids=lambda row: row["name"])
def test_each_usable_secret_of_a_text_is_found_at_its_place(row: dict[str, Any]) -> None:
    hits = shown(row)

    assert [row["text"][hit.start : hit.end] for hit in hits] == row.get(
        "secrets", [row["text"][hit.start : hit.end] for hit in hits]
    )
    assert [hit.kind for hit in hits] == row.get("kinds", [hit.kind for hit in hits])
    assert hits


@pytest.mark.parametrize("row", [*rows("clean_texts.yaml"), *rows("clean_charts.yaml")], ids=lambda row: row["name"])
def test_a_text_without_a_usable_secret_stays_silent(row: dict[str, Any]) -> None:
    assert shown(row) == []
