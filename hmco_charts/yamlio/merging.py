"""Values merged as Helm merges them."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any


def merge(below: Any, above: Any) -> Any:
    """Two values as Helm merges them: maps key by key, all else as `above` says; neither is changed."""
    if not (isinstance(below, Mapping) and isinstance(above, Mapping)):
        return deepcopy(above)
    return {**below, **{key: merge(below.get(key), value) for key, value in above.items()}}
