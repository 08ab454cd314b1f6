"""Objects found by kind and name without looking at each: folders hold thousands, and many have equal names."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from hmco_charts.objects.kubernetes import KubernetesObject

_ByNamespace = dict[str, list[KubernetesObject]]


class Register:
    """The objects, or what is made by objects, by kind and name."""

    def __init__(self, entries: Iterable[tuple[str, str, KubernetesObject]]) -> None:
        self._entries: dict[tuple[str, str], _ByNamespace] = defaultdict(lambda: defaultdict(list))
        for kind, name, each in entries:
            self._entries[kind, name][each.namespace].append(each)

    def everywhere(self, kind: str, name: str) -> Iterator[KubernetesObject]:
        """Those of a kind and name, in whatever namespace."""
        return (each for there in self._entries.get((kind, name), {}).values() for each in there)

    def within(self, kind: str, name: str, namespace: str) -> list[KubernetesObject]:
        """Those that may be in a namespace; all where it is empty."""
        if not namespace:
            return list(self.everywhere(kind, name))
        there: _ByNamespace = self._entries.get((kind, name), {})
        return [*there.get(namespace, ()), *there.get("", ())]
