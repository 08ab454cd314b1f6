"""Checks Kubernetes objects against the policies."""

import sys
from types import ModuleType

from hmco_charts.lint.baseline import Baseline
from hmco_charts.lint.engine import EngineRule
from hmco_charts.lint.finding import Confidence, Finding, Group, Related, Severity
from hmco_charts.lint.fix import Edit, Fix
from hmco_charts.lint.object_name import ObjectName
from hmco_charts.lint.registry import all_rules, catalogue, find
from hmco_charts.lint.result import Result
from hmco_charts.lint.rule import PROFILES, Rule
from hmco_charts.lint.run import lint
from hmco_charts.lint.suppression import Directive, Suppressed
from hmco_charts.objects import MOST_SWITCHES

__all__ = [
    "MOST_SWITCHES",
    "PROFILES",
    "Baseline",
    "Confidence",
    "Directive",
    "Edit",
    "EngineRule",
    "Finding",
    "Fix",
    "Group",
    "ObjectName",
    "Related",
    "Result",
    "Rule",
    "Severity",
    "Suppressed",
    "all_rules",
    "catalogue",
    "find",
    "lint",
]


class _Room(ModuleType):
    """Makes the room callable: `from hmco_charts import lint` gives the room itself once it is imported."""

    __call__ = staticmethod(lint)


sys.modules[__name__].__class__ = _Room
