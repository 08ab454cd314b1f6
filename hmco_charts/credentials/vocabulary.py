"""The words that names and values are compared with; the data is in `vocabulary.json`."""

import json
from functools import cache
from importlib.resources import files


def words(name: str) -> frozenset[str]:
    """The words of one list of the data file."""
    return frozenset(_lists()[name]["words"])


@cache
def _lists() -> dict[str, dict[str, list[str]]]:
    data: dict[str, dict[str, list[str]]] = json.loads(
        files(__package__).joinpath("vocabulary.json").read_text(encoding="utf-8")
    )
    return data
