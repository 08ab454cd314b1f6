"""Findings as text and as data, one module a format."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hmco_charts.lint import Result

FORMATS = ("text", "concise", "json", "jsonl", "sarif", "junit", "github", "gitlab")
"""The formats: each is a module of this room, imported when it is used, with a function `render`."""


def render(result: "Result", form: str) -> str:
    """The result in one of the formats."""
    text: str = import_module(f"{__name__}.{form}").render(result)
    return text
