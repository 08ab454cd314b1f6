"""SCH003: a disruption budget that blocks every drain, or protects nothing."""

from collections import defaultdict
from collections.abc import Iterator

from hmco_charts.lint.finding import Confidence, Finding, Related, Severity
from hmco_charts.lint.programs.scheduling import share
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Pod, Release

_KINDS = ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController")
_SYSTEM = "kube-system"
"""Whose pods are the cluster's own, so that manifests of some are never all."""


class DisruptionBudget(Rule):
    """Reports PodDisruptionBudgets that let no pod go, choose none, or meet on one pod."""

    id = "SCH003"
    name = "disruption-budget"
    severity = Severity.WARNING
    title = "A disruption budget that blocks drains"
    why = (
        "A drain evicts pods only as far as every budget allows. With no pod to spare it waits for ever, and so do node"
        " upgrades; two budgets for one pod make each eviction fail with an error."
    )
    remedy = "Leave room for one pod: `maxUnavailable: 1`, or a `minAvailable` below the number of replicas."
    source = "https://kubernetes.io/docs/tasks/run-application/configure-pdb/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The budgets that block, choose no pod, or are not alone."""
        holders: dict[int, list[KubernetesObject]] = defaultdict(list)
        for budget in release.of_kind("PodDisruptionBudget"):
            pods = [pod for pod in release.selected(_selector(budget), budget) if pod.object.kind in _KINDS]
            yield from self._budget(release, budget, pods)
            for pod in pods:
                holders[id(pod)].append(budget)
        for several in {tuple(map(id, each)): each for each in holders.values() if len(each) > 1}.values():
            yield self._rivals(several)

    def _budget(self, release: Release, budget: KubernetesObject, pods: list[Pod]) -> Iterator[Finding]:
        if not pods:
            yield from self._empty(release, budget)
            return
        bounds = [release.replicas(pod) for pod in pods]
        least, most = sum(each.least for each in bounds), sum(each.most for each in bounds)
        for field in ("minAvailable", "maxUnavailable"):
            value = budget.at(("spec", field))
            if value is not None and most and _spare(field, value, most) <= 0:
                severity = Severity.ERROR if most > 1 else Severity.WARNING
                yield self._at(budget, field, f"`{field}: {value}` lets none of {most} pods go: drains hang.", severity)
            elif value is not None and least and _spare(field, value, least) <= 0:
                message = f"`{field}: {value}` lets no pod go while the autoscaler runs {least}."
                yield self._at(budget, field, message, Severity.INFO)

    def _empty(self, release: Release, budget: KubernetesObject) -> Iterator[Finding]:
        is_known = budget.namespace != _SYSTEM and release.near(budget.namespace)
        if is_known and _selector(budget) is not None:
            yield self._at(budget, "selector", "The budget chooses no pod of the input.", Severity.WARNING)

    def _rivals(self, budgets: list[KubernetesObject]) -> Finding:
        first, *others = budgets
        return self.finding(
            "Another budget chooses the same pods: each eviction fails with an error.",
            on=first,
            span=first.span(("metadata", "name")),
            locator="spec/selector",
            subject="rival",
            severity=Severity.ERROR,
            related=tuple(Related("object", each.span(("metadata", "name")), f"budget {each.name}") for each in others),
        )

    def _at(self, budget: KubernetesObject, field: str, message: str, severity: Severity) -> Finding:
        return self.finding(
            message,
            on=budget,
            span=budget.span(("spec", field)),
            locator=f"spec/{field}",
            subject=field,
            severity=severity,
            confidence=Confidence.MEDIUM if field == "selector" else None,
        )


def _selector(budget: KubernetesObject) -> object:
    return budget.at(("spec", "selector"))


def _spare(field: str, value: object, total: int) -> int:
    """How many pods may go; percentages round up, as the disruption controller does."""
    number = share(value, total, up=True)
    return total - number if field == "minAvailable" else number
