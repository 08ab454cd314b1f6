"""Findings that are accepted, each with its reason; what is expired, refused or unused is a finding itself."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from hmco_charts.configuration import Suppression
from hmco_charts.lint.engine import UNUSED
from hmco_charts.lint.finding import Finding
from hmco_charts.lint.grouping import fingerprints
from hmco_charts.lint.object_name import ObjectName
from hmco_charts.lint.suppression.annotations import annotations
from hmco_charts.lint.suppression.comments import Source, comments
from hmco_charts.lint.suppression.directive import Directive
from hmco_charts.lint.suppression.entries import entry
from hmco_charts.objects import Release
from hmco_charts.objects.chart import ChartFiles

__all__ = ["Directive", "Source", "Suppressed", "Suppressions", "collect"]


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that is accepted, and by what."""

    finding: Finding
    by: Directive


@dataclass(frozen=True, slots=True)
class Suppressions:
    """The suppressions of a run.

    Attributes:
        directives: Those that hold.
        refused: Findings on those that do not.
    """

    directives: tuple[Directive, ...] = ()
    refused: tuple[Finding, ...] = ()

    def apply(self, findings: Iterable[Finding]) -> tuple[list[Finding], list[Suppressed]]:
        """The findings that stay, and those that are accepted."""
        found = list(findings)
        names = fingerprints(found)
        kept: list[Finding] = []
        accepted: list[Suppressed] = []
        for finding in found:
            by = next((each for each in self.directives if each.suppresses(finding, names(finding))), None)
            if by:
                accepted.append(Suppressed(finding, by))
            else:
                kept.append(finding)
        return kept, accepted

    def stale(self, accepted: Iterable[Suppressed], silent: frozenset[str]) -> Iterator[Finding]:
        """Findings on the suppressions that suppress nothing.

        Args:
            accepted: What was suppressed.
            silent: The rules of which every finding was given, so that none can hide behind the threshold.
        """
        used = {id(each.by) for each in accepted}
        for each in self.directives:
            if id(each) not in used and each.is_judged and silent.issuperset(each.rules):
                yield UNUSED.finding(f"This suppression of {', '.join(each.rules)} suppresses nothing.", each.span)


def collect(
    releases: Sequence[Release], told: Iterable[Suppression], today: date, more: Iterable[Source] = ()
) -> Suppressions:
    """The suppressions of the input and of the configuration.

    Args:
        releases: What is linted.
        told: The entries of the configuration.
        today: The day for which `until` is judged.
        more: Texts beside those of the releases, such as values files.
    """
    sources = list(dict.fromkeys([*_sources(releases), *more]))
    found = [each for source in sources for each in comments(source, today)]
    found += [each for release in releases for each in annotations(release, today)]
    files = {source.file for source in sources}
    names = {ObjectName.of(each) for release in releases for each in release.objects}
    found += [entry(each, files, names, today) for each in told]
    return Suppressions(
        tuple(each for each in found if isinstance(each, Directive)),
        tuple(dict.fromkeys(each for each in found if isinstance(each, Finding))),
    )


def _sources(releases: Iterable[Release]) -> Iterator[Source]:
    charts = {id(each.chart.files): each.chart.files for each in releases if each.chart}
    for files in charts.values():
        yield from _chart_sources(files)
    for release in releases:
        if not release.chart:
            documents = [each.document for each in (*release.objects, *release.fragments)]
            documents += [each.document for each in release.values]
            yield from (Source(each.file, each.line, each.text) for each in documents)


def _chart_sources(files: ChartFiles) -> Iterator[Source]:
    """The texts of a chart, the READMEs apart, which may tell how suppressions are written."""
    yield from (Source(files.file(name), 1, text) for name, text in files.sources.items() if not name.endswith(".md"))
    for each in files.subcharts:
        yield from _chart_sources(each)
