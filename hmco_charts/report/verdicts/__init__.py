"""Verdicts on objects as text and as data, one module a format."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hmco_charts.conformance.run import Report
    from hmco_charts.conformance.verdict import Status, Verdict

FORMATS = ("text", "json", "junit", "tap", "kubeconform-json")
"""The formats."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What is reported, and how.

    Attributes:
        verdicts: The verdicts, in order.
        counts: How many objects have each.
        versions: By how many versions of Kubernetes they were judged.
        is_verbose: Whether valid objects are told too.
        has_summary: Whether the numbers are told.
    """

    verdicts: tuple["Verdict", ...]
    counts: Counter["Status"]
    versions: int = 1
    is_verbose: bool = False
    has_summary: bool = True

    @classmethod
    def of(cls, reports: Iterable["Report"], versions: int, *, is_verbose: bool, has_summary: bool) -> "Summary":
        """What is to be told of reports."""
        told = list(reports)
        counts: Counter[Status] = sum((each.counts for each in told), Counter())
        verdicts = tuple(verdict for each in told for verdict in each.verdicts)
        return cls(verdicts, counts, versions, is_verbose, has_summary)

    @property
    def exit_code(self) -> int:
        """0 where all is well, 1 for objects that are not, 3 where some input could not be read."""
        if any(each.status.value == "error" and not each.kind for each in self.verdicts):
            return 3
        return int(any(each.status.value in ("invalid", "error") for each in self.verdicts))


def render(summary: Summary, form: str) -> str:
    """The verdicts in one of the formats."""
    return str(import_module(f"{__name__}.{form.replace('-', '_')}").render(summary))
