"""Which pods use a ConfigMap or a Secret, and what of it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from hmco_charts.objects import KubernetesObject, Pod, Release
from hmco_charts.objects.kubernetes import items, mapping, text
from hmco_charts.objects.leaves import strings
from hmco_charts.objects.pod import pod
from hmco_charts.objects.references import Reference, references
from hmco_charts.objects.release import same_namespace
from hmco_charts.objects.remembering import remembered
from hmco_charts.yamlio import Path

Way = Literal["variable", "variables", "files"]
_WAYS: Mapping[object, Way] = {"env": "variable", "envFrom": "variables"}


@dataclass(frozen=True)
class Use:
    """A reference of a pod to a ConfigMap or a Secret.

    Attributes:
        pod: The pod.
        path: Where in the workload the mapping stands that holds the name.
        way: Whether it takes a variable, variables of all keys, or files.
        keys: The keys that it takes; `None` for all.
    """

    pod: Pod
    path: Path
    way: Way
    keys: frozenset[str] | None

    def takes(self, key: str) -> bool:
        """Whether it takes a key."""
        return self.keys is None or key in self.keys


def uses(release: Release, holder: KubernetesObject) -> list[Use] | None:
    """The uses of a ConfigMap or Secret; `None` where not all are known."""
    if holder.kind == "ConfigMap" and holder.name in _named_by_others(release):
        return None
    found: list[Use] = []
    for user, reference in _references(release)[holder.kind, holder.name]:
        meant = release.find(holder.kind, holder.name, user.object)
        if meant is None and same_namespace(user.object, holder):
            return None
        if meant is holder:
            found.append(_use(user, reference))
    return found


def is_named(release: Release, kind: str, name: str, near: KubernetesObject) -> bool:
    """Whether a pod in the namespace of `near` names an object, though it may not be in the input."""
    return any(same_namespace(user.object, near) for user, _ in _references(release)[kind, name])


def _use(user: Pod, reference: Reference) -> Use:
    path = reference.path[:-1]
    way = _WAYS.get(reference.path[len(user.path) + 2], "files") if _is_of_container(user, reference) else "files"
    if way == "variable":
        return Use(user, path, way, frozenset({reference.key}))
    listed = mapping(user.object.at(path)).get("items")
    keys = frozenset(text(mapping(item).get("key")) for item in items(listed)) if isinstance(listed, list) else None
    return Use(user, path, way, keys)


def _is_of_container(user: Pod, reference: Reference) -> bool:
    return str(reference.path[len(user.path)]).endswith("ontainers")


@remembered
def _references(release: Release) -> Mapping[tuple[str, str], list[tuple[Pod, Reference]]]:
    found: dict[tuple[str, str], list[tuple[Pod, Reference]]] = defaultdict(list)
    for user in release.pods:
        for each in references(user):
            found[each.kind, each.name].append((user, each))
    return found


@remembered
def _named_by_others(release: Release) -> frozenset[str]:
    """The names of ConfigMaps in objects that run no pod, such as custom resources."""
    others = (each for each in release.objects if "onfigMap" in each.document.text and pod(each) is None)
    return frozenset(name for each in others for path, name in strings(each.manifest) if _names(each, path))


def _names(each: KubernetesObject, path: Path) -> bool:
    is_field = any("configmap" in str(step).lower() for step in path)
    return is_field or (len(path) > 1 and mapping(each.at(path[:-1])).get("kind") == "ConfigMap")
