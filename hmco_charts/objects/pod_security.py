"""The Pod Security Standards: what a pod may not do at the levels `baseline` and `restricted`.

Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/; kubernetes
`staging/src/k8s.io/pod-security-admission/policy/check_*.go`
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hmco_charts.objects.kubernetes import items, mapping, text
from hmco_charts.objects.pod import Container, Pod
from hmco_charts.yamlio import Path

CAPABILITIES = frozenset(
    {"AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP"}
    | {"SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"}
)
SAFE_SYSCTLS = {
    "kernel.shm_rmid_forced": 0,
    "net.ipv4.ip_local_port_range": 0,
    "net.ipv4.tcp_syncookies": 0,
    "net.ipv4.ping_group_range": 18,
    "net.ipv4.ip_unprivileged_port_start": 22,
    "net.ipv4.ip_local_reserved_ports": 27,
    "net.ipv4.tcp_keepalive_time": 29,
    "net.ipv4.tcp_fin_timeout": 29,
    "net.ipv4.tcp_keepalive_intvl": 29,
    "net.ipv4.tcp_keepalive_probes": 29,
    "net.ipv4.tcp_rmem": 32,
    "net.ipv4.tcp_wmem": 32,
}
"""The settings of the kernel that every pod may have, with the minor version of Kubernetes since which it may."""
_VOLUMES = frozenset(
    {
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "image",
        "persistentVolumeClaim",
        "projected",
        "secret",
    }
)
_SELINUX_TYPES = ("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t")
_NO_HOST_SINCE = 34
_CONTAINERS = ("startupProbe", "livenessProbe", "readinessProbe")


@dataclass(frozen=True, slots=True)
class Violation:
    """What a level does not allow: where in the object, and in a few words."""

    path: Path
    message: str


def violations(pod: Pod, level: str, minor: int | None = None) -> Iterator[Violation]:
    """What keeps a pod out of a namespace.

    Args:
        pod: The pod.
        level: `baseline` or `restricted`; any other level keeps nothing out.
        minor: The minor version of the standard; the newest where it is not known.
    """
    if level not in ("baseline", "restricted"):
        return
    yield from _host(pod)
    yield from _sysctls(pod, minor)
    yield from _profiles(pod.security_context, (*pod.path, "securityContext"))
    for container in pod.containers:
        yield from _container(container, minor)
    if level == "restricted":
        yield from _restricted(pod)


def _host(pod: Pod) -> Iterator[Violation]:
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.spec.get(field) is True:
            yield Violation((*pod.path, field), field)
    for index, volume in enumerate(pod.volumes):
        if "hostPath" in volume:
            yield Violation((*pod.path, "volumes", index, "hostPath"), f"hostPath volume {text(volume.get('name'))}")


def _sysctls(pod: Pod, minor: int | None) -> Iterator[Violation]:
    for index, entry in enumerate(items(pod.security_context.get("sysctls"))):
        name = text(mapping(entry).get("name"))
        since = SAFE_SYSCTLS.get(name)
        if since is None or (minor is not None and minor < since):
            yield Violation((*pod.path, "securityContext", "sysctls", index, "name"), f"sysctl {name}")


def _profiles(context: dict[str, Any], path: Path) -> Iterator[Violation]:
    """SELinux, seccomp, AppArmor and Windows' host processes: of a pod or a container."""
    options = mapping(context.get("seLinuxOptions"))
    if text(options.get("type")) not in _SELINUX_TYPES or options.get("user") or options.get("role"):
        yield Violation((*path, "seLinuxOptions"), "SELinux options of its own")
    if mapping(context.get("seccompProfile")).get("type") == "Unconfined":
        yield Violation((*path, "seccompProfile", "type"), "seccomp profile Unconfined")
    if mapping(context.get("appArmorProfile")).get("type") == "Unconfined":
        yield Violation((*path, "appArmorProfile", "type"), "AppArmor profile Unconfined")
    if mapping(context.get("windowsOptions")).get("hostProcess") is True:
        yield Violation((*path, "windowsOptions", "hostProcess"), "host process")


def _container(container: Container, minor: int | None) -> Iterator[Violation]:
    path, context = (*container.path, "securityContext"), container.security_context
    yield from _profiles(context, path)
    if context.get("privileged") is True:
        yield Violation((*path, "privileged"), "privileged")
    for index, name in enumerate(_added(container)):
        if name not in CAPABILITIES:
            yield Violation((*path, "capabilities", "add", index), f"capability {name}")
    if text(context.get("procMount")) not in ("", "Default"):
        yield Violation((*path, "procMount"), f"procMount {text(context.get('procMount'))}")
    for index, port in enumerate(container.ports):
        if port.get("hostPort"):
            yield Violation((*container.path, "ports", index, "hostPort"), f"hostPort {text(port.get('hostPort'))}")
    if minor is None or minor >= _NO_HOST_SINCE:
        yield from _probe_hosts(container)


def _probe_hosts(container: Container) -> Iterator[Violation]:
    for field in _CONTAINERS:
        for action in ("httpGet", "tcpSocket"):
            if text(mapping(mapping(container.spec.get(field)).get(action)).get("host")):
                yield Violation((*container.path, field, action, "host"), f"host of the {field}")


def _added(container: Container) -> list[str]:
    return [text(each) for each in items(mapping(container.security_context.get("capabilities")).get("add"))]


def _restricted(pod: Pod) -> Iterator[Violation]:
    for index, volume in enumerate(pod.volumes):
        kinds = volume.keys() - {"name"} - {"hostPath"}  # hostPath is named already
        if kinds - _VOLUMES:
            yield Violation((*pod.path, "volumes", index), f"{min(kinds - _VOLUMES)} volume {text(volume.get('name'))}")
    if pod.security_context.get("runAsUser") == 0:
        yield Violation((*pod.path, "securityContext", "runAsUser"), "runAsUser 0")
    if mapping(pod.spec.get("os")).get("name") == "windows":
        return
    for container in pod.containers:
        yield from _restricted_container(container)


def _restricted_container(container: Container) -> Iterator[Violation]:
    path, context = (*container.path, "securityContext"), container.security_context
    capabilities = mapping(context.get("capabilities"))
    if context.get("allowPrivilegeEscalation") is not False:
        yield Violation(path, "allowPrivilegeEscalation is not false")
    if container.security("runAsNonRoot") is not True:
        yield Violation(path, "runAsNonRoot is not true")
    if context.get("runAsUser") == 0:
        yield Violation((*path, "runAsUser"), "runAsUser 0")
    if mapping(container.security("seccompProfile")).get("type") not in ("RuntimeDefault", "Localhost", "Unconfined"):
        yield Violation(path, "no seccompProfile")
    if "ALL" not in [text(each) for each in items(capabilities.get("drop"))]:
        yield Violation(path, "capabilities do not drop ALL")
    for index, name in enumerate(_added(container)):
        if name in CAPABILITIES and name != "NET_BIND_SERVICE":
            yield Violation((*path, "capabilities", "add", index), f"capability {name}")
