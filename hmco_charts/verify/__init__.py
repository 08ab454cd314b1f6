"""What is wrong on a running cluster, from what `kubectl get -o json` says of it; nothing is written."""

from hmco_charts.verify.checks import CHECKS
from hmco_charts.verify.problem import Check, Problem
from hmco_charts.verify.reading import live, saved
from hmco_charts.verify.state import State
from hmco_charts.verify.verification import Verification, verify

__all__ = ["CHECKS", "Check", "Problem", "State", "Verification", "live", "saved", "verify"]
