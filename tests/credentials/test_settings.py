"""Single settings: each row of the tables is one situation."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from hmco_charts.credentials import judge

CASES = Path(__file__).parent / "cases"


def rows(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((CASES / name).read_text(encoding="utf-8"))


def title(row: dict[str, Any]) -> str:
    return f"{row['key']}={row['value']}"


@pytest.mark.parametrize("row", rows("hits_settings.yaml"), ids=title)
def test_a_usable_secret_is_found_at_its_place(row: dict[str, Any]) -> None:
    hit = judge(row["key"], row["value"])

    assert hit
    assert row["value"][hit.start : hit.end] == row.get("secret", row["value"])
    assert hit.kind == row.get("kind", hit.kind)
    assert hit.confidence in {row.get("confidence", hit.confidence)} - {"low"}
    assert hit.is_local == row.get("is_local", False)


@pytest.mark.parametrize("row", rows("clean_settings.yaml"), ids=title)
def test_what_is_no_usable_secret_stays_silent(row: dict[str, Any]) -> None:
    hit = judge(row["key"], row["value"])

    assert hit is None or hit.confidence == "low"
