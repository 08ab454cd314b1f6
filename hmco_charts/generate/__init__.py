"""Typed values and templates made into a chart, and the chart written to disk."""

from hmco_charts.generate.folder import Drift, diff, drift, foreign, write
from hmco_charts.generate.rendering import render
from hmco_charts.generate.sharing import render_each
from hmco_charts.generate.source import at_source
from hmco_charts.generate.tree import ChartTree

__all__ = [
    "ChartTree",
    "Drift",
    "at_source",
    "diff",
    "drift",
    "foreign",
    "render",
    "render_each",
    "write",
]
