"""Pods found by their labels without looking at each: folders hold thousands, and many have equal labels."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from hmco_charts.objects.kubernetes import KubernetesObject, mapping, text
from hmco_charts.objects.pod import Pod
from hmco_charts.objects.selector import matches, matches_map

_Label = tuple[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """The pods of a namespace with the same labels."""

    namespace: str
    labels: Mapping[str, str]
    pods: list[Pod] = field(default_factory=list)


class Population:
    """The pods of a release."""

    def __init__(self, pods: Iterable[Pod]) -> None:
        self._pods = tuple(pods)

    def selected(self, selector: Any, near: KubernetesObject) -> list[Pod]:
        """The pods in the namespace of `near` that a LabelSelector chooses."""
        wanted = mapping(mapping(selector).get("matchLabels"))
        there = self._candidates(wanted, near.namespace)
        return [pod for each in there if matches(selector, each.labels) for pod in each.pods]

    def behind(self, service: KubernetesObject) -> list[Pod]:
        """The pods that a Service sends its traffic to."""
        wanted = mapping(service.at(("spec", "selector")))
        there = self._candidates(wanted, service.namespace) if wanted else ()
        return [pod for each in there if matches_map(wanted, each.labels) for pod in each.pods]

    def within(self, namespace: str) -> list[Pod]:
        """The pods that may be in a namespace; all where it is empty."""
        return [pod for each in self._groups if _may_be(each, namespace) for pod in each.pods]

    def sharing(self, labels: Iterable[_Label], namespace: str) -> list[Pod]:
        """The pods that may be in a namespace and have one of the labels at least; one of those with equal labels."""
        groups = {id(each): each for label in labels for each in self._with(label, namespace)}
        return [each.pods[0] for each in groups.values()]

    def _candidates(self, wanted: Mapping[str, Any], namespace: str) -> Iterable[_Group]:
        """The groups of a namespace that have the rarest of the wanted labels."""
        if not wanted:
            return [each for each in self._groups if _may_be(each, namespace)]
        return min((self._with((str(key), text(value)), namespace) for key, value in wanted.items()), key=len)

    def _with(self, label: _Label, namespace: str) -> Sequence[_Group]:
        there = self._by_label.get(label, {})
        if not namespace:
            return [each for groups in there.values() for each in groups]
        return [*there.get(namespace, ()), *there.get("", ())]

    @cached_property
    def _groups(self) -> tuple[_Group, ...]:
        groups: dict[tuple[str, frozenset[_Label]], _Group] = {}
        for pod in self._pods:
            namespace, labels = pod.object.namespace, pod.labels
            groups.setdefault((namespace, frozenset(labels.items())), _Group(namespace, labels)).pods.append(pod)
        return tuple(groups.values())

    @cached_property
    def _by_label(self) -> dict[_Label, dict[str, list[_Group]]]:
        index: dict[_Label, dict[str, list[_Group]]] = defaultdict(lambda: defaultdict(list))
        for each in self._groups:
            for label in each.labels.items():
                index[label][each.namespace].append(each)
        return index


def _may_be(group: _Group, namespace: str) -> bool:
    """Whether the pods are in a namespace, or theirs or the namespace is left open."""
    return not namespace or group.namespace in ("", namespace)
