"""Pods found by their labels without looking at each: folders hold thousands."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from hmco_charts.objects.kubernetes import KubernetesObject, mapping, text
from hmco_charts.objects.pod import Pod
from hmco_charts.objects.selector import matches, matches_map


class Population:
    """The pods of a release."""

    def __init__(self, pods: Iterable[Pod]) -> None:
        self._pods = tuple(pods)

    def selected(self, selector: Any, near: KubernetesObject) -> list[Pod]:
        """The pods in the namespace of `near` that a LabelSelector chooses."""
        wanted = mapping(mapping(selector).get("matchLabels"))
        return [each for each in self._candidates(wanted, near.namespace) if matches(selector, each.labels)]

    def behind(self, service: KubernetesObject) -> list[Pod]:
        """The pods that a Service sends its traffic to."""
        wanted = mapping(service.at(("spec", "selector")))
        there = self._candidates(wanted, service.namespace) if wanted else ()
        return [each for each in there if matches_map(wanted, each.labels)]

    def _candidates(self, wanted: Mapping[str, Any], namespace: str) -> Iterable[Pod]:
        """The pods of a namespace that have the rarest of the wanted labels."""
        if not wanted:
            return self.within(namespace)
        return min((self._with((str(key), text(value)), namespace) for key, value in wanted.items()), key=len)

    def within(self, namespace: str) -> list[Pod]:
        """The pods that may be in a namespace; all where it is empty."""
        return _within(self._by_namespace, namespace) if namespace else list(self._pods)

    def sharing(self, labels: Iterable[tuple[str, str]], namespace: str) -> list[Pod]:
        """The pods that may be in a namespace and have one of the labels at least."""
        found = {id(each): each for label in labels for each in self._with(label, namespace)}
        return list(found.values())

    def _with(self, label: tuple[str, str], namespace: str) -> list[Pod]:
        places = self._by_label.get(label, {})
        return _within(places, namespace) if namespace else [each for pods in places.values() for each in pods]

    @cached_property
    def _by_namespace(self) -> dict[str, list[Pod]]:
        index: dict[str, list[Pod]] = defaultdict(list)
        for each in self._pods:
            index[each.object.namespace].append(each)
        return index

    @cached_property
    def _by_label(self) -> dict[tuple[str, str], dict[str, list[Pod]]]:
        index: dict[tuple[str, str], dict[str, list[Pod]]] = defaultdict(lambda: defaultdict(list))
        for each in self._pods:
            for label in each.labels.items():
                index[label][each.object.namespace].append(each)
        return index


def _within(places: Mapping[str, list[Pod]], namespace: str) -> list[Pod]:
    """The pods of a namespace, and those whose manifests leave theirs open."""
    return [*places.get("", ()), *places.get(namespace, ())]
