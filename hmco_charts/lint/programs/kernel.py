"""Kernel settings: which belong to a pod's namespaces, and which of them the kubelet lets a pod set.

Sources: kubernetes `pkg/kubelet/sysctl/allowlist.go` and `safe_sysctls.go` there, `component-helpers/node/util/sysctl`;
https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/
"""

import re

from hmco_charts.objects.pod_security import SAFE_SYSCTLS

_EXACT = {"kernel.sem": "ipc", "kernel.domainname": "uts"}
_PREFIXES = {"kernel.shm": "ipc", "kernel.msg": "ipc", "fs.mqueue.": "ipc", "net.": "net", "user.": "user"}


def normal(name: str) -> str:
    """A setting's name with dots: a slash separates too, and then a dot belongs to a part of the name."""
    first = re.search(r"[./]", name)
    if first is None or first.group() == ".":
        return name
    return name.translate(str.maketrans("./", "/."))


def namespace(name: str) -> str:
    """The namespace that a setting belongs to: `ipc`, `net`, `uts` or `user`; empty for one of the whole node."""
    name = normal(name)
    if name in _EXACT:
        return _EXACT[name]
    return next((found for prefix, found in _PREFIXES.items() if name.startswith(prefix)), "")


def is_pattern_of_namespace(pattern: str) -> bool:
    """Whether the kubelet accepts a pattern in its list of allowed unsafe settings; it does not start otherwise."""
    name = normal(pattern)
    if not name.endswith("*"):
        return bool(namespace(name))
    return any(name[:-1].startswith(prefix) for prefix in _PREFIXES)


def is_safe(name: str, minor: int | None) -> bool:
    """Whether every pod may set it in Kubernetes 1.`minor`; in the newest where the version is not known."""
    since = SAFE_SYSCTLS.get(normal(name))
    return since is not None and (minor is None or minor >= since)


def is_among(name: str, patterns: tuple[str, ...]) -> bool:
    """Whether a kubelet's list of allowed settings holds it."""
    name = normal(name)
    return any(name == each or (each.endswith("*") and name.startswith(each[:-1])) for each in map(normal, patterns))
