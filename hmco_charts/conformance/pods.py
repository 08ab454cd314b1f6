"""Pods and their containers, as the API server checks them.

Source: kubernetes `pkg/apis/core/validation/validation.go` (ValidatePodSpec, ValidatePodSpecificAnnotations).
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from hmco_charts.conformance.fault import Fault, Kind, Path, conflict, contradiction, duplicate, invalid
from hmco_charts.quantity import quantity
from hmco_charts.yamlio.shape import items, mapping, text

Value = dict[str, Any]

_GROUPS = ("initContainers", "containers", "ephemeralContainers")
_PATIENCE = 30  # seconds that a pod has to end where it does not say
_APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/"
_SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod"
_SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/"
_DELETION_COST = "controller.kubernetes.io/pod-deletion-cost"
_INT32 = 2**31
_PROFILES = {
    "app-armor": ("runtime/default", "unconfined", "localhost/"),
    "seccomp": ("runtime/default", "docker/default", "unconfined", "localhost/"),
}
_FIELDS = {"RuntimeDefault": ("runtime/default", "docker/default"), "Unconfined": ("unconfined",)}
"""What an annotation says that says the same as a profile's type."""


def _containers(spec: Value) -> Iterator[tuple[Path, Value]]:
    """The containers of a pod and their places."""
    for group in _GROUPS:
        for index, each in enumerate(items(spec.get(group))):
            yield (group, index), mapping(each)


def container(value: Value, _: Any) -> Iterator[Fault]:
    """The names of a container's ports differ."""
    seen: set[str] = set()
    for index, port in enumerate(items(value.get("ports"))):
        name = text(mapping(port).get("name"))
        if name and name in seen:
            yield Fault(
                Kind.DUPLICATE, ("ports", index, "name"), f"the port name {name} stands twice in this container"
            )
        seen.add(name)


def pod(value: Value, _: Any) -> Iterator[Fault]:
    """The names of a pod's containers differ, init containers or not; on the node's network ports are the node's."""
    yield from _host_ports(value) if value.get("hostNetwork") is True else ()
    yield from _taken(items(value.get("containers")))
    groups = [(group, items(value.get(group))) for group in _GROUPS if group in value]
    if len(groups) < 2:  # noqa: PLR2004 - within one list the names differ as its keys
        return
    seen: dict[str, str] = {}
    for group, containers in groups:
        for index, each in enumerate(containers):
            name = text(mapping(each).get("name"))
            if seen.setdefault(name, group) != group:
                yield Fault(Kind.DUPLICATE, (group, index, "name"), f"the name {name} stands under {seen[name]} too")


def _taken(containers: list[Any]) -> Iterator[Fault]:
    """No two containers have one port of the node."""
    seen = set()
    for index, each in enumerate(containers):
        for at, port in enumerate(map(mapping, items(mapping(each).get("ports")))):
            key = text(port.get("protocol")) or "TCP", text(port.get("hostIP")), text(port.get("hostPort"))
            if key[2] not in ("", "0") and key in seen:
                yield duplicate(("containers", index, "ports", at, "hostPort"), f"{key[2]} stands twice in this pod")
            seen.add(key)


def _host_ports(spec: Value) -> Iterator[Fault]:
    for index, each in enumerate(items(spec.get("containers"))):
        for at, port in enumerate(map(mapping, items(mapping(each).get("ports")))):
            if port.get("hostPort") and port["hostPort"] != port.get("containerPort"):
                path = ("containers", index, "ports", at, "hostPort")
                yield contradiction(path, "with hostNetwork it must be the containerPort")


def mounts(value: Value, steps: list[str]) -> Iterator[Fault]:
    """What containers mount is a volume of the pod, whose spec stands at `steps`, or a claim of the StatefulSet."""
    spec = value
    for step in steps:
        spec = mapping(spec.get(step))
    claims = (mapping(mapping(each).get("metadata")) for each in items(value.get("volumeClaimTemplates")))
    known = {text(each.get("name")) for each in (*claims, *map(mapping, items(spec.get("volumes"))))}
    for path, name in _mounted(spec):
        if name not in known:
            yield contradiction((*steps, *path), f"there is no volume {name} in this pod")


def _mounted(spec: Value) -> Iterator[tuple[Path, str]]:
    """Where containers name a volume, and which."""
    for group in _GROUPS:
        for index, each in enumerate(items(spec.get(group))):
            for field in ("volumeMounts", "volumeDevices"):
                for at, mount in enumerate(items(mapping(each).get(field))):
                    if name := text(mapping(mount).get("name")):
                        yield (group, index, field, at, "name"), name


def sleep(spec: Value, least: int) -> Iterator[Fault]:
    """A container that ends sleeps no longer than its pod has to end, and no shorter than the least, in seconds."""
    told = spec.get("terminationGracePeriodSeconds")
    most = _PATIENCE if told is None else told
    for path, each in _containers(spec):
        for hook in ("postStart", "preStop"):
            action = mapping(mapping(mapping(each.get("lifecycle")).get(hook)).get("sleep"))
            seconds = action.get("seconds", 0) if action else None
            if isinstance(seconds, int) and isinstance(most, int) and not least <= seconds <= most:
                where = (*path, "lifecycle", hook, "sleep", "seconds")
                yield contradiction(where, f"{seconds} must lie in {least}-{most}, the terminationGracePeriodSeconds")


def pod_amounts(spec: Value, _: Any) -> Iterator[Fault]:
    """The resources of a pod are enough for its containers."""
    whole = mapping(spec.get("resources"))
    requests, limits = mapping(whole.get("requests")), mapping(whole.get("limits"))
    for name, amount in {**limits, **requests}.items():
        needed, given = _needed(spec, name), quantity(amount)
        if given is not None and needed > given:
            field = "requests" if name in requests else "limits"
            yield contradiction(("resources", field, name), f"{amount} is less than what the containers request")
    for path, each in _containers(spec):
        for name, amount in mapping(mapping(each.get("resources")).get("limits")).items():
            own, most = quantity(amount), quantity(limits.get(name))
            if path[0] == "containers" and own is not None and most is not None and own > most:
                yield contradiction((*path, "resources", "limits", name), f"{amount} is above the limit of the pod")


def _needed(spec: Value, name: str) -> float:
    """What the containers of a pod request of a resource; those that only begin it give theirs back."""
    beside, most = 0.0, 0.0
    for each in map(mapping, items(spec.get("initContainers"))):
        own = _requested(each, name)
        beside += own if each.get("restartPolicy") == "Always" else 0
        most = max(most, beside if each.get("restartPolicy") == "Always" else beside + own)
    return max(most, beside + sum(_requested(mapping(each), name) for each in items(spec.get("containers"))))


def _requested(container: Value, name: str) -> float:
    resources = mapping(container.get("resources"))
    limit = mapping(resources.get("limits")).get(name)
    return quantity(mapping(resources.get("requests")).get(name, limit)) or 0


def claims(spec: Value, _: Any) -> Iterator[Fault]:
    """The claims that containers use are those of the pod."""
    known = {text(mapping(each).get("name")) for each in items(spec.get("resourceClaims"))}
    for path, each in _containers(spec):
        for index, claim in enumerate(items(mapping(each.get("resources")).get("claims"))):
            name = text(mapping(claim).get("name"))
            if name not in known:
                where = (*path, "resources", "claims", index, "name")
                yield contradiction(where, f"there is no claim {name} in this pod")


def devices(spec: Value, _: Any) -> Iterator[Fault]:
    """The devices of containers are claims, and are not mounted too."""
    volumes = {text(mapping(each).get("name")): mapping(each) for each in items(spec.get("volumes"))}
    for path, each in _containers(spec):
        mounted = [mapping(mount) for mount in items(each.get("volumeMounts"))]
        names = {text(mount.get("name")) for mount in mounted}
        places = Counter(text(device.get("devicePath")) for device in map(mapping, items(each.get("volumeDevices"))))
        places.update({text(mount.get("mountPath")) for mount in mounted})
        for index, device in enumerate(map(mapping, items(each.get("volumeDevices")))):
            where, name = (*path, "volumeDevices", index), text(device.get("name"))
            if volumes.get(name, {}).keys().isdisjoint({"persistentVolumeClaim", "ephemeral"}) and name in volumes:
                yield contradiction((*where, "name"), f"the volume {name} is no claim: it cannot be a device")
            if name in names:
                yield conflict((*where, "name"), f"the volume {name} is mounted too")
            if places[text(device.get("devicePath"))] > 1:
                yield duplicate((*where, "devicePath"), "the path stands twice in this container")


def files(spec: Value, _: Any) -> Iterator[Fault]:
    """The files that variables come from lie in volumes of the pod that are empty when it begins."""
    volumes = {text(mapping(each).get("name")): mapping(each) for each in items(spec.get("volumes"))}
    for path, each in _containers(spec):
        for index, variable in enumerate(map(mapping, items(each.get("env")))):
            source = mapping(variable.get("valueFrom")).get("fileKeyRef")
            name = text(mapping(source).get("volumeName"))
            if isinstance(source, dict) and "emptyDir" not in volumes.get(name, {}):
                where = (*path, "env", index, "valueFrom", "fileKeyRef", "volumeName")
                yield contradiction(where, f"there is no emptyDir {name} in this pod")


def projected_paths(value: Value, _: Any) -> Iterator[Fault]:
    """What is projected into one volume lies at different paths."""
    seen = set()
    for index, source in enumerate(map(mapping, items(value.get("sources")))):
        for path, name in _projected(source):
            if name and name in seen:
                yield duplicate(("sources", index, *path), f"the path {name} stands twice in this volume")
            seen.add(name)


def _projected(source: Value) -> Iterator[tuple[Path, str]]:
    """Where a source of a volume names paths, and which."""
    for kind in ("secret", "configMap", "downwardAPI"):
        for at, each in enumerate(items(mapping(source.get(kind)).get("items"))):
            yield (kind, "items", at, "path"), text(mapping(each).get("path"))
    for kind, fields in (
        ("clusterTrustBundle", ("path",)),
        ("podCertificate", ("credentialBundlePath", "keyPath", "certificateChainPath")),
    ):
        for field in fields:
            yield (kind, field), text(mapping(source.get(kind)).get(field))


def host_process(spec: Value, _: Any) -> Iterator[Fault]:
    """Where one container of Windows runs on the node itself, all do, and on the node's network."""
    whole = _runs_on_host(spec)
    each = {path: _runs_on_host(container) for path, container in _containers(spec)}
    for path, own in each.items():
        if None not in (own, whole) and own != whole:
            where = (*path, "securityContext", "windowsOptions", "hostProcess")
            yield contradiction(where, "it must be that of the pod")
    found = [whole if own is None else own for own in each.values()]
    if True in found and found.count(True) < len(found):
        yield contradiction((), "where one container has hostProcess, all must have it")
    if True in found and spec.get("hostNetwork") is not True:
        yield contradiction(("hostNetwork",), "it must be true for containers with hostProcess")


def _runs_on_host(value: Value) -> Any:
    return mapping(mapping(value.get("securityContext")).get("windowsOptions")).get("hostProcess")


def affinity_keys(value: Value, _: Any) -> Iterator[Fault]:
    """No label is one by which pods must match, and one by which they must not."""
    other = items(value.get("mismatchLabelKeys"))
    for index, key in enumerate(items(value.get("matchLabelKeys"))):
        if key in other:
            yield conflict(("matchLabelKeys", index), f"{key} stands under mismatchLabelKeys too")


def spread_keys(value: Value, _: Any) -> Iterator[Fault]:
    """A label whose value pods must share is not one that the selector asks for."""
    selector = mapping(value.get("labelSelector"))
    asked = {text(mapping(each).get("key")) for each in items(selector.get("matchExpressions"))}
    for index, key in enumerate(items(value.get("matchLabelKeys"))):
        if isinstance(key, str) and key in {*asked, *mapping(selector.get("matchLabels"))}:
            yield conflict(("matchLabelKeys", index), f"{key} stands in the labelSelector too")


def annotations(value: Value, has_field: bool) -> Iterator[Fault]:
    """The annotations of a pod that the API server reads, and what they say beside the fields that took their place.

    Args:
        value: A pod, or its template.
        has_field: Whether there is a field for AppArmor, which the annotation must not contradict.
    """
    told = mapping(mapping(value.get("metadata")).get("annotations"))
    spec = mapping(value.get("spec"))
    containers = {text(each.get("name")): mapping(each.get("securityContext")) for _, each in _containers(spec)}
    for key, each in told.items():
        at, said = ("metadata", "annotations", key), text(each)
        if key.startswith(_APP_ARMOR) and key.removeprefix(_APP_ARMOR) not in containers:
            yield contradiction(at, f"there is no container {key.removeprefix(_APP_ARMOR)} in this pod")
        if (key.startswith(_APP_ARMOR) and said and not said.startswith(_PROFILES["app-armor"])) or (
            key.startswith((_SECCOMP_POD, _SECCOMP_CONTAINER)) and not said.startswith(_PROFILES["seccomp"])
        ):
            yield invalid(at, "must be a profile such as runtime/default")
        if key == _DELETION_COST and not _is_int32(said):
            yield invalid(at, "must be a number of 32 bits")
    yield from _contradicted(told, spec, containers, has_field=has_field)


def _is_int32(written: str) -> bool:
    is_number = re.fullmatch("0|-?[1-9][0-9]{0,9}", written)
    return bool(is_number) and -_INT32 <= int(written) < _INT32


def _contradicted(told: Value, spec: Value, containers: dict[str, Value], *, has_field: bool) -> Iterator[Fault]:
    """The annotations that say something else than the fields."""
    whole = mapping(spec.get("securityContext"))
    pairs = [(_SECCOMP_POD, whole.get("seccompProfile"))]
    for name, own in containers.items():
        pairs.append((f"{_SECCOMP_CONTAINER}{name}", own.get("seccompProfile")))
        if has_field:
            pairs.append((f"{_APP_ARMOR}{name}", own.get("appArmorProfile", whole.get("appArmorProfile"))))
    for key, profile in pairs:
        if key in told and isinstance(profile, dict) and not _says(text(told[key]), profile):
            yield contradiction(("metadata", "annotations", key), "it says something else than the securityContext")


def _says(annotation: str, profile: Value) -> bool:
    kind = text(profile.get("type"))
    return annotation in _FIELDS.get(kind, (f"localhost/{text(profile.get('localhostProfile'))}",))
