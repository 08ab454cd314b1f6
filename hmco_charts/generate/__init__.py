"""Typed values and templates made into a chart, and the chart written to disk."""

from hmco_charts.generate.folder import Drift, diff, drift, write
from hmco_charts.generate.metadata import CONFIGURATION, Maintainer, maintainers
from hmco_charts.generate.rendering import render
from hmco_charts.generate.tree import ChartTree

__all__ = [
    "CONFIGURATION",
    "ChartTree",
    "Drift",
    "Maintainer",
    "diff",
    "drift",
    "maintainers",
    "render",
    "write",
]
