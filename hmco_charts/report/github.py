"""Findings as workflow commands of GitHub Actions, which shows them at their lines in a pull request.

Source: GitHub documentation, "Workflow commands for GitHub Actions", and how its runner reads them.
"""

from hmco_charts.lint import Finding, Result, Severity
from hmco_charts.report.place import relative

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_IN_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def render(result: Result) -> str:
    """The result as commands, one a line."""
    return "".join(f"{_command(finding)}\n" for finding in result.findings)


def _command(finding: Finding) -> str:
    told = ",".join(f"{name}={value.translate(_IN_PROPERTY)}" for name, value in _properties(finding).items())
    message = f"{finding.message}\n{finding.help}".translate(_IN_DATA)
    return f"::{_COMMANDS[finding.severity]} {told}::{message}"


def _properties(finding: Finding) -> dict[str, str]:
    span = finding.span
    place = {"file": relative(span.file), "line": str(span.line)}
    if span.line == span.end_line:  # columns of a place that goes over several lines are refused
        place |= {"endLine": str(span.end_line), "col": str(span.column), "endColumn": str(span.end_column)}
    else:
        place |= {"endLine": str(span.end_line)}
    return {**place, "title": f"{finding.rule} {finding.name}"}
