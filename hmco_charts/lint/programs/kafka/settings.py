"""The settings that Kafka knows; `settings.txt` holds them."""

from functools import cache
from pathlib import Path

_DATA = Path(__file__).with_name("settings.txt")


@cache
def known() -> frozenset[str]:
    """The names of the settings of brokers and controllers."""
    lines = _DATA.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))
