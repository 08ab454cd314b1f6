"""Findings for a person: the fault, its place in the source, the why, and what to do."""

import textwrap
from collections import Counter
from collections.abc import Iterator

from hmco_charts.lint import Finding, Related, Result, Severity, catalogue
from hmco_charts.report.frame import frame
from hmco_charts.report.masking import part
from hmco_charts.report.sources import Sources
from hmco_charts.report.terminal import Paint, safe
from hmco_charts.yamlio import Span

WIDTH = 120
_READABLE = 100  # columns of prose
_LEAST = 20
_MOST_PLACES = 8
_MOST_FRAMES = 3
_RENDERED = "rendered"  # a place in what Helm writes, which lies in no file
_SECRETS = "SEC"
_SAME_TEXT = ("duplicate", "value")  # what stands there is what stands at the finding


def render(result: Result, *, colour: bool = False, width: int = WIDTH) -> str:
    """The result as text.

    Args:
        result: What a run found.
        colour: Whether to use the terminal's colours.
        width: How many columns the terminal has.
    """
    return _Report(result, Paint(colour), width).text()


class _Report:
    def __init__(self, result: Result, paint: Paint, width: int) -> None:
        self._result = result
        self._paint = paint
        self._width = width
        self._sources = Sources(result.texts, _secrets(result))
        self._whys = {rule.id: rule.why for rule in catalogue()}

    def text(self) -> str:
        blocks = ["\n".join(self._block(finding)) + "\n" for finding in self._result.findings]
        return "\n".join([*blocks, _summary(self._result)]) + "\n"

    def _block(self, finding: Finding) -> Iterator[str]:
        places = [each for each in finding.related if each.role != _RENDERED]
        related = places[:_MOST_PLACES]
        margin = max(len(str(span.line)) for span in (finding.span, *(each.span for each in related)))
        head = self._paint.severity(f"{finding.severity.value}[{finding.rule}]", finding.severity)
        yield f"{head} {self._paint.strong(f'{finding.name}: {safe(finding.message)}')}"
        yield f"{' ' * margin}{self._paint.edge('-->')} {_place(finding.span)}"
        yield from self._frame(finding.span, margin, finding.severity, around=1)
        for number, each in enumerate(related):
            yield from self._related(each, margin, is_framed=number < _MOST_FRAMES)
        if len(places) > len(related):
            yield from self._note("and", f"{len(places) - len(related)} more places", margin)
        for label, text in self._notes(finding):
            yield from self._note(label, text, margin)

    def _notes(self, finding: Finding) -> Iterator[tuple[str, str]]:
        if where := _where(finding):
            yield "in", where
        if finding.scenarios and finding.scenarios != ("defaults",):
            yield "with", ", ".join(finding.scenarios)
        if not finding.span.is_proven:
            rendered = (each.message for each in finding.related if each.role == _RENDERED)
            yield "at", ", ".join([*rendered, "the place above is the likeliest one of its template, not a proven one"])
        if why := self._whys.pop(finding.rule, ""):
            yield "why", why
        yield "fix", finding.help
        for fix in finding.fixes[:1]:
            yield "--fix" if fix.is_safe else "--unsafe-fixes", fix.title

    def _related(self, related: Related, margin: int, *, is_framed: bool) -> Iterator[str]:
        told = f"{_place(related.span)}: {safe(related.message)}"
        yield f"{' ' * margin}{self._paint.edge(':::')} {told}"
        if is_framed:
            yield from self._frame(related.span, margin, Severity.INFO, around=0)

    def _frame(self, span: Span, margin: int, severity: Severity, *, around: int) -> Iterator[str]:
        lines = self._sources.lines(span, around, around)
        edge = self._paint.edge(f"{' ' * margin} |")
        for line in lines:
            place = part(span, line.number, line.text) if line.number == span.line else None
            shown, carets = frame(line, place, self._width - margin - 3)
            yield f"{self._paint.edge(f'{line.number:>{margin}} |')} {shown}".rstrip()
            if place:
                yield f"{edge} {self._paint.severity(carets, severity)}"

    def _note(self, label: str, text: str, margin: int) -> Iterator[str]:
        begin = f"{' ' * margin} = {label}: "
        lines = textwrap.wrap(
            safe(text),
            max(min(self._width, _READABLE) - len(begin), _LEAST),
            break_long_words=False,
            break_on_hyphens=False,
        )
        edge = f"{' ' * margin} {self._paint.edge('=')} {self._paint.strong(f'{label}:')} "
        for number, line in enumerate(lines):
            yield f"{' ' * len(begin) if number else edge}{line}"


def _secrets(result: Result) -> Iterator[Span]:
    """Where secrets stand."""
    accepted = (each.finding for each in result.suppressed)
    for finding in (*result.findings, *accepted, *result.known):
        if finding.rule.startswith(_SECRETS):
            yield finding.span
            yield from (each.span for each in finding.related if each.role in _SAME_TEXT)


def _place(span: Span) -> str:
    return f"{safe(span.file)}:{span.line}:{span.column}"


def _where(finding: Finding) -> str:
    """Where in the object the place is, in its names."""
    namespace = f" (namespace {finding.object.namespace})" if finding.object.namespace else ""
    parts = (f"{finding.object}{namespace}" if finding.object.kind else "", finding.locator)
    return ", ".join(each for each in parts if each)


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
