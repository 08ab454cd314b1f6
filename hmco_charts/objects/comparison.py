"""Which release stands before an upgrade to which."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from hmco_charts.objects.release import Release

Labelled = Mapping[tuple[str, str], Release]


def joined(releases: Iterable[Release], before: Labelled) -> list[Release]:
    """The releases, each with the one of the same chart and scenario as its `previous`, or else of the defaults."""
    now = list(releases)
    charts = {each.chart.name for each in now if each.chart}
    return [replace(each, previous=_previous(each, charts, before)) for each in now]


def _previous(release: Release, charts: set[str], before: Labelled) -> Release | None:
    names = {name for name, _ in before}
    own = release.chart.name if release.chart else ""
    if own not in names and len(names) == 1 and len(charts) <= 1:
        (own,) = names  # a chart under a new name, or the manifests that a chart once gave
    return before.get((own, release.label)) or before.get((own, ""))
