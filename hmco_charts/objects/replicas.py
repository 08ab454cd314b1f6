"""How many pods a workload runs."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Replicas:
    """The bounds of a workload's pod count; equal unless it is scaled automatically."""

    least: int
    most: int


def count(value: Any, otherwise: int = 1) -> int:
    """The number, or `otherwise` where it is absent or none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise
