"""One fault at several places: accepted place by place, told as one finding."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace

from hmco_charts.lint.finding import Finding, Related
from hmco_charts.lint.fix import Fix


def joined(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, those of a group as one that stands at the worst of its places, the first of several."""
    groups: dict[Hashable, list[Finding]] = defaultdict(list)
    for at, each in enumerate(findings):
        groups[_key(each) or at].append(each)
    return [_together(group) if len(group) > 1 else group[0] for group in groups.values()]


def apart(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, one a place."""
    return (part for each in findings for part in each.parts or (each,))


def fingerprints(findings: Iterable[Finding]) -> Callable[[Finding], Collection[str]]:
    """What tells the fingerprints of a finding's group."""
    found: dict[Hashable, set[str]] = defaultdict(set)
    for each in findings:
        found[_key(each)].add(each.fingerprint)
    return lambda finding: found[_key(finding)] if finding.group else (finding.fingerprint,)


def _key(finding: Finding) -> Hashable:
    return (finding.rule, *finding.group.key) if finding.group else None


def _together(group: list[Finding]) -> Finding:
    first = max(group, key=lambda each: (each.severity, each.confidence))
    others = sorted((each for each in group if each is not first), key=_place)
    also = dict.fromkeys(
        Related("duplicate", each.span, each.group.message) for each in others if each.group and each.span != first.span
    )
    values = (related for each in others for related in each.related if related.role == "value")
    return replace(
        first,
        related=tuple(dict.fromkeys((*first.related, *also, *values))),
        fixes=tuple(map(_united, zip(*(each.fixes for each in (first, *others)), strict=False))),
        parts=(first, *others),
    )


def _place(finding: Finding) -> tuple[str, int, int]:
    return finding.span.file, finding.span.line, finding.span.column


def _united(fixes: Sequence[Fix]) -> Fix:
    return replace(fixes[0], edits=tuple(edit for fix in dict.fromkeys(fixes) for edit in fix.edits))
