"""SYS002: a kernel setting that the kubelet must be told to allow."""

from collections.abc import Iterator

from hmco_charts.lint.edits import remove_item
from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.fix import Fix
from hmco_charts.lint.programs import kernel
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Pod, Release
from hmco_charts.objects.admission import enforced_level, minor_version
from hmco_charts.objects.kubernetes import items, mapping, text


class SysctlUnsafe(Rule):
    """Reports settings of pods that are not safe in the eyes of the kubelet."""

    id = "SYS002"
    name = "sysctl-unsafe"
    severity = Severity.WARNING
    confidence = Confidence.MEDIUM
    title = "A kernel setting that needs the kubelet's permission"
    why = (
        "Beyond a short list of safe settings a kubelet rejects the pod with SysctlForbidden unless its option"
        " --allowed-unsafe-sysctls names the setting; the Pod Security level baseline refuses it in any case."
    )
    remedy = "Do without it, or list it in the kubelets' allowedUnsafeSysctls and tell so in the cluster profile."
    source = "https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/#safe-and-unsafe-sysctls"

    def check(self, release: Release) -> Iterator[Finding]:
        """The unsafe settings of every pod; those that the cluster is known to refuse are errors."""
        for pod in release.pods:
            for index, entry in enumerate(items(pod.security_context.get("sysctls"))):
                name = text(mapping(entry).get("name"))
                if kernel.namespace(name) and not kernel.is_safe(name, minor_version(release)):
                    yield from self._setting(release, pod, index, name)

    def _setting(self, release: Release, pod: Pod, index: int, name: str) -> Iterator[Finding]:
        level, allowed = enforced_level(release, pod.object), release.cluster.allowed_unsafe_sysctls
        is_refused = level in ("baseline", "restricted")
        if allowed is not None and kernel.is_among(name, allowed) and not is_refused:
            return
        is_certain = is_refused or allowed is not None
        reason = f"the namespace enforces the level {level}" if is_refused else "the kubelet must allow it"
        path = (*pod.path, "securityContext", "sysctls", index)
        yield self.finding(
            f"The pod sets {name}, which is not among the safe settings: {reason}.",
            on=pod.object,
            span=pod.object.span((*path, "name")),
            locator=f"sysctls/{name}",
            subject=name,
            severity=Severity.ERROR if is_certain else None,
            confidence=Confidence.HIGH if is_certain else None,
            fixes=(Fix("Remove the setting from the pod", remove_item(pod.object, path), is_safe=False),),
        )
