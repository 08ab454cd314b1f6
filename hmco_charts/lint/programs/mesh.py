"""Service meshes, which encrypt what pods send each other.

Sources: the documentation of Istio, Linkerd, Kuma and Consul on injection.
"""

from collections.abc import Mapping

from hmco_charts.objects import Pod, Release

_MESH = {
    "sidecar.istio.io/inject": ("true",),
    "istio.io/rev": (),
    "istio-injection": ("enabled",),
    "istio.io/dataplane-mode": ("ambient",),
    "linkerd.io/inject": ("enabled", "ingress"),
    "kuma.io/sidecar-injection": ("enabled", "true"),
    "consul.hashicorp.com/connect-inject": ("true",),
}


def joins(release: Release, pod: Pod) -> bool:
    """Whether a service mesh takes over what a pod sends and receives: itself or its namespace says so."""
    told = [pod.labels, pod.annotations]
    for namespace in release.named("Namespace", pod.object.namespace):
        told += [namespace.labels, namespace.annotations]
    return any(_says(each, name, values) for each in told for name, values in _MESH.items())


def _says(told: Mapping[str, str], name: str, values: tuple[str, ...]) -> bool:
    return name in told and (not values or told[name] in values)
