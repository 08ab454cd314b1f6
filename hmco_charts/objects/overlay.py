"""What a kustomization does to all of its objects: namespace, names, labels and annotations.

Source: kustomize `api/internal/konfig/builtinpluginconsts`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hmco_charts.objects.kubernetes import KubernetesObject, items, mapping, text

_CLUSTER_WIDE = frozenset(
    {"APIService", "CSIDriver", "CSINode", "CertificateSigningRequest", "ClusterIssuer", "ClusterRole"}
    | {"ClusterRoleBinding", "ClusterSecretStore", "CustomResourceDefinition", "FlowSchema", "GatewayClass"}
    | {"IngressClass", "MutatingWebhookConfiguration", "Namespace", "Node", "PersistentVolume", "PriorityClass"}
    | {"PriorityLevelConfiguration", "RuntimeClass", "StorageClass", "ValidatingAdmissionPolicy"}
    | {"ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration", "VolumeAttachment"}
    | {"VolumeSnapshotClass"}
)
_NAMES_STAY = ("Namespace", "CustomResourceDefinition", "APIService")
_REFERENCES = {
    ("configMapKeyRef", "name"): "ConfigMap",
    ("configMapRef", "name"): "ConfigMap",
    ("configMap", "name"): "ConfigMap",
    ("secretKeyRef", "name"): "Secret",
    ("secretRef", "name"): "Secret",
    ("secret", "name"): "Secret",
    ("secret", "secretName"): "Secret",
    ("imagePullSecrets", "name"): "Secret",
    ("tls", "secretName"): "Secret",
    ("persistentVolumeClaim", "claimName"): "PersistentVolumeClaim",
    ("service", "name"): "Service",
    ("spec", "serviceName"): "Service",
    ("spec", "serviceAccountName"): "ServiceAccount",
}
_TYPED_REFERENCES = ("roleRef", "scaleTargetRef", "subjects")
_WORKLOADS = ("Deployment", "ReplicaSet", "DaemonSet", "StatefulSet")
_TEMPLATE = ("spec", "template", "metadata", "labels")
_TEMPLATES: dict[str, tuple[tuple[str, ...], ...]] = {
    **dict.fromkeys((*_WORKLOADS, "ReplicationController", "Job"), (_TEMPLATE,)),
    "CronJob": (("spec", "jobTemplate", "metadata", "labels"), ("spec", "jobTemplate", *_TEMPLATE)),
}
_SELECTOR = ("spec", "selector", "matchLabels")
_SELECTORS = {
    **dict.fromkeys(_WORKLOADS, (_SELECTOR, 1)),
    "Service": (_SELECTOR[:2], 1),
    "ReplicationController": (_SELECTOR[:2], 1),
    "Job": (_SELECTOR, 3),
    "PodDisruptionBudget": (_SELECTOR, 3),
    "NetworkPolicy": (("spec", "podSelector", "matchLabels"), 3),
}
"""Where selectors stand, and how many steps of the way there are not made."""

Names = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Labels:
    """Labels for all objects, and where else they go."""

    pairs: dict[str, Any]
    in_selectors: bool
    in_templates: bool


def transformed(objects: Iterable[KubernetesObject], kustomization: dict[str, Any]) -> list[KubernetesObject]:
    """The objects as a kustomization changes all of them; their places stay."""
    found = list(objects)
    prefix, suffix = (text(kustomization.get(key)) for key in ("namePrefix", "nameSuffix"))
    if prefix or suffix:
        named = [each for each in found if each.kind not in _NAMES_STAY]
        names = {(each.kind, each.name): f"{prefix}{each.name}{suffix}" for each in named}
        found = [_changed(each, _named(each, names)) for each in found]
    if namespace := text(kustomization.get("namespace")):
        found = [_changed(each, _in_namespace(each, namespace)) for each in found]
    for labels in _labels(kustomization):
        found = [_changed(each, _labelled(each, labels)) for each in found] if labels.pairs else found
    if annotations := mapping(kustomization.get("commonAnnotations")):
        found = [_changed(each, _annotated(each, annotations)) for each in found]
    return found


def _changed(each: KubernetesObject, manifest: dict[str, Any]) -> KubernetesObject:
    return replace(each, manifest=manifest)


def _named(each: KubernetesObject, names: Names) -> dict[str, Any]:
    manifest: dict[str, Any] = _renamed(each.manifest, "", names)
    own = names.get((each.kind, each.name))
    return {**manifest, "metadata": {**each.metadata, "name": own}} if own else manifest


def _renamed(value: Any, parent: str, names: Names) -> Any:
    """The value with the new names wherever it refers to one of the objects."""
    if isinstance(value, list):
        return [_renamed(item, parent, names) for item in value]
    if not isinstance(value, dict):
        return value
    made = {key: _renamed(child, key, names) for key, child in value.items()}
    for key, child in value.items():
        kind = _REFERENCES.get((parent, key))
        if parent in _TYPED_REFERENCES and key == "name":
            kind = text(value.get("kind"))
        if kind and isinstance(child, str):
            made[key] = names.get((kind, child), child)
    return made


def _in_namespace(each: KubernetesObject, namespace: str) -> dict[str, Any]:
    if each.kind == "Namespace":
        return {**each.manifest, "metadata": {**each.metadata, "name": namespace}}
    if each.kind in _CLUSTER_WIDE:
        return each.manifest
    return {**each.manifest, "metadata": {**each.metadata, "namespace": namespace}}


def _labels(kustomization: dict[str, Any]) -> Iterator[Labels]:
    yield Labels(mapping(kustomization.get("commonLabels")), in_selectors=True, in_templates=True)
    for entry in map(mapping, items(kustomization.get("labels"))):
        in_selectors = entry.get("includeSelectors") is True
        in_templates = in_selectors or entry.get("includeTemplates") is True
        yield Labels(mapping(entry.get("pairs")), in_selectors=in_selectors, in_templates=in_templates)


def _labelled(each: KubernetesObject, labels: Labels) -> dict[str, Any]:
    manifest = _extended(each.manifest, ("metadata", "labels"), labels.pairs, 0)
    for path in _TEMPLATES.get(each.kind, ()) if labels.in_templates else ():
        manifest = _extended(manifest, path, labels.pairs, len(path) - 2)
    if labels.in_selectors and each.kind in _SELECTORS:
        path, fixed = _SELECTORS[each.kind]
        manifest = _extended(manifest, path, labels.pairs, fixed)
    return mapping(manifest)


def _annotated(each: KubernetesObject, annotations: dict[str, Any]) -> dict[str, Any]:
    manifest = _extended(each.manifest, ("metadata", "annotations"), annotations, 0)
    for path in _TEMPLATES.get(each.kind, ()):
        manifest = _extended(manifest, (*path[:-1], "annotations"), annotations, len(path) - 2)
    return mapping(manifest)


def _extended(value: Any, path: tuple[str, ...], pairs: dict[str, Any], fixed: int) -> Any:
    """The value with more pairs in the mapping at a path, whose first `fixed` steps are not made."""
    if not path:
        return {**mapping(value), **pairs}
    if not isinstance(value, dict) and (value is not None or fixed > 0):
        return value
    holder = mapping(value)
    if fixed > 0 and path[0] not in holder:
        return value
    return {**holder, path[0]: _extended(holder.get(path[0]), path[1:], pairs, fixed - 1)}
