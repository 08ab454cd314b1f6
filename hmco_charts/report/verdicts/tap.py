"""Verdicts by the Test Anything Protocol, version 13: a line an object.

Source: https://testanything.org/tap-version-13-specification.html
"""

from hmco_charts.conformance.verdict import Status, Verdict
from hmco_charts.report.verdicts import Summary


def render(summary: Summary) -> str:
    """The verdicts as lines, with their number at the end."""
    lines = [_line(number, verdict) for number, verdict in enumerate(summary.verdicts, 1)]
    return "\n".join(["TAP version 13", *lines, f"1..{len(lines)}"]) + "\n"


def _line(number: int, verdict: Verdict) -> str:
    title = f"{verdict.file} ({verdict.api_version}/{verdict.kind}/{verdict.namespace}/{verdict.name})"
    named = title if verdict.kind else verdict.file
    if verdict.status is Status.VALID:
        return f"ok {number} - {_plain(named)}"
    if verdict.status is Status.SKIPPED:
        return f"ok {number} - {_plain(named)} # skip"
    reasons = [each.fault.message for each in verdict.faults if not each.is_warning] or [verdict.reason]
    return f"not ok {number} - {_plain(named)}: {_plain('; '.join(reasons))}"


def _plain(text: str) -> str:
    """One line without `#`, which begins a directive."""
    return " ".join(text.split()).replace("#", "\\#")
