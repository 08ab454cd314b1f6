"""Applies rules to a release: one after the other, or several processes side by side.

A process is forked once the release is read, so that nothing of it has to be sent; what comes back are findings.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from time import perf_counter

from hmco_charts.errors import Location
from hmco_charts.lint.engine import NOT_ANALYSED, spot
from hmco_charts.lint.finding import Finding
from hmco_charts.lint.object_name import ObjectName
from hmco_charts.lint.rule import Rule
from hmco_charts.lint.threshold import Threshold
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.kubernetes import mapping, text
from hmco_charts.objects.remembering import remembered
from hmco_charts.processes import can_fork, spread
from hmco_charts.yamlio import Span

_WORTH_A_PROCESS = 500  # objects; below, starting one takes longer than it saves
_TEST_HOOKS = ("test", "test-success", "test-failure")
_NOWHERE = Span("", 1, 1, 1, 1)

Step = Callable[[], None]


@dataclass(slots=True)
class Checked:
    """What rules found.

    Attributes:
        findings: By the rule's id.
        seconds: How long each rule took, by its id.
    """

    findings: dict[str, list[Finding]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def add(self, other: "Checked") -> None:
        """Add what other rules found."""
        self.findings.update(other.findings)
        self.seconds.update(other.seconds)


def check(release: Release, rules: Sequence[Rule], threshold: Threshold, step: Step, jobs: int) -> Checked:
    """What rules find in a release.

    Args:
        release: The objects.
        rules: The rules.
        threshold: What will be shown; the places of other findings may be left out.
        step: Is called once for each rule that this process applies.
        jobs: How many processes may share the work.
    """
    if jobs < 2 or not _is_worth_processes(release):  # noqa: PLR2004 - one process is this one
        return _check(release, rules, step)
    found = Checked()
    here, elsewhere = partial(_check, release, step=step), partial(_sent, release, threshold=threshold)
    for each in spread(_shares(rules), jobs, here, elsewhere):
        found.add(each)
    return found


def _is_worth_processes(release: Release) -> bool:
    """Whether processes pay, and may be forked. Places in charts lead to templates, which are not sent."""
    return can_fork() and release.chart is None and len(release.objects) >= _WORTH_A_PROCESS


def _shares(rules: Sequence[Rule]) -> list[list[Rule]]:
    """The rules by family, the largest first; those of a family look up the same."""
    families: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        families[rule.id.rstrip("0123456789")].append(rule)
    return sorted(families.values(), key=len, reverse=True)


def _sent(release: Release, rules: Sequence[Rule], threshold: Threshold) -> Checked:
    """What rules find, with the places that will be shown."""
    found = _check(release, rules, lambda: None)
    for rule, findings in found.findings.items():
        found.findings[rule] = [_settled(each, threshold) for each in findings]
    return found


def _settled(finding: Finding, threshold: Threshold) -> Finding:
    is_shown = threshold.shows(threshold.graded(finding))
    return replace(finding, place=finding.span if is_shown else _NOWHERE)


def _check(release: Release, rules: Iterable[Rule], step: Step) -> Checked:
    tests, checked = _tests(release), Checked()
    for rule in rules:
        step()
        start = perf_counter()
        found = _applied(rule, release)
        kept = (each for each in found if rule.profile == "min" or each.object not in tests)
        checked.findings[rule.id] = [_found_in(release, each) for each in kept]
        checked.seconds[rule.id] = perf_counter() - start
    return checked


def _found_in(release: Release, finding: Finding) -> Finding:
    """The finding with the scenarios that show it, its group set apart from those of other releases."""
    root = release.chart.files.root if release.chart else release.label
    group = finding.group and replace(finding.group, key=(root, *finding.group.key))
    return replace(finding, scenarios=release.scenarios, group=group)


def _applied(rule: Rule, release: Release) -> list[Finding]:
    try:
        return [_as_finding(each) for each in rule.check(release)]
    except Exception as error:  # noqa: BLE001 - a rule that fails is a finding, never the end of the run
        return [_failed(rule, release, error)]


def _as_finding(found: object) -> Finding:
    """A finding; a rule of another package may yield anything."""
    if isinstance(found, Finding):
        return found
    raise TypeError(type(found).__name__)


@remembered
def _tests(release: Release) -> frozenset[ObjectName]:
    return frozenset(ObjectName.of(each) for each in release.objects if _is_test(each))


def _is_test(each: KubernetesObject) -> bool:
    hooks = text(mapping(each.metadata.get("annotations")).get("helm.sh/hook")).split(",")
    return any(hook.strip() in _TEST_HOOKS for hook in hooks)


def _failed(rule: Rule, release: Release, error: Exception) -> Finding:
    file = release.objects[0].file if release.objects else release.chart.path if release.chart else release.label
    message = f"Not analysed: rule {rule.id} failed with {type(error).__name__}"
    room = type(rule).__module__
    package = "hmco-charts" if room.startswith("hmco_charts.") else room.partition(".")[0]
    return NOT_ANALYSED.finding(message, spot(Location(file)), f"This is a fault of {package}: please report it there.")
