"""Helm itself, embedded: load, render, lint and package charts without a `helm` binary.

Everything runs in one worker process with limits of time and memory, so that a hostile or broken chart
is an error and never a hang or a crash of the caller.
"""

from hmco_charts.helm.chart import ChartInfo, Dependency, LintMessage, Severity
from hmco_charts.helm.engine import Engine, engine
from hmco_charts.helm.failure import SchemaViolationError, Violation

__all__ = [
    "ChartInfo",
    "Dependency",
    "Engine",
    "LintMessage",
    "SchemaViolationError",
    "Severity",
    "Violation",
    "engine",
]
