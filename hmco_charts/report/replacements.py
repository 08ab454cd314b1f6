"""What a fix replaces, told without the texts that it carries over: they may be secrets."""

from collections.abc import Iterator
from dataclasses import dataclass

from hmco_charts.lint import Edit, Fix
from hmco_charts.yamlio import Span


@dataclass(frozen=True, slots=True)
class Replacement:
    """A part of a file and the text that comes in its place."""

    span: Span
    text: str


def replacements(fix: Fix) -> list[Replacement]:
    """What a fix replaces, in its order; nothing at all where it moves a text, which only an edit of the file can."""
    found: list[Replacement] = []
    for edit in fix.edits:
        if not _keeps_order(edit):
            return []
        found.extend(_around(edit))
    return found


def _keeps_order(edit: Edit) -> bool:
    """Whether what is carried over stays where it is, so that only what stands around it is replaced."""
    carried = [part for part in edit.parts if isinstance(part, Span)]
    at = (edit.span.line, edit.span.column)
    for each in carried:
        if each.file != edit.span.file or (each.line, each.column) < at:
            return False
        at = (each.end_line, each.end_column)
    return at <= (edit.span.end_line, edit.span.end_column)


def _around(edit: Edit) -> Iterator[Replacement]:
    span, text = edit.span, ""
    line, column = span.line, span.column
    for part in (*edit.parts, Span(span.file, span.end_line, span.end_column, span.end_line, span.end_column)):
        if isinstance(part, str):
            text += part
            continue
        if text or (line, column) != (part.line, part.column):
            yield Replacement(Span(span.file, line, column, part.line, part.column), text)
        line, column, text = part.end_line, part.end_column, ""
