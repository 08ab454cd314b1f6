"""Verdicts as lines: the place, the object, and what is wrong with it."""

from collections.abc import Iterator

from hmco_charts.conformance.fault import Kind, pointer
from hmco_charts.conformance.verdict import Status, Told, Verdict
from hmco_charts.report.verdicts import Summary


def render(summary: Summary) -> str:
    """The faults by place, then the numbers."""
    lines = [line for verdict in summary.verdicts for line in _lines(verdict, summary)]
    if summary.has_summary:
        lines.append(_numbers(summary))
    return "".join(f"{line}\n" for line in lines)


def _lines(verdict: Verdict, summary: Summary) -> Iterator[str]:
    if verdict.status is Status.ERROR:
        yield f"{_at(verdict)}: {_named(verdict)}{verdict.reason}"
    elif summary.is_verbose and verdict.status is not Status.INVALID:
        yield f"{verdict.file}: {_named(verdict)}{verdict.status.value}"
    for told in verdict.faults:
        if told.fault.kind is not Kind.NO_SCHEMA:
            yield _fault(verdict, told, summary.versions)


def _fault(verdict: Verdict, told: Told, versions: int) -> str:
    span, where = told.span, pointer(told.fault.path)
    warning = "warning: " if told.is_warning else ""
    which = f" (Kubernetes {spelt(told.versions)})" if told.versions and versions > 1 else ""
    place = f"{span.file}:{span.line}:{span.column}"
    return f"{place}: {_named(verdict)}{warning}{where + ': ' if where else ''}{told.fault.message}{which}"


def spelt(minors: tuple[int, ...]) -> str:
    """Versions of Kubernetes as people write them: `1.25-1.31`, `1.25, 1.31`."""
    first, last = min(minors), max(minors)
    if len(minors) > 1 and list(minors) == list(range(first, last + 1)):
        return f"1.{first}-1.{last}"
    return ", ".join(f"1.{minor}" for minor in minors)


def _named(verdict: Verdict) -> str:
    return f"{verdict.title}: " if verdict.title else ""


def _at(verdict: Verdict) -> str:
    return f"{verdict.file}:{verdict.line}" if verdict.line else verdict.file


def _numbers(summary: Summary) -> str:
    total = sum(summary.counts.values())
    parts = [
        f"{summary.counts[each]} {word}" for each, word in _WORDS.items() if summary.counts[each] or word == "valid"
    ]
    return f"{total} object{'s' * (total != 1)} checked: {', '.join(parts)}."


_WORDS = {
    Status.VALID: "valid",
    Status.INVALID: "invalid",
    Status.ERROR: "not judged",
    Status.SKIPPED: "skipped",
}
