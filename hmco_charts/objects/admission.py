"""What the API server admits to a namespace.

Source: https://kubernetes.io/docs/concepts/security/pod-security-admission/
"""

from hmco_charts.objects.kubernetes import KubernetesObject
from hmco_charts.objects.release import Release

_LABEL = "pod-security.kubernetes.io/"
ENFORCE = f"{_LABEL}enforce"


def enforced_level(release: Release, near: KubernetesObject) -> str:
    """The Pod Security level that the namespace of an object enforces; empty where it is not known."""
    told = release.cluster.pod_security
    return level_of(release, near, "enforce") or told.get(near.namespace, told.get("*", ""))


def level_of(release: Release, near: KubernetesObject, mode: str) -> str:
    """The level of a mode (`enforce`, `warn` or `audit`) in the labels of an object's Namespace; empty without one."""
    labels = [namespace.labels for namespace in release.named("Namespace", near.namespace)]
    return next((each[_LABEL + mode] for each in labels if _LABEL + mode in each), "")


def standard_version(release: Release, near: KubernetesObject) -> int | None:
    """The minor version of the standard that the namespace of an object enforces; `None` for the newest."""
    for namespace in release.named("Namespace", near.namespace):
        pinned = namespace.labels.get(f"{ENFORCE}-version", "latest").removeprefix("v1.")
        if pinned.isdigit():
            return int(pinned)
    return minor_version(release)


def minor_version(release: Release) -> int | None:
    """The minor version of the cluster's Kubernetes; `None` where it is not known."""
    parts = (release.cluster.kubernetes or "").lstrip("v").split(".")
    return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else None
