"""Fields that Kubernetes does not let an upgrade change.

Source: kubernetes `pkg/apis/apps/validation/validation.go` (ValidateStatefulSetUpdate and others), `pkg/apis/core/
validation`, `pkg/apis/batch/validation`, `pkg/apis/rbac/validation`, `pkg/apis/storage/validation`.
"""

from collections.abc import Iterator
from typing import Any

from hmco_charts.objects import KubernetesObject
from hmco_charts.objects.kubernetes import items, mapping
from hmco_charts.quantity import quantity
from hmco_charts.yamlio import Path

_FIELDS: dict[str, tuple[Path, ...]] = {
    "Deployment": (("spec", "selector"),),
    "DaemonSet": (("spec", "selector"),),
    "ReplicaSet": (("spec", "selector"),),
    "Job": (("spec", "selector"), ("spec", "template"), ("spec", "completionMode")),
    "Service": (("spec", "clusterIP"),),
    "PersistentVolumeClaim": (
        ("spec", "accessModes"),
        ("spec", "storageClassName"),
        ("spec", "volumeName"),
        ("spec", "volumeMode"),
        ("spec", "selector"),
    ),
    "StorageClass": (("provisioner",), ("parameters",), ("reclaimPolicy",), ("volumeBindingMode",)),
    "Secret": (("type",),),
    "RoleBinding": (("roleRef",),),
    "ClusterRoleBinding": (("roleRef",),),
    "PriorityClass": (("value",), ("preemptionPolicy",)),
    "CustomResourceDefinition": (("spec", "scope"), ("spec", "group")),
}
_STATEFUL_SET_MAY = frozenset(
    {"replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "minReadySeconds"}
    | {"persistentVolumeClaimRetentionPolicy"}
)
_STORED: Path = ("spec", "resources", "requests", "storage")
_DEFAULTS: dict[str, Any] = {
    "podManagementPolicy": "OrderedReady",
    "type": "Opaque",
    "completionMode": "NonIndexed",
    "reclaimPolicy": "Delete",
    "volumeBindingMode": "Immediate",
    "volumeMode": "Filesystem",
    "preemptionPolicy": "PreemptLowerPriority",
}


def changed(old: KubernetesObject, new: KubernetesObject) -> Iterator[Path]:
    """The fields of an object that an upgrade would change, though it must not."""
    for path in _paths(old, new):
        if _value(old, path) != _value(new, path):
            yield path
    if old.kind in ("ConfigMap", "Secret") and old.at(("immutable",)) is True:
        yield from ((field,) for field in ("data", "binaryData", "stringData") if old.at((field,)) != new.at((field,)))
    if old.kind == "PersistentVolumeClaim" and (_stored(new) or 0) < (_stored(old) or 0):
        yield _STORED


def _paths(old: KubernetesObject, new: KubernetesObject) -> Iterator[Path]:
    if new.kind == "StatefulSet":
        fields = {**mapping(old.at(("spec",))), **mapping(new.at(("spec",)))}
        yield from (("spec", field) for field in fields if field not in _STATEFUL_SET_MAY)
        return
    yield from _FIELDS.get(new.kind, ())


def _value(each: KubernetesObject, path: Path) -> Any:
    """The field with its default; a claim's template without what the server adds to it."""
    value = each.at(path)
    if path == ("spec", "clusterIP"):
        return value if value == "None" else None  # the server chooses an address and keeps it
    if path[-1] == "volumeClaimTemplates":
        return [_claim(mapping(template)) for template in items(value)]
    return _DEFAULTS.get(str(path[-1])) if value is None else value


def _stored(claim: KubernetesObject) -> float | None:
    return quantity(claim.at(_STORED))


def _claim(template: dict[str, Any]) -> dict[str, Any]:
    """A claim's template with its defaults and its quantities as numbers, without what the server adds to it."""
    metadata = {key: value for key, value in mapping(template.get("metadata")).items() if value is not None}
    spec = {"volumeMode": _DEFAULTS["volumeMode"], **mapping(template.get("spec"))}
    resources = {
        field: {name: quantity(amount) for name, amount in mapping(amounts).items()}
        for field, amounts in mapping(spec.get("resources")).items()
    }
    return {"metadata": metadata, "spec": {**spec, "resources": resources}}
