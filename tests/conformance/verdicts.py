"""Objects with a change each, and whether the API server takes them."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).with_name("verdicts.yaml")
_OLDER = Path(__file__).with_name("older.yaml")
ASKED = (25, 29, 37)
"""The minor versions of Kubernetes whose API servers gave the verdicts of older.yaml."""


@dataclass(frozen=True)
class Case:
    """An object and the API server's verdict.

    Attributes:
        name: Its kind, and what is changed in it.
        object: The object.
        is_taken: Whether the API server takes it.
    """

    name: str
    object: dict[str, Any]
    is_taken: bool


def cases() -> Iterator[Case]:
    """Every object as it is, which is taken, and with each change."""
    for each in yaml.safe_load(_FILE.read_text("utf-8")):
        made, kind = each["object"], each["object"]["kind"]
        yield Case(kind, made, is_taken=True)
        for word in ("taken", "refused"):
            for change in each.get(word, ()):
                yield Case(f"{kind} {change}", _changed(made, change), is_taken=word == "taken")


def of_versions() -> Iterator[tuple[int, Case]]:
    """Every change that some versions take and others refuse, with each of the versions."""
    for each in yaml.safe_load(_OLDER.read_text("utf-8")):
        for told in each["changes"]:
            made, change = _changed(each["object"], told["change"]), told["change"]
            for minor in ASKED:
                yield minor, Case(f"1.{minor} {made['kind']} {change}", made, is_taken=minor in told["taken"])


def _changed(made: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    changed = copy.deepcopy(made)
    for path, value in change.items():
        *steps, last = path.removeprefix("-").split("/")
        holder: Any = changed
        for step in steps:
            holder = holder[int(step)] if isinstance(holder, list) else holder.setdefault(step, {})
        if path.startswith("-"):
            holder.pop(last, None)
        elif isinstance(holder, list):
            holder[int(last) :] = [value]
        else:
            holder[last] = value
    return changed
