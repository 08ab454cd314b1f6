"""SYS001: a kernel setting that no pod may ever have."""

from collections.abc import Iterator

from hmco_charts.lint.edits import remove_item
from hmco_charts.lint.finding import Finding
from hmco_charts.lint.fix import Fix
from hmco_charts.lint.programs import kernel
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Pod, Release
from hmco_charts.objects.kubernetes import items, mapping, text

_HOST = {"net": ("hostNetwork", "the node's network"), "ipc": ("hostIPC", "the node's IPC")}


class SysctlNeverAllowed(Rule):
    """Reports settings of pods that belong to the whole node."""

    id = "SYS001"
    name = "sysctl-never-allowed"
    profile = "min"
    title = "A kernel setting that no pod may have"
    why = (
        "The kubelet only lets a pod set what belongs to the pod's own namespaces. Anything else ends in the phase"
        " Failed with the reason SysctlForbidden, and no list of allowed settings can change that."
    )
    remedy = (
        "Remove it from the pod and set it on the nodes (sysctl.d, the machine's configuration, a privileged DaemonSet;"
        " with kind, on the host). A program that runs out of inotify instances may also watch fewer files."
    )
    source = "https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The settings of every pod that are the node's own."""
        for pod in release.pods:
            for index, entry in enumerate(items(pod.security_context.get("sysctls"))):
                fault = _fault(pod, text(mapping(entry).get("name")))
                if fault:
                    yield self._finding(pod, index, text(mapping(entry).get("name")), fault)

    def _finding(self, pod: Pod, index: int, name: str, fault: str) -> Finding:
        path = (*pod.path, "securityContext", "sysctls", index)
        return self.finding(
            f"The pod sets {name}, which {fault}: the kubelet rejects it with SysctlForbidden.",
            on=pod.object,
            span=pod.object.span((*path, "name")),
            locator=f"sysctls/{name}",
            subject=name,
            fixes=(
                Fix(
                    "Remove the setting from the pod; set it on the nodes", remove_item(pod.object, path), is_safe=False
                ),
            ),
        )


def _fault(pod: Pod, name: str) -> str:
    """Why the pod cannot have a setting; empty where it can."""
    if not name:
        return ""
    namespace = kernel.namespace(name)
    if not namespace:
        return "belongs to the whole node"
    field, told = _HOST.get(namespace, ("", ""))
    return f"does not go with {field}: it would change {told}" if field and pod.spec.get(field) is True else ""
