"""Suppressions in comments of manifests, templates, values and embedded configuration.

A comment holds for its line, or for the next one where it stands alone, and for what is nested under that line.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from hmco_charts.errors import ConfigurationError
from hmco_charts.lint.finding import Finding
from hmco_charts.lint.suppression.directive import SYNTAX, Directive, parse, refused, require_one
from hmco_charts.yamlio import Span

MARK = "hmco:"
_COMMENT = re.compile(r"(?P<before>.*?)(?:#|//|/\*|<!--|--|;)\s*hmco:\s*(?P<words>.*?)\s*(?:\*/\s*-?\}\}|\*/|-->)?\s*")
_VERBS = re.compile(r"(?P<verb>ignore-file|ignore)(?:\s+(?P<rest>.*)|$)")
_ALONE = re.compile(r"\s*(?:\{\{-?\s*)?")
_TRANSPARENT = re.compile(r"\s*(?:$|#|//|/\*|\*|<!--|;|\{\{-?\s*(?:/\*|if\b|else\b|end\b|with\b|range\b))")


@dataclass(frozen=True, slots=True)
class Source:
    """A text of the input, and the line of the file on which it begins."""

    file: str
    line: int
    text: str


def comments(source: Source, today: date) -> Iterator[Directive | Finding]:
    """The suppressions in the comments of a text."""
    if MARK not in source.text:
        return
    lines = source.text.split("\n")
    for at, line in enumerate(lines):
        if MARK in line and (found := _COMMENT.fullmatch(line.rstrip("\r"))):
            number = source.line + at
            span = Span(source.file, number, found.start("words") + 1, number, found.end("words") + 1)
            try:
                yield _directive(found, lines, at, span, today)
            except ConfigurationError as error:
                yield refused(error, span)


def _directive(found: re.Match[str], lines: list[str], at: int, span: Span, today: date) -> Directive:
    words = _VERBS.fullmatch(found["words"])
    if not words:
        raise ConfigurationError("This comment is not understood.", remedy=SYNTAX)
    is_file = words["verb"] == "ignore-file"
    start = _next(lines, at + 1) if _ALONE.fullmatch(found["before"]) else at
    covers = _in_file(span.file) if is_file else _within(span, start - at, _end(lines, start) - at)
    directive = parse(words["rest"] or "", span, covers, today)
    remedy = "Write it beside the value, with the `fingerprint=` that `--format json` shows."
    require_one(directive.rules, is_one=bool(directive.fingerprint) and not is_file, remedy=remedy)
    return directive


def _next(lines: list[str], start: int) -> int:
    """The first line from `start` that is neither empty, a comment nor a template's control."""
    return next((at for at in range(start, len(lines)) if not _TRANSPARENT.match(lines[at])), start)


def _end(lines: list[str], start: int) -> int:
    """The line behind those nested under the line `start`."""
    if start >= len(lines):
        return start
    first = lines[start]
    depth = _depth(first)
    is_list_below = first.rstrip().endswith(":") and not first.lstrip().startswith("-")
    for at in range(start + 1, len(lines)):
        line = lines[at]
        is_nested = _depth(line) > depth or (is_list_below and _depth(line) == depth and line.lstrip().startswith("- "))
        if not _TRANSPARENT.match(line) and not is_nested:
            return at
    return len(lines)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _within(span: Span, start: int, end: int) -> Callable[[Finding], bool]:
    lines = range(span.line + start, span.line + end)
    return lambda finding: any(place.file == span.file and place.line in lines for place in _places(finding))


def _in_file(file: str) -> Callable[[Finding], bool]:
    return lambda finding: any(place.file == file for place in _places(finding))


def _places(finding: Finding) -> Iterator[Span]:
    """Where the user can mend the finding."""
    yield finding.span
    yield from (related.span for related in finding.related if related.role == "value")
