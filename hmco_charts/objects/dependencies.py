"""The charts that a chart declares to need, and which of them are there."""

from collections.abc import Iterable, Mapping
from typing import Any

from hmco_charts.errors import ChartError, Location
from hmco_charts.helm import engine
from hmco_charts.objects.chart import Chart, ChartFiles, Dependency
from hmco_charts.objects.kubernetes import items, mapping, text
from hmco_charts.objects.manifests import Unread
from hmco_charts.objects.rendering import Place


def declared(files: ChartFiles, place: Place | None = None) -> tuple[Dependency, ...]:
    """What a chart declares; with Helm's word for the state where it stands on its own."""
    entries = list(files.declared())
    statuses = _statuses(place) if entries and place else {}
    present = {each.name for each in files.subcharts}
    return tuple(_dependency(entry, file, path, statuses, present) for file, path, entry in entries)


def _dependency(
    entry: dict[str, Any],
    file: str,
    path: tuple[str | int, ...],
    statuses: Mapping[tuple[str, str, str], str],
    present: set[str],
) -> Dependency:
    name, version, repository = (text(entry.get(key)) for key in ("name", "version", "repository"))
    return Dependency(
        name=name,
        alias=text(entry.get("alias")) or name,
        version=version,
        repository=repository,
        condition=text(entry.get("condition")),
        tags=tuple(text(tag) for tag in items(entry.get("tags"))),
        status=statuses.get((name, version, repository)) or ("unpacked" if name in present else "missing"),
        file=file,
        path=path,
    )


def _statuses(place: Place) -> dict[tuple[str, str, str], str]:
    try:
        found = engine().dependencies(place.path)
    except ChartError:
        return {}
    return {(each.name, each.version, each.repository): each.status for each in found}


def missing(files: ChartFiles, dependencies: Iterable[Dependency]) -> list[Dependency]:
    """Those that are not in `charts/`."""
    present = {each.name for each in files.subcharts}
    return [each for each in dependencies if each.name not in present]


def not_vendored(files: ChartFiles, chart: str, dependency: Dependency, *, is_shown: bool) -> Unread:
    """That a chart was analysed without a dependency, or could not be rendered without it."""
    span = files.documents[dependency.file].span(dependency.path)
    version = f" {dependency.version}" if dependency.version else ""
    what = "the chart is analysed without it" if is_shown else "without it the chart does not render"
    return Unread(
        Location(span.file, span.line, span.column),
        f"dependency {dependency.name}{version} is not in charts/: {what}",
        f"Fetch it with `hmco-charts deps {chart}`, and lint again.",
    )


def subcharts(chart: str, files: ChartFiles, values: Mapping[str, Any]) -> tuple[Chart, ...]:
    """The charts in `charts/` that the values switch on, each with its part of the values."""
    entries = declared(files)
    return tuple(
        Chart(chart, each, part, declared(each), subcharts=subcharts(chart, each, part))
        for each in files.subcharts
        for alias in _aliases(each, entries, values)
        for part in (mapping(values.get(alias)),)
    )


def _aliases(subchart: ChartFiles, entries: Iterable[Dependency], values: Mapping[str, Any]) -> list[str]:
    named = [each for each in entries if each.name == subchart.name]
    return [each.alias for each in named if each.is_enabled(values)] if named else [subchart.name]
