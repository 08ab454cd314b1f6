"""What the API server admits to a namespace.

Source: https://kubernetes.io/docs/concepts/security/pod-security-admission/
"""

from hmco_charts.objects.kubernetes import KubernetesObject
from hmco_charts.objects.release import Release

ENFORCE = "pod-security.kubernetes.io/enforce"


def enforced_level(release: Release, near: KubernetesObject) -> str:
    """The Pod Security level that the namespace of an object enforces; empty where it is not known."""
    for namespace in release.named("Namespace", near.namespace):
        if ENFORCE in namespace.labels:
            return namespace.labels[ENFORCE]
    told = release.cluster.pod_security
    return told.get(near.namespace, told.get("*", ""))


def minor_version(release: Release) -> int | None:
    """The minor version of the cluster's Kubernetes; `None` where it is not known."""
    parts = (release.cluster.kubernetes or "").lstrip("v").split(".")
    return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else None
