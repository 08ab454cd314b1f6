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
        lists = [self._by_label.get((str(key), text(value)), []) for key, value in wanted.items()]
        found = min(lists, key=len) if lists else self._pods
        return [each for each in found if not namespace or each.object.namespace in ("", namespace)]

    @cached_property
    def _by_label(self) -> dict[tuple[str, str], list[Pod]]:
        index: dict[tuple[str, str], list[Pod]] = defaultdict(list)
        for each in self._pods:
            for label in each.labels.items():
                index[label].append(each)
        return index
