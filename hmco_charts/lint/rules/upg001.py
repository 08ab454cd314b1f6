"""UPG001: an upgrade changes what Kubernetes does not let change."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Related
from hmco_charts.lint.programs import immutable
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.yamlio import Path

_WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet")


class ImmutableField(Rule):
    """Reports changes since the previous version that the API server refuses."""

    id = "UPG001"
    name = "immutable-field"
    profile = "min"
    title = "A change that Kubernetes does not allow"
    why = (
        "The API server refuses to change selectors, volumeClaimTemplates, a Job's template and others: the upgrade"
        " stops half-way. A workload of another kind under the same name leaves the old one running beside it."
    )
    remedy = "Keep the field, or give the object a new name and plan the move (for a StatefulSet: --cascade=orphan)."
    source = "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#limitations"

    def check(self, release: Release) -> Iterator[Finding]:
        """The objects whose fields differ from those of the same object before the upgrade."""
        for new in release.objects if release.previous else ():
            for old in _before(release, new, new.kind):
                for path in immutable.changed(old, new) if "helm.sh/hook" not in new.annotations else ():
                    yield self._field(old, new, path)
            if new.kind in _WORKLOADS:
                yield from self._kind(release, new)

    def _field(self, old: KubernetesObject, new: KubernetesObject, path: Path) -> Finding:
        name = ".".join(map(str, path))
        return self.finding(
            f"{name} of {new.kind} {new.name} changes, which the API server refuses.",
            on=new,
            span=new.span(path, key=True),
            locator="/".join(map(str, path)),
            subject=name,
            related=(Related("object", old.span(path, key=True), "before the upgrade"),),
        )

    def _kind(self, release: Release, new: KubernetesObject) -> Iterator[Finding]:
        for kind in _WORKLOADS:
            still = bool(release.within(new.namespace, kind, new.name))
            for old in _before(release, new, kind) if kind != new.kind and not still else ():
                yield self.finding(
                    f"{old.kind} {new.name} becomes a {new.kind}: both run until the old one is gone.",
                    on=new,
                    span=new.span(("kind",)),
                    locator="kind",
                    subject="kind",
                    related=(Related("object", old.span(("kind",)), "before the upgrade"),),
                )


def _before(release: Release, new: KubernetesObject, kind: str) -> list[KubernetesObject]:
    return release.previous.within(new.namespace, kind, new.name) if release.previous else []
