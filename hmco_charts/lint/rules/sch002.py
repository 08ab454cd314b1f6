"""SCH002: more pods than places, as each must be on a node or in a zone of its own."""

from collections.abc import Iterator
from functools import partial

from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.programs.scheduling import need
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Pod, Release
from hmco_charts.objects.kubernetes import items, mapping, text
from hmco_charts.objects.replicas import count
from hmco_charts.objects.selector import matches
from hmco_charts.yamlio import Path

_REQUIRED = ("affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
_ZONES = ("topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone")
_HOST = "kubernetes.io/hostname"


class AntiAffinityCapacity(Rule):
    """Reports required anti-affinities and spreads that leave pods without a place."""

    id = "SCH002"
    name = "anti-affinity-capacity"
    title = "More pods than nodes for a required anti-affinity"
    why = (
        "Required anti-affinity lets at most one pod onto each node (or into each zone). What has no place stays"
        " Pending for ever, and a rolling update that first starts a new pod never ends."
    )
    remedy = (
        "Prefer it (`preferredDuringScheduling…`, `whenUnsatisfiable: ScheduleAnyway`), or run no more pods than nodes."
    )
    source = (
        "https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity"
    )

    def check(self, release: Release) -> Iterator[Finding]:
        """The workloads whose pods do not all find a place in the cluster of the profile."""
        for pod in release.pods:
            if pod.object.kind != "DaemonSet":
                yield from self._anti_affinity(release, pod)
                yield from self._spread(release, pod)

    def _anti_affinity(self, release: Release, pod: Pod) -> Iterator[Finding]:
        terms = items(mapping(mapping(pod.spec.get("affinity")).get("podAntiAffinity")).get(_REQUIRED[-1]))
        for index, term in enumerate(terms):
            key = text(mapping(term).get("topologyKey"))
            path = (*pod.path, *_REQUIRED, index)
            if not matches(mapping(term).get("labelSelector"), pod.labels):
                yield from self._of_others(pod, path)
                continue
            yield from self._capacity(release, pod, (*path, "topologyKey"), key, 1)

    def _spread(self, release: Release, pod: Pod) -> Iterator[Finding]:
        for index, entry in enumerate(items(pod.spec.get("topologySpreadConstraints"))):
            constraint = mapping(entry)
            domains = _domains(release, text(constraint.get("topologyKey")))
            least = count(constraint.get("minDomains"), 0)
            if constraint.get("whenUnsatisfiable") == "DoNotSchedule" and domains is not None and least > domains:
                path = (*pod.path, "topologySpreadConstraints", index, "minDomains")
                key, skew = text(constraint.get("topologyKey")), count(constraint.get("maxSkew"))
                yield from self._capacity(release, pod, path, key, skew)

    def _capacity(self, release: Release, pod: Pod, path: Path, key: str, each: int) -> Iterator[Finding]:
        domains, wanted = _domains(release, key), need(release, pod)
        what = "zones" if key in _ZONES else "nodes"
        if domains is None:
            if wanted.steady > each and key in (_HOST, *_ZONES):
                yield self._finding(pod, path, f"{wanted.steady} pods need as many {what}.", Severity.INFO)
        elif wanted.steady > domains * each:
            message = f"{wanted.steady} pods must be on {what} of their own, but the cluster has {domains}."
            yield self._finding(pod, path, message, Severity.ERROR)
        elif wanted.updating > domains * each:
            message = f"An update starts a pod before it stops one, but all {domains} {what} are taken."
            yield self._finding(pod, path, message, Severity.WARNING)

    def _of_others(self, pod: Pod, path: Path) -> Iterator[Finding]:
        yield self._finding(pod, path, "The anti-affinity does not match the pod's own labels.", Severity.INFO)

    def _finding(self, pod: Pod, path: Path, message: str, severity: Severity) -> Finding:
        return self.finding(
            message,
            on=pod.object,
            span=partial(pod.object.span, path),
            locator="/".join(map(str, path)),
            subject="/".join(str(step) for step in path if not isinstance(step, int)),
            severity=severity,
            confidence=Confidence.LOW if severity is Severity.INFO else Confidence.HIGH,
        )


def _domains(release: Release, key: str) -> int | None:
    """How many places there are for a topology key; `None` where that is not known."""
    if key == _HOST:
        return release.cluster.nodes
    return release.cluster.zones if key in _ZONES else None
