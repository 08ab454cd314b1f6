"""PRV001: a container that can take over its node."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Confidence, Finding, Group, Severity
from hmco_charts.lint.programs.command import commands
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Pod, Release
from hmco_charts.objects.kubernetes import mapping, text
from hmco_charts.yamlio import Path

_SOCKETS = ("docker.sock", "containerd.sock", "crio.sock", "podman.sock")
_SYSTEM = ("/", "/etc", "/root", "/boot", "/usr", "/bin", "/sbin", "/lib", "/var/lib/kubelet", "/var/lib/docker")
_SYSTEM_TREES = ("/etc/kubernetes", "/var/lib/etcd", "/var/run/secrets", "/proc", "/sys", "/dev")


class PrivilegedOrHost(Rule):
    """Reports privileged containers, the node's namespaces, and writable folders of the node's system."""

    id = "PRV001"
    name = "privileged-or-host"
    title = "A container that can take over its node"
    why = (
        "A privileged container, the container runtime's socket or a writable system folder is as good as root on the"
        " node, and from there on every other pod and its Secrets."
    )
    remedy = (
        "Take the privilege away; where a program of the node needs it, run it as a DaemonSet of its own, read-only."
    )
    source = "https://kubernetes.io/docs/concepts/security/pod-security-standards/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The pods and containers with the node's privileges; agents of nodes are named, but not held against them."""
        for pod in release.pods:
            for field in ("hostPID", "hostIPC", "hostNetwork"):
                if pod.spec.get(field) is True:
                    yield self._at(
                        pod, (*pod.path, field), field, f"shares the node's namespace: {field}", _weight(pod)
                    )
            yield from self._volumes(pod)
            yield from self._privileged(release, pod)

    def _volumes(self, pod: Pod) -> Iterator[Finding]:
        for index, volume in enumerate(pod.volumes):
            host_path = text(mapping(volume.get("hostPath")).get("path"))
            name, path = text(volume.get("name")), (*pod.path, "volumes", index, "hostPath", "path")
            if host_path.endswith(_SOCKETS):
                yield self._at(pod, path, name, f"mounts the container runtime's socket {host_path}", Severity.ERROR)
            elif _is_system(host_path) and _is_written(pod, name):
                yield self._at(pod, path, name, f"may write the node's folder {host_path}", _weight(pod))

    def _privileged(self, release: Release, pod: Pod) -> Iterator[Finding]:
        """The containers of a pod that weigh the same are one finding: one suffices to take over the node."""
        for container in pod.containers:
            if container.security_context.get("privileged") is True:
                severity = Severity.INFO if _sets_kernel(release, container) else _weight(pod)
                path = (*container.path, "securityContext", "privileged")
                group = Group.within(pod.object, "privileged too", severity)
                yield self._at(pod, path, container.locator, f"runs {container.locator} privileged", severity, group)

    def _at(
        self, pod: Pod, path: Path, subject: str, what: str, severity: Severity, group: Group | None = None
    ) -> Finding:
        return self.finding(
            f"{pod.object.kind} {pod.object.name} {what}.",
            on=pod.object,
            span=pod.object.span(path),
            locator="/".join(map(str, path)),
            subject=f"{subject}#{path[-1]}",
            severity=severity,
            confidence=Confidence.HIGH if severity is Severity.ERROR else Confidence.MEDIUM,
            group=group,
        )


def _weight(pod: Pod) -> Severity:
    """An agent of the node is what it is for; elsewhere the same is an error."""
    return Severity.INFO if pod.object.kind == "DaemonSet" else Severity.ERROR


def _is_system(path: str) -> bool:
    plain = path.rstrip("/") or "/"
    return bool(path) and (plain in _SYSTEM or any(f"{plain}/".startswith(f"{tree}/") for tree in _SYSTEM_TREES))


def _is_written(pod: Pod, volume: str) -> bool:
    mounts = (mount for container in pod.containers for mount in container.mounts)
    return any(text(mount.get("name")) == volume and mount.get("readOnly") is not True for mount in mounts)


def _sets_kernel(release: Release, container: Container) -> bool:
    """Whether an init container only sets the node's kernel settings, as SYS001 advises."""
    words = [word for command in commands(release, container) for word in command]
    return container.role == "initContainer" and any(word.rpartition("/")[2] == "sysctl" for word in words)
