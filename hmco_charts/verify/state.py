"""What a cluster says of its objects."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from hmco_charts.objects.kubernetes import items, mapping, text


@dataclass(frozen=True, eq=False)
class Resource:
    """An object with its status."""

    manifest: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """Its kind."""
        return text(self.manifest.get("kind"))

    @cached_property
    def metadata(self) -> dict[str, Any]:
        """Its metadata."""
        return mapping(self.manifest.get("metadata"))

    @property
    def namespace(self) -> str:
        """Its namespace; empty where it has none."""
        return text(self.metadata.get("namespace"))

    @property
    def short(self) -> str:
        """Its own name."""
        return text(self.metadata.get("name"))

    @property
    def name(self) -> str:
        """Kind, namespace and name."""
        return "/".join(part for part in (self.kind, self.namespace, self.short) if part)

    @property
    def labels(self) -> dict[str, Any]:
        """Its labels."""
        return mapping(self.metadata.get("labels"))

    @property
    def spec(self) -> dict[str, Any]:
        """What it shall be."""
        return mapping(self.manifest.get("spec"))

    @property
    def status(self) -> dict[str, Any]:
        """What it is."""
        return mapping(self.manifest.get("status"))

    def condition(self, kind: str) -> dict[str, Any]:
        """A condition of its status; empty where it has none of that type."""
        told = map(mapping, items(self.status.get("conditions")))
        return next((each for each in told if each.get("type") == kind), {})


@dataclass(frozen=True, slots=True)
class Container:
    """A container of a running pod.

    Attributes:
        name: Its name.
        status: Its status.
        is_init: Whether it runs before the others.
    """

    name: str
    status: Mapping[str, Any]
    is_init: bool

    def state(self, kind: str, *, last: bool = False) -> dict[str, Any]:
        """Its state `waiting`, `running` or `terminated`, now or before its last restart; empty where it is another."""
        return mapping(mapping(self.status.get("lastState" if last else "state")).get(kind))

    @property
    def restarts(self) -> int:
        """How often it was started again."""
        return number(self.status.get("restartCount"))


@dataclass(frozen=True, eq=False)
class State:
    """The objects of a cluster at one time."""

    resources: tuple[Resource, ...]

    def of_kind(self, *kinds: str) -> Iterable[Resource]:
        """The objects of these kinds."""
        return (each for kind in kinds for each in self._by_kind[kind])

    @property
    def pods(self) -> Iterable[Resource]:
        """The pods that shall run; those of Jobs that ended are left out."""
        return (each for each in self.of_kind("Pod") if each.status.get("phase") != "Succeeded")

    @cached_property
    def time(self) -> datetime:
        """The latest time that an object tells, which is about when the cluster was asked."""
        found = [moment for each in self.resources if (moment := _latest(each.manifest))]
        return max(found, default=datetime.fromtimestamp(0, UTC))

    def is_recent(self, moment: Any) -> bool:
        """Whether a time lies within the last hour."""
        told = _moment(moment)
        return told is not None and self.time - told <= timedelta(hours=1)

    @cached_property
    def _by_kind(self) -> dict[str, list[Resource]]:
        index: dict[str, list[Resource]] = defaultdict(list)
        for each in self.resources:
            index[each.kind].append(each)
        return index


def containers(pod: Resource) -> list[Container]:
    """The containers of a pod as its status tells them, init containers first."""
    return [
        Container(text(told.get("name")), told, is_init)
        for field, is_init in (("initContainerStatuses", True), ("containerStatuses", False))
        for told in map(mapping, items(pod.status.get(field)))
    ]


def number(value: Any, otherwise: int = 0) -> int:
    """A whole number; `otherwise` for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise


def _latest(value: Any) -> datetime | None:
    if isinstance(value, str):
        return _moment(value)
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return max((moment for each in inner if (moment := _latest(each))), default=None)


def _moment(value: Any) -> datetime | None:
    """A time as the API server writes it, such as `2026-01-31T12:00:00Z`."""
    try:
        return datetime.strptime(text(value), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
