"""Leads findings on charts from the manifests that rules saw to the templates, and makes one of equal findings."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from hmco_charts.lint.finding import Finding, Related
from hmco_charts.lint.fix import Edit, Fix
from hmco_charts.objects.causes import Budget, Cause, causes
from hmco_charts.objects.places import Located, locate
from hmco_charts.yamlio import Span

Places = Mapping[Span, Located]
_CONTAINER = re.compile(r"container/[\w.-]+")


def distinct(findings: Iterable[Finding]) -> list[Finding]:
    """The findings without repetition: the same fault at the same place is one.

    Several scenarios may show it, and several containers that read one file.
    """
    found: dict[tuple[str, Span], Finding] = {}
    for each in findings:
        key = _key(each)
        found[key] = _both(found[key], each) if key in found else each
    told: dict[tuple[str, str, Span], Finding] = {}
    for each in found.values():
        said = (each.rule, _CONTAINER.sub("", each.message), each.span)
        told[said] = _both(told[said], each) if said in told else each
    return list(told.values())


def _key(finding: Finding) -> tuple[str, Span]:
    return finding.fingerprint, finding.span


def _both(one: Finding, other: Finding) -> Finding:
    worst = other if other.severity > one.severity else one
    return replace(worst, scenarios=tuple(dict.fromkeys((*one.scenarios, *other.scenarios))))


def placed(findings: Iterable[Finding], scenarios: Sequence[str] = (), budget: Budget | None = None) -> list[Finding]:
    """The distinct findings at the places where the user can mend them.

    Args:
        findings: What rules found.
        scenarios: The names of scenarios in the order in which findings shall tell them.
        budget: What the search for the values may cost that findings come from.
    """
    once = distinct(findings)
    places = locate(span for each in once for span in _spans(each))
    moved = [_placed(each, places) for each in once]
    # Of scenarios with the same fault at the same place the first tells where it comes from.
    rendered = {_key(each): origin.span for each, origin in reversed(list(zip(moved, once, strict=True)))}
    values = causes(places, rendered.values(), budget or Budget())
    order = {name: at for at, name in enumerate(scenarios)}
    return [
        replace(
            each,
            related=(*map(_value, values.get(rendered[_key(each)], ())), *each.related),
            scenarios=tuple(sorted(each.scenarios, key=lambda name: order.get(name, 0))),
        )
        for each in distinct(moved)
    ]


def _spans(finding: Finding) -> Iterator[Span]:
    yield finding.span
    yield from (related.span for related in finding.related)
    yield from (edit.span for fix in finding.fixes for edit in fix.edits)


def _placed(finding: Finding, places: Places) -> Finding:
    related = [replace(each, span=_place(each.span, places)) for each in finding.related]
    if finding.span in places:
        related.append(_rendered(places[finding.span]))
    return replace(
        finding,
        place=_place(finding.span, places),
        related=tuple(related),
        fixes=tuple(moved for fix in finding.fixes if (moved := _moved(fix, places))),
    )


def _place(span: Span, places: Places) -> Span:
    return places[span].span if span in places else span


def _value(cause: Cause) -> Related:
    return Related("value", cause.span, f"the {'file' if cause.is_file else 'value'} {cause.key}")


def _rendered(place: Located) -> Related:
    rendered = place.rendered
    return Related("rendered", rendered, f"rendered line {rendered.line} of {rendered.file}")


def _moved(fix: Fix, places: Places) -> Fix | None:
    """The fix in the template; none where a part that it changes does not stand there literally."""
    edits = [_edit(edit, places) for edit in fix.edits]
    return replace(fix, edits=tuple(edit for edit in edits if edit)) if all(edits) else None


def _edit(edit: Edit, places: Places) -> Edit | None:
    parts = [_literal(part, places) if isinstance(part, Span) else part for part in edit.parts]
    span = _literal(edit.span, places)
    known = tuple(part for part in parts if part is not None)
    return Edit(span, known) if span and len(known) == len(parts) else None


def _literal(span: Span, places: Places) -> Span | None:
    """The same characters in the template, if they stand there."""
    if span not in places:
        return span
    place = places[span]
    return place.span if place.is_literal else None
