"""`values.yaml`: every value of the chart, each under a comment from its type."""

import textwrap
from collections.abc import Iterable, Iterator

from hmco_charts.generate import emit
from hmco_charts.generate.setting import Setting

_WIDTH = 100


def values_yaml(settings: Iterable[Setting]) -> str:
    """The chart's `values.yaml`; an unset value stands there as a comment."""
    lines = ["# yaml-language-server: $schema=values.schema.json"]
    for setting in settings:
        lines += [""] * (len(setting.path) == 1)
        lines += _lines(setting)
    return "\n".join(lines) + "\n"


def _lines(setting: Setting) -> Iterator[str]:
    indent = 2 * (len(setting.path) - 1)
    pad, key = " " * indent, emit.scalar(setting.path[-1])
    words = f" One of {', '.join(setting.allowed)}." if setting.allowed else ""
    for line in textwrap.wrap(setting.description + words, _WIDTH - indent):
        yield f"{pad}# {line}"
    if setting.is_section:
        yield f"{pad}{key}:"
    elif setting.value is None:
        yield f"{pad}# {key}:"
    else:
        yield from emit.entry(f"{pad}{key}:", setting.value, indent)
