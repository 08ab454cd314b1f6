"""Values merged as Helm merges them."""

from collections.abc import Mapping
from typing import Any


def merge(below: Any, above: Any) -> Any:
    """Two values as Helm merges them: maps key by key, all else as `above` says."""
    if not (isinstance(below, Mapping) and isinstance(above, Mapping)):
        return above
    merged = {**below, **above}
    for key in below.keys() & above.keys():
        merged[key] = merge(below[key], above[key])
    return merged
