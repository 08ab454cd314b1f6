"""What cert-manager's resources mean to it.

Sources: cert-manager v1.21.2, `internal/apis/certmanager/validation`, `pkg/apis/certmanager/v1/const.go`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hmco_charts.objects import Container, KubernetesObject, Release
from hmco_charts.objects.kubernetes import items, mapping, text
from hmco_charts.yamlio import Path

GROUP = "cert-manager.io"
DEFAULT_DURATION = 90 * 24 * 3600
"""Seconds that a certificate lives where nothing is said."""
_ANNOTATIONS = {"cert-manager.io/issuer": "Issuer", "cert-manager.io/cluster-issuer": "ClusterIssuer"}
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}
_PART = r"(\d+(?:\.\d*)?|\.\d+)(h|ms|us|µs|ns|m|s)"
_CONTROLLER = "cert-manager-controller"
_NAMESPACE = "cert-manager"
_ARGUMENT = re.compile(r"--cluster-resource-namespace[= ](\S+)")
_REFERENCE = re.compile(r"\$\((?P<name>[^()]+)\)")
_LABELS = {"app.kubernetes.io/name": "cert-manager", "app.kubernetes.io/component": "controller"}


@dataclass(frozen=True, slots=True)
class IssuerName:
    """A place that names an issuer.

    Attributes:
        object: The Certificate, or what has an annotation.
        path: Where the issuer's name stands.
        kind: `Issuer` or `ClusterIssuer`.
        name: Its name.
    """

    object: KubernetesObject
    path: Path
    kind: str
    name: str


def of_kind(release: Release, *kinds: str) -> Iterator[KubernetesObject]:
    """The objects of cert-manager's kinds."""
    return (each for each in release.of_kind(*kinds) if each.api_version.partition("/")[0] == GROUP)


def issuer_names(release: Release) -> Iterator[IssuerName]:
    """Every place that names an issuer of cert-manager's own kinds."""
    for each in of_kind(release, "Certificate"):
        told = mapping(each.at(("spec", "issuerRef")))
        kind = text(told.get("kind")) or "Issuer"
        if text(told.get("group")) in ("", GROUP) and kind in _ANNOTATIONS.values() and text(told.get("name")):
            yield IssuerName(each, ("spec", "issuerRef", "name"), kind, text(told.get("name")))
    for each in release.of_kind("Ingress", "Gateway"):
        if each.annotations.get("cert-manager.io/issuer-group", GROUP) == GROUP:
            for name, kind in _ANNOTATIONS.items():
                if told_name := each.annotations.get(name):
                    yield IssuerName(each, ("metadata", "annotations", name), kind, told_name)


def issuers(release: Release, wanted: IssuerName) -> list[KubernetesObject]:
    """The issuers that a place may mean."""
    if wanted.kind == "ClusterIssuer":
        return [each for each in of_kind(release, "ClusterIssuer") if each.name == wanted.name]
    return release.within(wanted.object.namespace, "Issuer", wanted.name)


def seconds(duration: object) -> float | None:
    """Seconds of a duration as Go writes it, such as `2160h` or `0`; `None` where it is none."""
    told = text(duration)
    if not re.fullmatch(f"[+-]?(?:0|(?:{_PART})+)", told):
        return None
    length = sum(float(number) * _UNITS[unit] for number, unit in re.findall(_PART, told))
    return -length if told.startswith("-") else length


def secrets_namespace(release: Release) -> str:
    """The namespace in which Secrets of ClusterIssuers are looked for: the controller's, by default `cert-manager`.

    Empty where the controller is in the input and its namespace, or the variable that tells it, is not known.
    """
    for container in release.containers:
        if container.image.base == _CONTROLLER:
            *_, told = "", *_ARGUMENT.findall(" ".join([*container.command, *container.args]))
            return _resolved(container, told) if told else container.pod.object.namespace
    leading = (each for each in release.of_kind("Service") if _leads_to_controller(each))
    return next((each.namespace for each in leading), _NAMESPACE)


def _resolved(container: Container, told: str) -> str:
    """An argument as the kubelet gives it, where it is a variable: one of the pod's namespace or of a literal."""
    reference = _REFERENCE.fullmatch(told)
    if not reference:
        return "" if "$" in told else told
    variable = next((each for each in container.environment if each.name == reference["name"]), None)
    field = mapping(variable.source.get("fieldRef")).get("fieldPath") if variable else None
    if field == "metadata.namespace":
        return container.pod.object.namespace
    return (variable.value or "") if variable else ""


def _leads_to_controller(service: KubernetesObject) -> bool:
    """Whether a Service is for a controller whose pods another release may have."""
    selector = mapping(service.at(("spec", "selector")))
    return _LABELS.items() <= selector.items()


def secret_names(issuer: KubernetesObject) -> Iterator[tuple[Path, str]]:
    """Where an issuer names Secrets that must be there before: not the account's key, which cert-manager makes."""
    yield from _named(issuer.at(("spec",)), ("spec",))


def _named(node: object, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(node, list):
        for index, each in enumerate(node):
            yield from _named(each, (*path, index))
    for key, value in mapping(node).items():
        if key == "secretName" and text(value):
            yield (*path, key), text(value)
        elif str(key).lower().endswith("secretref") and key != "privateKeySecretRef":
            if name := text(mapping(value).get("name")):
                yield (*path, key, "name"), name
        else:
            yield from _named(value, (*path, key))


def solvers(issuer: KubernetesObject) -> list[dict[str, object]]:
    """The solvers of an issuer that speaks ACME; none where it does not."""
    return [mapping(each) for each in items(issuer.at(("spec", "acme", "solvers")))]
