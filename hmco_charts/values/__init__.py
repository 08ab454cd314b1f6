"""Typed values: what a chart's users may say, and where what they said is wrong."""

from hmco_charts.values.base import Values
from hmco_charts.values.chart import ChartType, Upstream, chart, charts
from hmco_charts.values.documents import placed, read
from hmco_charts.values.draft07 import schema
from hmco_charts.values.fault import Fault

__all__ = ["ChartType", "Fault", "Upstream", "Values", "chart", "charts", "placed", "read", "schema"]
