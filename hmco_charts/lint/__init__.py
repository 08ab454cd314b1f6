"""Checks Kubernetes objects against the policies."""

from hmco_charts.lint.finding import Confidence, Finding, ObjectName, Related, Severity
from hmco_charts.lint.registry import all_rules, find
from hmco_charts.lint.rule import PROFILES, Rule
from hmco_charts.lint.run import Result, lint

__all__ = [
    "PROFILES",
    "Confidence",
    "Finding",
    "ObjectName",
    "Related",
    "Result",
    "Rule",
    "Severity",
    "all_rules",
    "find",
    "lint",
]
