"""Findings for a person: the place, the fault, and what to do."""

from collections import Counter

from hmco_charts.lint import Finding, Result, Severity

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}


def render(result: Result, *, colour: bool = False, width: int = 120) -> str:  # noqa: ARG001
    """The result as text.

    Args:
        result: What a run found.
        colour: Whether to use the terminal's colours.
        width: How many columns the terminal has.
    """
    blocks = [_block(finding, colour=colour) for finding in result.findings]
    return "\n".join([*blocks, _summary(result)]) + "\n"


def _block(finding: Finding, *, colour: bool) -> str:
    span = finding.span
    severity = _painted(finding.severity.value, _COLOURS[finding.severity], colour=colour)
    where = _painted(f"{span.file}:{span.line}:{span.column}", "1", colour=colour)
    lines = [f"{where}: {severity} {finding.rule} {finding.name}", f"  {finding.message}"]
    if not finding.span.is_proven:
        rendered = next((each.message for each in finding.related if each.role == "rendered"), "a rendered line")
        lines.append(f"  at {rendered}; the line above is the likeliest one of its template, not a proven one")
    if str(finding.object):
        namespace = f" in namespace {finding.object.namespace}" if finding.object.namespace else ""
        lines.append(f"  at {finding.object}{namespace}, {finding.locator}")
    shown = (related for related in finding.related if related.role != "rendered")
    lines += [f"  also {related.span.file}:{related.span.line}: {related.message}" for related in shown]
    lines.append(f"  fix: {finding.help}")
    return "\n".join(lines) + "\n"


def _painted(text: str, code: str, *, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text


def _summary(result: Result) -> str:
    counts = Counter(finding.severity for finding in result.findings)
    told = ", ".join(_counted(counts[each], each.value) for each in reversed(Severity) if counts[each])
    foreign = f" {_counted(result.foreign, 'document')} without a kind left out." if result.foreign else ""
    return f"{_counted(result.objects, 'object')} checked: {told or 'nothing found'}.{foreign}{_accepted(result)}"


def _accepted(result: Result) -> str:
    gone = sum(entry.count for entry in result.gone.values())
    told = [f"{len(result.suppressed)} suppressed"] if result.suppressed else []
    told += [f"{len(result.known)} known"] if result.known else []
    told += [f"{gone} known before are gone: shrink the baseline with --baseline-update"] if gone else []
    return f" {'; '.join(told)}." if told else ""


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 or noun == "info" else f"{count} {noun}s"
