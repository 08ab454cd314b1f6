"""Judges everything that paths name: files one by one, so that memory does not grow with them."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path as FilePath
from typing import Any

from hmco_charts import yamlio
from hmco_charts.conformance import crds
from hmco_charts.conformance.fault import Fault, Kind, Path
from hmco_charts.conformance.judge import Judge, Options
from hmco_charts.conformance.verdict import Status, Told, Verdict
from hmco_charts.errors import DocumentError
from hmco_charts.inputs import content, paths
from hmco_charts.inputs.members import Member, members
from hmco_charts.inputs.sharing import shared
from hmco_charts.yamlio import Document, Span

Definition = dict[str, Any]

_STDIN = "<stdin>"


@dataclass(slots=True)
class Report:
    """What was said of a file, or of a chart.

    Attributes:
        file: Its name.
        counts: How many objects have each verdict.
        verdicts: The verdicts in the order of the file; without those that are plainly valid unless they are asked for.
        definitions: The custom resource definitions in it.
        kinds: The API versions and kinds in it that may be those of custom resources.
    """

    file: str
    counts: Counter[Status] = field(default_factory=Counter)
    verdicts: list[Verdict] = field(default_factory=list)
    definitions: list[Definition] = field(default_factory=list)
    kinds: set[crds.Key] = field(default_factory=set)

    def add(self, verdict: Verdict) -> None:
        """Add what is said of an object."""
        self.counts[verdict.status] += 1
        self.verdicts.append(verdict)


def validate(
    given: Iterable[str],
    options: Options,
    *,
    exclude: Sequence[str] = (),
    keeps_valid: bool = False,
    read_charts: "ChartReader | None" = None,
) -> list[Report]:
    """What is said of each file and chart, in the order in which they are found.

    Args:
        given: Manifests, folders, charts, archives, `oci://` references, and `-` for standard input.
        options: How objects are judged.
        exclude: Absolute patterns of files and folders that folders are searched without.
        keeps_valid: Whether the verdicts on valid objects are wanted too, and not their number alone.
        read_charts: Gives the reports on charts and kustomizations; the files that belong to these are left out.
    """
    found = paths.found(given, exclude)
    judge = Judge(options)
    reports = [_failed(fault) for fault in found.faults]
    used: set[FilePath] = set()
    if read_charts and (found.charts or found.sets or found.kustomizations):
        others, used = read_charts(found, judge)
        reports += others
    files = [file for file in found.files if not used or FilePath(os.path.realpath(file)) not in used]
    judged = shared(files, partial(judge_file, judge=judge, keeps_valid=keeps_valid))
    definitions = [each for report in judged.values() for each in report.definitions]
    if definitions:
        _judge_again(judged, definitions, judge, keeps_valid=keeps_valid)
    return [*judged.values(), *reports]


ChartReader = Callable[[paths.Paths, Judge], tuple[list[Report], set[FilePath]]]
"""Gives the reports on charts and kustomizations, and the files that belong to the latter."""


def _judge_again(judged: dict[str, Report], definitions: list[Definition], judge: Judge, *, keeps_valid: bool) -> None:
    """Judge the files once more that hold custom resources whose definitions were found in any."""
    judge.add(definitions)
    known = {key for each in definitions for key, _ in crds.schemas(each)}
    for file, report in judged.items():
        if not known.isdisjoint(report.kinds):
            judged[file] = judge_file(file, judge, keeps_valid=keeps_valid)


def definitions_in(given: Iterable[str]) -> list[Definition]:
    """The custom resource definitions in files, folders, and the folders `crds/` of charts.

    Raises:
        DocumentError: A file cannot be read.
    """
    found = paths.found(given)
    for fault in found.faults:
        raise fault
    folders = [str(FilePath(chart, "crds")) for chart in found.charts if FilePath(chart, "crds").is_dir()]
    inner = [str(file) for folder in folders for file in sorted(FilePath(folder).rglob("*.y*ml"))]
    read = (document for file in (*found.files, *inner) for document in yamlio.read(content.read(file, file), file))
    return [each.value for document in read for each in members(document.value) if crds.is_definition(each.value)]


def _failed(error: DocumentError) -> Report:
    at = error.at
    report = Report(at.file if at else "")
    report.add(Verdict(report.file, (at and at.line) or 0, Status.ERROR, reason=error.what))
    return report


def judge_file(file: str, judge: Judge, *, keeps_valid: bool = False) -> Report:
    """What is said of the objects of a file."""
    name = _STDIN if file == content.STANDARD_INPUT else file
    report = Report(name)
    try:
        text = content.read(file, name)
    except DocumentError as error:
        report.add(_unreadable(error, name))
        return report
    for document in yamlio.documents(text, name):
        if isinstance(document, DocumentError):
            report.add(_unreadable(document, name))
        else:
            judge_document(document, judge, report, keeps_valid=keeps_valid)
    return report


def _unreadable(error: DocumentError, file: str) -> Verdict:
    at = error.at
    return Verdict(file, (at and at.line) or 0, Status.ERROR, reason=error.what)


def judge_document(document: Document, judge: Judge, report: Report, *, keeps_valid: bool) -> None:
    """Add what is said of the objects of a document to a report."""
    twice = list(_twice(document)) if judge.options.is_strict else []
    count = 0
    for member in members(document.value):
        count += 1
        _judge_member(member, document, judge, report, twice, keeps_valid=keeps_valid)
    if not count and document.value is not None:
        report.add(
            Verdict(document.file, document.line, Status.ERROR, reason="not a Kubernetes object: kind is missing")
        )


def _judge_member(
    member: Member, document: Document, judge: Judge, report: Report, twice: list[Told], *, keeps_valid: bool
) -> None:
    value = member.value
    if member.reason:
        at = document.span(member.path)
        report.add(Verdict(document.file, at.line, Status.ERROR, reason=member.reason))
        return
    _note(value, report)
    if not twice and not keeps_valid and judge.is_plainly_valid(value):
        report.counts[Status.VALID] += 1
        return
    verdict = judge.verdict(value, document.file, _place(document, member.path))
    mine = [each for each in twice if each.fault.path[: len(member.path)] == member.path]
    if mine and verdict.status in (Status.VALID, Status.INVALID):
        verdict = replace(verdict, status=Status.INVALID, line=document.line, faults=(*mine, *verdict.faults))
    report.counts[verdict.status] += 1
    if keeps_valid or verdict.faults or verdict.status is not Status.VALID:
        report.verdicts.append(verdict)


def _note(value: dict[str, Any], report: Report) -> None:
    api_version = value.get("apiVersion")
    if isinstance(api_version, str) and "." in api_version:
        report.kinds.add((api_version, value["kind"]))
        if crds.is_definition(value):
            report.definitions.append(value)


def _place(document: Document, base: Path) -> Callable[[Path, bool], Span]:
    return lambda path, is_key: document.span(base + path, key=is_key)


def _twice(document: Document) -> Iterator[Told]:
    """The keys that stand twice, with their paths in the document."""
    for each in yamlio.duplicates(document):
        message = f"the key {each.path[-1]} stands twice, first in line {each.first.line}"
        yield Told(Fault(Kind.DUPLICATE, each.path, message, is_key=True), each.second, ())
