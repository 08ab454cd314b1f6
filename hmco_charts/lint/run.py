"""Runs the rules over what was read."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path

from hmco_charts.configuration import UNKNOWN, Cluster
from hmco_charts.errors import Location
from hmco_charts.lint.engine import CAP_REACHED, NOT_ANALYSED, spot
from hmco_charts.lint.finding import Finding, ObjectName, Severity
from hmco_charts.lint.placing import placed
from hmco_charts.lint.registry import chosen
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import (
    MOST_SWITCHES,
    ChartOptions,
    Inputs,
    KubernetesObject,
    Progress,
    Release,
    Unread,
    read,
    unseen,
)

_NO_SCENARIOS: Mapping[str, Mapping[str, Sequence[Path]]] = {}
_TEST_HOOKS = ("test", "test-success", "test-failure")


@dataclass(frozen=True, slots=True)
class Result:
    """What a run found.

    Attributes:
        findings: Those at or above the threshold, and everything that could not be analysed, by place.
        hidden: How many findings stood below the threshold.
        objects: How many objects were checked.
        foreign: How many documents were no Kubernetes objects.
        texts: The files of findings that do not lie on disk, by the name that places have for them.
    """

    findings: tuple[Finding, ...]
    hidden: int
    objects: int
    foreign: int
    texts: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def exit_code(self) -> int:
        """0 for nothing found, 1 for findings, 3 where some input could not be analysed."""
        rules = {finding.rule for finding in self.findings}
        if NOT_ANALYSED.id in rules:
            return 3
        return 1 if rules - {CAP_REACHED.id} else 0


def lint(
    paths: Iterable[str | Path],
    *,
    values: Sequence[Path] = (),
    profile: str = "basic",
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    severity: Severity = Severity.WARNING,
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
        cluster: What is known of the cluster.
        now: The time for which certificates are judged; the present if not given.
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
    rules = chosen(profile, select, ignore)
    options = ChartOptions(tuple(values), scenarios, max_switches, cluster.kubernetes, plain_http, ca_file)
    before = None if against is None else str(against)
    inputs = read((str(path) for path in paths), options, against=before, progress=progress)
    today = now or datetime.now(timezone.utc)
    releases = [replace(release, cluster=cluster, now=today) for release in inputs.releases]
    total = len(releases) * len(rules)
    steps = itertools.count()
    found = [each for release in releases for each in _check(release, rules, lambda: progress(next(steps), total))]
    kept = placed((finding for finding in found if finding.severity >= severity), _scenarios(releases))
    unread = [_not_analysed(each) for each in inputs.unread] + [_left_out(each) for each in inputs.capped]
    findings = tuple(sorted(kept + unread, key=_order))
    return Result(
        findings=findings,
        hidden=_hidden(found, severity),
        objects=len(_objects(releases)),
        foreign=inputs.foreign,
        texts=_texts(findings, inputs),
    )


def _texts(findings: Iterable[Finding], inputs: Inputs) -> dict[str, str]:
    """The texts of the files of findings that do not lie on disk."""
    files = {span.file for each in findings for span in (each.span, *(related.span for related in each.related))}
    kept = {file: inputs.text(file) for file in files if not Path(file).is_file()}
    return {file: text for file, text in kept.items() if text is not None}


def _scenarios(releases: Iterable[Release]) -> list[str]:
    """The names of scenarios in the order in which the charts are rendered with them."""
    return list(dict.fromkeys(name for each in releases if each.chart for name in each.chart.scenarios))


def _check(release: Release, rules: Iterable[Rule], step: Callable[[], None]) -> Iterator[Finding]:
    tests = {ObjectName.of(each) for each in release.objects if _is_test(each)}
    for rule in rules:
        step()
        try:
            found = [_checked(finding) for finding in rule.check(release)]
        except Exception as error:  # noqa: BLE001 - a rule that fails is a finding, never the end of the run
            yield _failed(rule, release, error)
            continue
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


def _hidden(findings: Iterable[Finding], severity: Severity) -> int:
    """How many findings stand below the threshold; their places are not looked up, so those of a name count once."""
    below = (finding for finding in findings if finding.severity < severity)
    return len({(each.fingerprint, None if each.scenarios else each.span) for each in below})


def _order(finding: Finding) -> tuple[str, int, int, str]:
    return finding.span.file, finding.span.line, finding.span.column, finding.rule


def _not_analysed(unread: Unread) -> Finding:
    return NOT_ANALYSED.finding(f"Not analysed: {unread.reason}", spot(unread.at), unread.remedy)


def _left_out(capped: Unread) -> Finding:
    return CAP_REACHED.finding(capped.reason, spot(capped.at), capped.remedy)


def _failed(rule: Rule, release: Release, error: Exception) -> Finding:
    file = release.objects[0].file if release.objects else release.chart.path if release.chart else release.label
    message = f"Not analysed: rule {rule.id} failed with {type(error).__name__}"
    room = type(rule).__module__
    package = "hmco-charts" if room.startswith("hmco_charts.") else room.partition(".")[0]
    return NOT_ANALYSED.finding(message, spot(Location(file)), f"This is a fault of {package}: please report it there.")
