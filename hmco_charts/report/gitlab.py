"""Findings as a Code Quality report of GitLab, which shows them in a merge request.

Source: GitLab documentation, "Code Quality", "Code Quality report format".
"""

import hashlib
import json
import os
from collections import Counter
from typing import Any

from hmco_charts.lint import Finding, Result, Severity
from hmco_charts.report.place import relative

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def render(result: Result) -> str:
    """The result as a list of issues in JSON."""
    seen: Counter[tuple[str, str]] = Counter()
    issues = []
    for finding in result.findings:
        file = relative(finding.span.file)
        issues.append(_issue(finding, file, seen[file, finding.fingerprint]))
        seen[file, finding.fingerprint] += 1
    return json.dumps(issues, indent=2, ensure_ascii=False) + "\n"


def _issue(finding: Finding, file: str, before: int) -> dict[str, Any]:
    lines = {"begin": finding.span.line, "end": finding.span.end_line}
    return {
        "description": f"{finding.rule}: {finding.message} {finding.help}",
        "check_name": finding.name,
        "fingerprint": _fingerprint(finding, file, before),
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": file, "lines": lines},
    }


def _fingerprint(finding: Finding, file: str, before: int) -> str:
    """One that no other issue of the report has, as GitLab shows of equal ones only the first."""
    told = "\0".join((finding.fingerprint, file, str(before)))
    return hashlib.sha256(os.fsencode(told)).hexdigest()[:32]
