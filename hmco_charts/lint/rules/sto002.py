"""STO002: a volume that several pods want, and one node may have."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Confidence, Finding, Related, Severity
from hmco_charts.lint.programs.scheduling import need
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import KubernetesObject, Pod, Release
from hmco_charts.objects.kubernetes import items, mapping, text

_SHARED = ("ReadWriteMany", "ReadOnlyMany")


class RwoMultiAttach(Rule):
    """Reports Deployments whose pods share a claim that can be attached to one node only."""

    id = "STO002"
    name = "rwo-multi-attach"
    title = "Several pods on a volume for one node"
    why = (
        "A ReadWriteOnce volume is attached to one node. A second pod elsewhere waits for ever ('Multi-Attach error'),"
        " and a rolling update that starts the new pod first waits for the old one, which waits for the new one."
    )
    remedy = "Use a StatefulSet with volumeClaimTemplates, ReadWriteMany, or one replica with the strategy Recreate."
    source = "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes"

    def check(self, release: Release) -> Iterator[Finding]:
        """The claims of Deployments and scaled workloads that several pods would attach."""
        for pod in release.pods:
            for index, volume in enumerate(pod.volumes):
                name = text(mapping(volume.get("persistentVolumeClaim")).get("claimName"))
                claim = _claim(release, pod, name) if name else None
                if claim:
                    yield from self._claim(release, pod, index, claim)

    def _claim(self, release: Release, pod: Pod, index: int, claim: KubernetesObject) -> Iterator[Finding]:
        modes = [text(mode) for mode in items(claim.at(("spec", "accessModes")))]
        wanted = need(release, pod)
        if not modes or any(mode in _SHARED for mode in modes) or pod.object.kind not in ("Deployment", "StatefulSet"):
            return
        if wanted.steady > 1:
            message = f"{wanted.steady} pods share claim {claim.name}, which is {modes[0]}."
            yield self._at(release, pod, index, claim, message, Severity.ERROR)
        elif wanted.updating > 1:
            message = f"An update starts a second pod on claim {claim.name}, which is {modes[0]}: use Recreate."
            yield self._at(release, pod, index, claim, message, Severity.WARNING)

    def _at(
        self, release: Release, pod: Pod, index: int, claim: KubernetesObject, message: str, severity: Severity
    ) -> Finding:
        is_one_node = release.cluster.nodes == 1 and "ReadWriteOncePod" not in message
        path = (*pod.path, "volumes", index, "persistentVolumeClaim", "claimName")
        return self.finding(
            message,
            on=pod.object,
            span=pod.object.span(path),
            locator=f"volumes/{text(pod.volumes[index].get('name'))}",
            subject=claim.name,
            severity=Severity.INFO if is_one_node else severity,
            confidence=Confidence.MEDIUM,
            related=(Related("object", claim.span(("spec", "accessModes")), f"the modes of claim {claim.name}"),),
        )


def _claim(release: Release, pod: Pod, name: str) -> KubernetesObject | None:
    return next(iter(release.within(pod.object.namespace, "PersistentVolumeClaim", name)), None)
