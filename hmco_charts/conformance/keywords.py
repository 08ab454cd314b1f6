"""The keywords of Kubernetes' schemas that JSON Schema does not have, as the compiled validator calls them."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from hmco_charts.conformance.checks import CHECKS
from hmco_charts.conformance.fault import Fault, Kind, Path

if TYPE_CHECKING:
    from jsonschema_rs import KeywordValidator


_PLAIN = (str, int, float, bool)


class CarriedError(Exception):
    """Carries a fault through the compiled validator, which keeps an exception's text and nothing else."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(json.dumps([fault.kind.value, fault.path, fault.message, fault.is_key]))


def carried(text: str, base: Path) -> Fault:
    """The fault that the text of a `CarriedError` carries, found at `base`."""
    kind, path, message, is_key = json.loads(text)
    return Fault(Kind(kind), (*base, *path), message, is_key)


class Keyword:
    """A keyword; it gives the faults that it finds in a value."""

    def __init__(self, parent: dict[str, Any], value: Any, _path: list[str | int]) -> None:
        self.parent = parent
        self.value = value

    def faults(self, instance: Any) -> Iterator[Fault]:
        """What is wrong with a value."""
        raise NotImplementedError

    def validate(self, instance: Any) -> None:
        """Raise the first fault, as the validator wants it."""
        for fault in self.faults(instance):
            raise CarriedError(fault)

    def iter_errors(self, instance: Any) -> Iterator[CarriedError]:
        """Every fault, as the validator wants it."""
        return map(CarriedError, self.faults(instance))


class MapKeys(Keyword):
    """`x-kubernetes-list-map-keys`: the entries of a list differ in these keys, each with what it is if left out."""

    def faults(self, instance: Any) -> Iterator[Fault]:
        """The entries that are there already; server-side apply refuses them."""
        if not isinstance(instance, list) or self._differ_at_once(instance):
            return
        seen: set[tuple[Any, ...] | None] = set()
        for index, key in enumerate(map(self._key, instance)):
            if key and key in seen:
                told = ", ".join(f"{name} {value}" for name, value in zip(self.value, key, strict=True))
                yield Fault(Kind.DUPLICATE, (index, next(iter(self.value))), f"{told} stands twice in this list")
            seen.add(key)

    def _differ_at_once(self, entries: list[Any]) -> bool:
        """Whether the entries differ in the first key already; the fast way to know."""
        first = next(iter(self.value))
        try:
            return len({each[first] for each in entries}) == len(entries)
        except (KeyError, TypeError):
            return False

    def _key(self, entry: Any) -> tuple[Any, ...] | None:
        """The values of an entry's keys; nothing where one is missing or is no plain value, which is told elsewhere."""
        if not isinstance(entry, dict):
            return None
        found = [entry.get(name) or default for name, default in self.value.items()]
        return tuple(found) if all(type(each) in _PLAIN for each in found) else None


class ListType(Keyword):
    """`x-kubernetes-list-type: set`: no value stands twice."""

    def faults(self, instance: Any) -> Iterator[Fault]:
        """The plain values that are there already."""
        if self.value != "set" or not isinstance(instance, list):
            return
        seen = set()
        for index, each in enumerate(instance):
            if isinstance(each, (str, int, float)):
                if each in seen:
                    yield Fault(Kind.DUPLICATE, (index,), "the same stands twice in this list")
                seen.add(each)


class Checked(Keyword):
    """`x-check`: what the API server checks in code, by the names of `checks`."""

    def __init__(self, parent: dict[str, Any], value: Any, path: list[str | int]) -> None:
        super().__init__(parent, value, path)
        self._checks = [(CHECKS[name], argument) for name, argument in value.items()]

    def faults(self, instance: Any) -> Iterator[Fault]:
        """What the checks find; a value that is no mapping is told by its type."""
        if isinstance(instance, dict):
            for check, argument in self._checks:
                yield from check(instance, argument)


class Pattern(Keyword):
    """`x-pattern`: a regular expression as RE2 reads it, which the API server does."""

    def __init__(self, parent: dict[str, Any], value: Any, path: list[str | int]) -> None:
        super().__init__(parent, value, path)
        from hmco_charts.conformance.patterns import compiled

        self._search = compiled(value).search

    def faults(self, instance: Any) -> Iterator[Fault]:
        """That a text does not match."""
        if isinstance(instance, str) and not self._search(instance):
            yield Fault(Kind.INVALID_VALUE, (), f"must match {self.value}")


class CustomRules(Keyword):
    """`x-kubernetes-validations`: rules in the Common Expression Language."""

    def faults(self, instance: Any) -> Iterator[Fault]:
        """What the rules say of a value."""
        from hmco_charts.conformance.cel import broken

        return broken(self.value, instance, self.parent)


KEYWORDS: dict[str, type["KeywordValidator"]] = {
    "x-check": Checked,
    "x-kubernetes-list-map-keys": MapKeys,
    "x-kubernetes-list-type": ListType,
    "x-kubernetes-validations": CustomRules,
    "x-pattern": Pattern,
}
