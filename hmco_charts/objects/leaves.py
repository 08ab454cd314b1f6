"""The strings of an object, wherever they stand."""

from collections.abc import Iterator
from typing import Any

from hmco_charts.yamlio import Path


def strings(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every string in a value in the order of the text, with the way to it; keys of mappings are none."""
    pending: list[tuple[Path, Any]] = [(path, value)]
    while pending:
        here, found = pending.pop()
        if isinstance(found, str):
            yield here, found
        elif isinstance(found, (dict, list)):
            pairs = found.items() if isinstance(found, dict) else enumerate(found)
            pending.extend(reversed([((*here, key), each) for key, each in pairs]))
