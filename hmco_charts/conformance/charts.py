"""Judges what charts and kustomizations give: each object once, at its place in the template."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from hmco_charts import yamlio
from hmco_charts.conformance import crds
from hmco_charts.conformance.fault import Path as Steps
from hmco_charts.conformance.judge import Judge
from hmco_charts.conformance.run import Report
from hmco_charts.conformance.verdict import Status, Told, Verdict
from hmco_charts.inputs.paths import Paths
from hmco_charts.objects import ChartOptions, Inputs, KubernetesObject, Release, kustomization, read
from hmco_charts.objects.places import locate
from hmco_charts.yamlio import Document, Span


def reports(found: Paths, judge: Judge, options: ChartOptions) -> tuple[list[Report], set[Path]]:
    """The reports on charts and kustomizations, and the files that belong to the latter.

    Args:
        found: What the user named.
        judge: Judges the objects.
        options: How charts are rendered.
    """
    files = (kustomization.file_of(Path(folder)) for folder in found.kustomizations)
    inputs = read([*found.charts, *found.sets, *(str(file) for file in files if file)], options)
    judge.add(each for release in inputs.releases for each in definitions(release))
    used = kustomization.read_all(found.kustomizations).files if found.kustomizations else set()
    return [_objects(inputs, judge), _unread(inputs)], used


def definitions(release: Release) -> Iterator[dict[str, object]]:
    """The custom resource definitions that a release installs or its chart brings."""
    for each in release.objects:
        if crds.is_definition(each.manifest):
            yield each.manifest
    for text in release.chart.crds.values() if release.chart else ():
        for document in yamlio.documents(text):
            if isinstance(document, Document) and crds.is_definition(document.value):
                yield document.value


def _objects(inputs: Inputs, judge: Judge) -> Report:
    once = {id(each): each for release in inputs.releases for each in release.objects}
    found = [judge.verdict(each.manifest, each.file, _place(each)) for each in once.values()]
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
