"""The table of values in a chart's README."""

import json
from collections.abc import Iterable
from typing import Any

from hmco_charts.generate.setting import Setting
from hmco_charts.values.path import dotted

_LONGEST = 60


def values_table(settings: Iterable[Setting]) -> str:
    """The chart's values as a Markdown table."""
    rows = [_row(setting) for setting in settings if not setting.is_section]
    return "\n".join(["| Key | Type | Default | Description |", "|---|---|---|---|", *rows])


def _row(setting: Setting) -> str:
    words = f" One of {', '.join(f'`{word}`' for word in setting.allowed)}." if setting.allowed else ""
    cells = (f"`{dotted(setting.path)}`", setting.kind, _default(setting.value), setting.description + words)
    return f"| {' | '.join(_cell(text) for text in cells)} |"


def _default(value: Any) -> str:
    if value is None:
        return "unset"
    text = json.dumps(value, ensure_ascii=False)
    return f"`{text}`" if len(text) <= _LONGEST else "see `values.yaml`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
