"""Quantities of Kubernetes and sizes of programs, as bytes or numbers.

Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
"""

import re
from functools import lru_cache
from typing import Any

_QUANTITY = re.compile(r"([+-]?[0-9.]+)([eE][+-]?[0-9]+|[numkMGTPE]|[KMGTPE]i)?")
_SUFFIXES = {
    "k": 1e3,
    "M": 1e6,
    "G": 1e9,
    "T": 1e12,
    "P": 1e15,
    "E": 1e18,
    **{f"{letter}i": 1024.0**power for power, letter in enumerate("KMGTPE", 1)},
}
_PARTS = {"n": 1e9, "u": 1e6, "m": 1e3}  # by which a division gives 0.7 of 700m, where a product does not
_SIZE = re.compile(r"([0-9]+)\s*([kKmMgGtT]?)[iI]?[bB]?")
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}


def quantity(value: Any) -> float | None:
    """What a quantity such as `500m` or `4Gi` amounts to; `None` for anything else."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    return _of_text(value.strip()) if isinstance(value, str) else None


@lru_cache
def _of_text(text: str) -> float | None:
    match = _QUANTITY.fullmatch(text)
    if match is None or match[1].count(".") > 1 or not any(map(str.isdigit, match[1])):
        return None
    suffix = match[2] or ""
    if suffix in _PARTS:
        return float(match[1]) / _PARTS[suffix]
    return float(match[1]) * (_SUFFIXES.get(suffix) or float(f"1{suffix}"))


def size(text: str) -> int | None:
    """The bytes of a size as the JVM, Redis and PostgreSQL write it, in powers of 1024; `None` for anything else."""
    match = _SIZE.fullmatch(text.strip())
    return int(match[1]) * 1024 ** _POWERS[match[2].lower()] if match else None
