"""Findings as one line each: for editors, and for programs that read lines."""

from hmco_charts.lint import Result
from hmco_charts.report.terminal import safe


def render(result: Result) -> str:
    """The result as lines `file:line:column: severity RULE message`."""
    return "".join(
        safe(f"{each.span.file}:{each.span.line}:{each.span.column}: {each.severity.value} {each.rule} {each.message}")
        + "\n"
        for each in result.findings
    )
