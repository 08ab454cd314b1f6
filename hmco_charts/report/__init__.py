"""Findings as text and as data, one module a format."""

from collections.abc import Callable

from hmco_charts.lint import Result
from hmco_charts.report import json, sarif, text

FORMATS: dict[str, Callable[[Result], str]] = {
    "text": text.render,
    "json": json.render,
    "sarif": sarif.render,
}

__all__ = ["FORMATS"]
