"""Runs the rules over what was read."""

import contextlib
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from hmco_charts.configuration import UNKNOWN, Cluster, Suppression
from hmco_charts.errors import DocumentError, Location
from hmco_charts.lint.baseline import Baseline
from hmco_charts.lint.checking import Checked, check
from hmco_charts.lint.engine import CAP_REACHED, ENGINE_RULES, NOT_ANALYSED, spot
from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.grouping import joined
from hmco_charts.lint.object_name import ObjectName
from hmco_charts.lint.placing import placed
from hmco_charts.lint.registry import chosen
from hmco_charts.lint.result import Result
from hmco_charts.lint.rule import Rule
from hmco_charts.lint.suppression import Source, Suppressions, collect
from hmco_charts.lint.threshold import Threshold
from hmco_charts.objects import (
    MOST_SWITCHES,
    ChartOptions,
    Inputs,
    Progress,
    Release,
    Unread,
    expect,
    read,
    unseen,
)
from hmco_charts.objects.causes import Budget
from hmco_charts.processes import processors
from hmco_charts.yamlio import bounded

_UNSOUGHT = "Which values some findings come from was not found out: that takes too many renderings, or too long ones."
_NO_SEVERITIES: Mapping[str, Severity] = {}
_NO_SCENARIOS: Mapping[str, Mapping[str, Sequence[Path]]] = {}


def lint(
    paths: Iterable[str | Path],
    *,
    values: Sequence[Path] = (),
    profile: str = "basic",
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    severity: Severity = Severity.WARNING,
    confidence: Confidence = Confidence.MEDIUM,
    severities: Mapping[str, Severity] = _NO_SEVERITIES,
    suppressions: Sequence[Suppression] = (),
    no_ignores: bool = False,
    baseline: Baseline | None = None,
    exclude: Sequence[str] = (),
    cluster: Cluster = UNKNOWN,
    now: datetime | None = None,
    scenarios: Mapping[str, Mapping[str, Sequence[Path]]] | None = _NO_SCENARIOS,
    max_switches: int = MOST_SWITCHES,
    against: str | Path | None = None,
    plain_http: bool = False,
    ca_file: Path | None = None,
    jobs: int | None = None,
    progress: Progress = unseen,
) -> Result:
    """Check manifests and charts against the policies.

    Args:
        paths: Manifests, folders, charts, archives, `oci://` references, or `-` for standard input.
        values: Values files for the charts, which are then rendered with these alone.
        profile: The rules to apply: `min`, `basic`, `production` or `pedantic`.
        select: Rule ids, names or families; only these.
        ignore: Rule ids, names or families; not these.
        severity: The threshold; findings below it are counted, not given.
        confidence: Likewise, how sure a finding must be.
        severities: Another severity for all findings of a rule, by its id or name.
        suppressions: Findings that are accepted, beside those that comments and annotations tell.
        no_ignores: Whether no suppression holds, wherever it stands.
        baseline: Findings that are known, and not given again.
        exclude: Absolute patterns of files and folders that folders are searched without.
        cluster: What is known of the cluster.
        now: The time for which certificates and suppressions are judged; the present if not given.
        scenarios: More values for charts: by the chart's name or path, values files by the name of a scenario.
            `None` renders charts with their defaults alone.
        max_switches: How many switches `enabled` of a chart are turned at most, each in a scenario of its own.
        against: What is installed before, for rules on upgrades: a chart, an archive, a reference or manifests.
        plain_http: Whether registries of `oci://` references speak HTTP without TLS.
        ca_file: Certificates (PEM) to trust in place of the system's.
        jobs: How many processes share the work on many manifests; one for each processor if not given.
        progress: Is told how many steps of the work at hand are done: files and charts read, then rules applied.

    Returns:
        The findings, sorted by place. Input that could not be analysed is a finding too (`HMC001`).

    Raises:
        ConfigurationError: An unknown rule.
    """
    threshold = Threshold(severity, confidence, severities).by_id()
    given = [str(path) for path in paths]
    expect(given)
    rules = chosen(profile, select, ignore)
    options = ChartOptions(tuple(values), scenarios, max_switches, cluster.kubernetes, plain_http, ca_file)
    before = None if against is None else str(against)
    inputs = read(given, options, against=before, exclude=exclude, jobs=jobs, progress=progress)
    today = now or datetime.now(UTC)
    releases = [_told(each, cluster, today) for each in inputs.releases]
    checked = _checked(releases, rules, threshold, jobs or processors(), progress)
    found = [threshold.graded(each) for one in checked for rule in rules for each in one.findings[rule.id]]
    budget = Budget()
    shown = placed((each for each in found if threshold.shows(each)), _scenarios(releases), budget)
    below = [each for each in found if not threshold.shows(each)]
    own = [threshold.graded(each) for each in _own(inputs, budget, shown)]
    told = Suppressions() if no_ignores else collect(releases, suppressions, today.date(), _values_files(options))
    kept, accepted = told.apply([*shown, *own])
    is_part = any(release.chart for release in releases) and (bool(values) or scenarios is None)
    silent = frozenset() if is_part else _silent(rules, below, [*shown, *own])
    stale = placed(threshold.graded(each) for each in (*told.refused, *told.stale(accepted, silent)))
    new, known = baseline.split(kept) if baseline else (joined(kept), [])
    findings = tuple(sorted([*new, *stale], key=_order))
    return Result(
        findings=findings,
        hidden=_count(below),
        objects=len(_objects(releases)),
        foreign=inputs.foreign,
        suppressed=tuple(accepted),
        known=tuple(known),
        gone=baseline.gone(known, given, silent) if baseline else {},
        seconds={rule.id: sum(each.seconds[rule.id] for each in checked) for rule in rules},
        texts=_texts(findings, inputs),
    )


def _told(release: Release, cluster: Cluster, today: datetime) -> Release:
    """A release with what is known of its cluster, and of the time."""
    return replace(release, cluster=cluster if release.cluster is UNKNOWN else release.cluster, now=today)


def _checked(
    releases: Sequence[Release], rules: Sequence[Rule], threshold: Threshold, jobs: int, progress: Progress
) -> list[Checked]:
    """What the rules find in each release."""
    total = len(releases) * len(rules)
    steps = itertools.count()
    return [check(each, rules, threshold, lambda: progress(next(steps), total), jobs) for each in releases]


def _own(inputs: Inputs, budget: Budget, shown: Iterable[Finding]) -> list[Finding]:
    """What the run itself found while it read, and while it placed findings."""
    left_out = [CAP_REACHED.finding(each.reason, spot(each.at), each.remedy) for each in inputs.capped]
    if budget.is_spent:
        files = [each.span.file for each in sorted(shown, key=lambda each: not each.scenarios)]
        remedy = "Lint this chart alone, or mend what is found and lint it again."
        left_out.append(CAP_REACHED.finding(_UNSOUGHT, spot(Location(files[0])), remedy))
    return [_not_analysed(each) for each in inputs.unread] + left_out


def _silent(rules: Iterable[Rule], below: Iterable[Finding], given: Iterable[Finding]) -> frozenset[str]:
    """The ids of rules that gave all that they found, so that what they did not give is not there."""
    if {NOT_ANALYSED.id, CAP_REACHED.id} & {each.rule for each in given}:
        return frozenset()
    ids = {rule.id for rule in rules} | {rule.id for rule in ENGINE_RULES}
    return frozenset(ids - {each.rule for each in below})


def _values_files(options: ChartOptions) -> Iterator[Source]:
    """The texts of the values files that lie outside the charts."""
    declared = (file for named in (options.scenarios or {}).values() for files in named.values() for file in files)
    for file in dict.fromkeys((*options.values, *declared)):
        with contextlib.suppress(DocumentError):  # which is told where the values are read
            yield Source(str(file), 1, bounded.read_text(file))


def _texts(findings: Iterable[Finding], inputs: Inputs) -> dict[str, str]:
    """The texts of the files of findings that do not lie on disk."""
    files = {span.file for each in findings for span in (each.span, *(related.span for related in each.related))}
    kept = {file: inputs.text(file) for file in files if not Path(file).is_file()}
    return {file: text for file, text in kept.items() if text is not None}


def _scenarios(releases: Iterable[Release]) -> list[str]:
    """The names of scenarios in the order in which the charts are rendered with them."""
    return list(dict.fromkeys(name for each in releases if each.chart for name in each.chart.scenarios))


def _objects(releases: Iterable[Release]) -> set[tuple[str, ObjectName] | int]:
    """The objects that were checked, those of a chart's scenarios once."""
    return {
        (each.file, ObjectName.of(each)) if release.chart else id(each)
        for release in releases
        for each in release.objects
    }


def _count(findings: Iterable[Finding]) -> int:
    """How many findings these are; their places are not looked up, so equal ones of a name count once."""
    return len({(each.rule, each.group.key) if each.group else (each.fingerprint, each.locator) for each in findings})


def _order(finding: Finding) -> tuple[str, int, int, str]:
    return finding.span.file, finding.span.line, finding.span.column, finding.rule


def _not_analysed(unread: Unread) -> Finding:
    return NOT_ANALYSED.finding(f"Not analysed: {unread.reason}", spot(unread.at), unread.remedy)
