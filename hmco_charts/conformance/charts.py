"""Judges what charts and kustomizations give: each object once, at its place in the template."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from hmco_charts import yamlio
from hmco_charts.conformance import crds
from hmco_charts.conformance.fault import Path as Steps
from hmco_charts.conformance.judge import Judge
from hmco_charts.conformance.run import Report
from hmco_charts.conformance.verdict import Status, Told, Verdict
from hmco_charts.inputs.paths import Paths
from hmco_charts.objects import Chart, ChartOptions, Inputs, KubernetesObject, Release, kustomization, read
from hmco_charts.objects.places import locate
from hmco_charts.yamlio import Document, Span

Rendered = tuple[KubernetesObject, Collection[int]]
"""An object, and the versions of Kubernetes for which a chart gives it."""


_VERSION = re.compile(r"\b1\.(\d{1,3})")
_ASKS = ".KubeVersion"


def reports(found: Paths, judge: Judge, options: ChartOptions) -> tuple[list[Report], set[Path]]:
    """The reports on charts and kustomizations, and the files that belong to the latter.

    Charts are rendered for the newest version; those that ask for it also for each older one that may differ.

    Args:
        found: What the user named.
        judge: Judges the objects.
        options: How charts are rendered, whatever the version.
    """
    minors = sorted(judge.options.versions)
    files = (kustomization.file_of(Path(folder)) for folder in found.kustomizations)
    inputs = read([*found.charts, *found.sets, *(str(file) for file in files if file)], _on(options, minors))
    judge.add(each for release in inputs.releases for each in definitions(release))
    used = kustomization.read_all(found.kustomizations).files if found.kustomizations else set()
    return [_objects(_by_version(inputs, options, minors), judge), _unread(inputs)], used


def _on(options: ChartOptions, minors: Sequence[int]) -> ChartOptions:
    return replace(options, kube_version=f"1.{max(minors)}")


def _by_version(inputs: Inputs, options: ChartOptions, minors: Sequence[int]) -> Iterator[Rendered]:
    """The objects of each release with the versions of Kubernetes for which it gives them."""
    charts: dict[str, list[Release]] = defaultdict(list)
    for release in inputs.releases:
        charts[release.chart.path if release.chart else ""].append(release)
    for path, releases in charts.items():
        *older, newest = _alike(releases[0].chart, minors)
        for group in older:
            again = read([path], _on(options, group))
            if again.unread:  # the chart is not for this version
                newest = [*newest, *group]
            else:
                yield from ((each, group) for release in again.releases for each in release.objects)
        yield from ((each, newest) for release in releases for each in release.objects)


def _alike(chart: Chart | None, minors: Sequence[int]) -> list[list[int]]:
    """The versions in groups for which a chart gives the same, as it compares with other versions."""
    charts = (chart, *chart.subcharts) if chart else ()
    texts = [text for each in charts for path, text in each.sources.items() if path.startswith("templates/")]
    if not any(_ASKS in text for text in texts):
        return [[*minors]]
    bounds = {int(minor) + more for text in texts for minor in _VERSION.findall(text) for more in (0, 1)}
    return [list(group) for _, group in groupby(minors, lambda minor: sum(bound <= minor for bound in bounds))]


def definitions(release: Release) -> Iterator[dict[str, object]]:
    """The custom resource definitions that a release installs or its chart brings."""
    for each in release.objects:
        if crds.is_definition(each.manifest):
            yield each.manifest
    for text in release.chart.crds.values() if release.chart else ():
        for document in yamlio.documents(text):
            if isinstance(document, Document) and crds.is_definition(document.value):
                yield document.value


def _objects(rendered: Iterable[Rendered], judge: Judge) -> Report:
    once: dict[tuple[str, str], tuple[KubernetesObject, set[int]]] = {}
    for each, minors in rendered:
        _, known = once.setdefault((each.file, json.dumps(each.manifest, default=str)), (each, set()))
        known.update(minors)
    found = [judge.verdict(each.manifest, each.file, _place(each), minors) for each, minors in once.values()]
    places = locate(told.span for verdict in found for told in verdict.faults)
    report = Report("")
    seen: set[object] = set()
    for verdict in found:
        moved = _moved(verdict, {span: each.span for span, each in places.items()})
        about = (moved.title, moved.status, moved.faults)
        if not moved.faults or about not in seen:  # the same fault in two scenarios of a chart is one
            seen.add(about)
            report.add(moved)
    return report


def _place(each: KubernetesObject) -> Callable[[Steps, bool], Span]:
    return lambda path, is_key: each.span(path, key=is_key)


def _moved(verdict: Verdict, places: dict[Span, Span]) -> Verdict:
    """The verdict with places in the templates."""
    told: Iterable[Told] = (replace(each, span=places.get(each.span, each.span)) for each in verdict.faults)
    faults = tuple(told)
    if not faults:
        return verdict
    return replace(verdict, faults=faults, file=faults[0].span.file, line=faults[0].span.line)


def _unread(inputs: Inputs) -> Report:
    report = Report("")
    for each in inputs.unread:
        report.add(Verdict(each.at.file, each.at.line or 0, Status.ERROR, reason=each.reason))
    return report
