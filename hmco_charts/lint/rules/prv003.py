"""PRV003: a pod that its namespace does not admit."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Confidence, Finding, Related, Severity
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Pod, Release
from hmco_charts.objects.admission import ENFORCE, enforced_level, level_of, standard_version
from hmco_charts.objects.pod_security import Violation, violations

_SHOWN = 4


class PodSecurityConflict(Rule):
    """Reports pods that the Pod Security level of their namespace keeps out."""

    id = "PRV003"
    name = "pod-security-conflict"
    profile = "min"
    title = "A pod that its namespace does not admit"
    why = (
        "The API server rejects the pods, not their Deployment or StatefulSet: these look fine and make no pod. The"
        " reason stands in the events alone."
    )
    remedy = "Take the privilege away, or run the workload in a namespace whose level allows it."
    source = "https://kubernetes.io/docs/concepts/security/pod-security-admission/"

    def check(self, release: Release) -> Iterator[Finding]:
        """One finding for each pod that the enforced level refuses; levels that only warn are of severity info."""
        for pod in release.pods:
            level, minor = enforced_level(release, pod.object), standard_version(release, pod.object)
            refused = list(violations(pod, level, minor))
            if refused:
                yield self._finding(release, pod, level, refused, Severity.ERROR)
                continue
            for mode in ("warn", "audit"):
                softer = level_of(release, pod.object, mode)
                told = list(violations(pod, softer, minor))
                if told:
                    yield self._finding(release, pod, softer, told, Severity.INFO)
                    break

    def _finding(self, release: Release, pod: Pod, level: str, refused: list[Violation], severity: Severity) -> Finding:
        told = ", ".join(dict.fromkeys(each.message for each in refused[:_SHOWN]))
        more = f" and {len(refused) - _SHOWN} more" if len(refused) > _SHOWN else ""
        places = tuple(Related("object", pod.object.span(each.path), each.message) for each in refused[1:_SHOWN])
        namespaces = release.named("Namespace", pod.object.namespace)
        label = ("metadata", "labels", ENFORCE)
        because = tuple(Related("object", each.span(label), f"the level {level}") for each in namespaces)
        return self.finding(
            f"The level {level} of namespace {pod.object.namespace or 'default'} keeps this pod out: {told}{more}.",
            on=pod.object,
            span=pod.object.span(refused[0].path),
            locator="/".join(map(str, refused[0].path)),
            subject=level,
            severity=severity,
            confidence=Confidence.HIGH if severity is Severity.ERROR else Confidence.MEDIUM,
            related=(*places, *because),
        )
