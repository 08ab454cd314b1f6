"""Which settings Vault and OpenBao know, and where they belong; `settings.yaml` holds them."""

import difflib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from hmco_charts import yamlio
from hmco_charts.formats import hcl
from hmco_charts.lint.programs.vault.configuration import STORAGE_BLOCKS

_DATA = Path(__file__).with_name("settings.yaml")
_LIKENESS = 0.75


@cache
def _data() -> dict[str, Any]:
    (document,) = yamlio.read(_DATA.read_text(encoding="utf-8"), str(_DATA))
    return dict(document.value)


def _names(listed: Iterable[Any]) -> Iterator[str]:
    for each in listed:
        yield from _names(each) if isinstance(each, list) else (each,)


@cache
def known(place: str, kind: str = "") -> frozenset[str]:
    """The settings of a place: `top`, `listener`, or `storage` of a kind; empty where they are not listed here."""
    if place != "storage":
        return frozenset(_names(_data()[place]))
    own = _data()["backends"].get(kind)
    return frozenset(_names([own, _data()["storage"]])) if own else frozenset()


def is_newer(name: str) -> bool:
    """Whether a setting of a storage block may be one that a later version brought."""
    return name.startswith(tuple(_data()["newer"]))


def is_integer(name: str) -> bool:
    """Whether a setting of a storage block must be a whole number."""
    return name in _data()["integers"]


def nearest(name: str, names: Iterable[str]) -> str:
    """The setting that was probably meant; empty where none is like it."""
    close = difflib.get_close_matches(name.lower(), sorted(names), n=1, cutoff=_LIKENESS)
    return close[0] if close else ""


def home(name: str) -> str:
    """The place that a setting belongs to, in words; empty for one that no place knows."""
    if name in known("top"):
        return "at the top level"
    if name in known("listener"):
        return "in a `listener` block"
    return "in a `storage` block" if any(name in known("storage", kind) for kind in _data()["backends"]) else ""


def places(body: hcl.Body) -> Iterator[tuple[str, str, hcl.Body]]:
    """The places of a configuration whose settings are listed: place, kind, and what stands there."""
    yield "top", "", body
    for block in body.blocks:
        if block.type == "listener" and block.labels:
            yield "listener", block.labels[0], block.body
        elif block.type in STORAGE_BLOCKS and block.labels:
            yield "storage", block.labels[0].lower(), block.body
