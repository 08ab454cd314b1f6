"""Helm itself, embedded: load, render, lint and package charts without a `helm` binary.

Everything runs in one worker process with limits of time and memory, so that a hostile or broken chart
is an error and never a hang or a crash of the caller.
"""

from hmco_charts.helm.chart import ChartInfo, Dependency, LintMessage, Rendered, Severity
from hmco_charts.helm.engine import Engine, engine
from hmco_charts.helm.failure import RefusedValuesError, SchemaViolationError, Violation

__all__ = [
    "ChartInfo",
    "Dependency",
    "Engine",
    "LintMessage",
    "RefusedValuesError",
    "Rendered",
    "SchemaViolationError",
    "Severity",
    "Violation",
    "engine",
]
