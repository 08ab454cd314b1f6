"""Typed values and templates made into a chart, and the chart written to disk."""

from hmco_charts.generate.metadata import CONFIGURATION, Maintainer, maintainers
from hmco_charts.generate.rendering import render
from hmco_charts.generate.tree import ChartTree

__all__ = ["CONFIGURATION", "ChartTree", "Maintainer", "maintainers", "render"]
