"""Names of Services in the cluster's DNS.

Source: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
"""

from hmco_charts.objects.kubernetes import KubernetesObject
from hmco_charts.objects.release import Release

_LOCAL = ("localhost", "::1", "0.0.0.0", "::", "")  # noqa: S104 - names to compare with, nothing listens


def is_loopback(host: str) -> bool:
    """Whether a host is the pod itself."""
    return host in _LOCAL or host.startswith("127.")


def service_of(release: Release, host: str, near: KubernetesObject) -> KubernetesObject | None:
    """The Service that `near` reaches under a host name; `None` where no Service of the release is meant.

    The name is `name`, `name.namespace`, `name.namespace.svc…`, or one of these behind the name of a headless
    Service's pod.
    """
    labels = _labels(host, release.cluster.domain)
    for start in (0, 1):
        name, namespace = (*labels[start : start + 2], "", "")[:2]
        there = release.within(namespace or near.namespace, "Service", name)
        if there:
            return there[0]
    return None


def _labels(host: str, domain: str) -> list[str]:
    host = host.lower().rstrip(".").removesuffix(f".{domain}")
    return host.removesuffix(".svc").split(".")


def names_of(service: KubernetesObject, domain: str) -> tuple[str, ...]:
    """The names under which a Service is known in the cluster, the shortest first."""
    if not service.namespace:
        return (service.name,)
    inside = f"{service.name}.{service.namespace}"
    return service.name, inside, f"{inside}.svc", f"{inside}.svc.{domain}"
