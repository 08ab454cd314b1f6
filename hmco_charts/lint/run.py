"""Runs the rules over what was read."""

import contextlib
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from time import perf_counter

from hmco_charts.configuration import UNKNOWN, Cluster, Suppression
from hmco_charts.errors import DocumentError, Location
from hmco_charts.lint.baseline import Baseline
from hmco_charts.lint.engine import CAP_REACHED, ENGINE_RULES, NOT_ANALYSED, spot
from hmco_charts.lint.finding import Confidence, Finding, Severity
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
    KubernetesObject,
    Progress,
    Release,
    Unread,
    expect,
    read,
    unseen,
)
from hmco_charts.objects.causes import Budget
from hmco_charts.yamlio import bounded

_UNSOUGHT = "Which values some findings come from was not found out: that takes too many renderings, or too long ones."
_NO_SEVERITIES: Mapping[str, Severity] = {}
_NO_SCENARIOS: Mapping[str, Mapping[str, Sequence[Path]]] = {}
_TEST_HOOKS = ("test", "test-success", "test-failure")


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
    clock: dict[str, float] = defaultdict(float)
    options = ChartOptions(tuple(values), scenarios, max_switches, cluster.kubernetes, plain_http, ca_file)
    before = None if against is None else str(against)
    inputs = read(given, options, against=before, exclude=exclude, progress=progress)
    today = now or datetime.now(timezone.utc)
    releases = [replace(release, cluster=cluster, now=today) for release in inputs.releases]
    total = len(releases) * len(rules)
    steps = itertools.count()
    raw = (each for release in releases for each in _check(release, rules, lambda: progress(next(steps), total), clock))
    found = [threshold.graded(each) for each in raw]
    budget = Budget()
    shown = placed((each for each in found if threshold.shows(each)), _scenarios(releases), budget)
    below = [each for each in found if not threshold.shows(each)]
    own = [threshold.graded(each) for each in _own(inputs, budget, shown)]
    told = Suppressions() if no_ignores else collect(releases, suppressions, today.date(), _values_files(options))
    kept, accepted = told.apply([*shown, *own])
    is_part = any(release.chart for release in releases) and (bool(values) or scenarios is None)
    silent = frozenset() if is_part else _silent(rules, below, [*shown, *own])
    stale = placed(threshold.graded(each) for each in (*told.refused, *told.stale(accepted, silent)))
    new, known = baseline.split(kept) if baseline else (kept, [])
    findings = tuple(sorted([*new, *stale], key=_order))
    return Result(
        findings=findings,
        hidden=_count(below),
        objects=len(_objects(releases)),
        foreign=inputs.foreign,
        suppressed=tuple(accepted),
        known=tuple(known),
        gone=baseline.gone(known, given, silent) if baseline else {},
        seconds=clock,
        texts=_texts(findings, inputs),
    )


def _own(inputs: Inputs, budget: Budget, shown: Iterable[Finding]) -> list[Finding]:
    """What the run itself found while it read, and while it placed findings."""
    left_out = [CAP_REACHED.finding(each.reason, spot(each.at), each.remedy) for each in inputs.capped]
    if budget.is_spent:
        first = next(each.span.file for each in shown if each.scenarios)
        remedy = "Lint this chart alone, or mend what is found and lint it again."
        left_out.append(CAP_REACHED.finding(_UNSOUGHT, spot(Location(first)), remedy))
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


def _check(
    release: Release, rules: Iterable[Rule], step: Callable[[], None], clock: dict[str, float]
) -> Iterator[Finding]:
    tests = {ObjectName.of(each) for each in release.objects if _is_test(each)}
    for rule in rules:
        step()
        start = perf_counter()
        try:
            found = [_checked(finding) for finding in rule.check(release)]
        except Exception as error:  # noqa: BLE001 - a rule that fails is a finding, never the end of the run
            yield _failed(rule, release, error)
            continue
        finally:
            clock[rule.id] += perf_counter() - start
        kept = (each for each in found if rule.profile == "min" or each.object not in tests)
        yield from (replace(each, scenarios=release.scenarios) for each in kept)


def _checked(finding: object) -> Finding:
    """A finding; a rule of another package may yield anything."""
    if isinstance(finding, Finding):
        return finding
    raise TypeError(type(finding).__name__)


def _is_test(each: KubernetesObject) -> bool:
    hooks = each.annotations.get("helm.sh/hook", "").split(",")
    return any(hook.strip() in _TEST_HOOKS for hook in hooks)


def _objects(releases: Iterable[Release]) -> set[tuple[str, ObjectName] | int]:
    """The objects that were checked, those of a chart's scenarios once."""
    return {
        (each.file, ObjectName.of(each)) if release.chart else id(each)
        for release in releases
        for each in release.objects
    }


def _count(findings: Iterable[Finding]) -> int:
    """How many findings these are; their places are not looked up, so those of a name count once."""
    return len({(each.fingerprint, None if each.scenarios else each.span) for each in findings})


def _order(finding: Finding) -> tuple[str, int, int, str]:
    return finding.span.file, finding.span.line, finding.span.column, finding.rule


def _not_analysed(unread: Unread) -> Finding:
    return NOT_ANALYSED.finding(f"Not analysed: {unread.reason}", spot(unread.at), unread.remedy)


def _failed(rule: Rule, release: Release, error: Exception) -> Finding:
    file = release.objects[0].file if release.objects else release.chart.path if release.chart else release.label
    message = f"Not analysed: rule {rule.id} failed with {type(error).__name__}"
    room = type(rule).__module__
    package = "hmco-charts" if room.startswith("hmco_charts.") else room.partition(".")[0]
    return NOT_ANALYSED.finding(message, spot(Location(file)), f"This is a fault of {package}: please report it there.")
