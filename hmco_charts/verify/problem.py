"""A check of a cluster, and what it finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from hmco_charts.verify.state import Resource, State

Severity = Literal["error", "info"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it should be.

    Attributes:
        check: The check's name.
        severity: `info` is worth knowing and no fault.
        object: The object, as `Kind/namespace/name`.
        message: What is wrong; never a log line, which may hold a credential.
        remedy: What to do, or where to look.
    """

    check: str
    severity: Severity
    object: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Check:
    """A check.

    Attributes:
        name: Its name.
        severity: That of what it finds.
        find: Gives the object, what is wrong and what to do.
    """

    name: str
    find: Callable[[State], Iterator[tuple[Resource, str, str]]]
    severity: Severity = "error"

    def problems(self, state: State) -> Iterator[Problem]:
        """What the check finds."""
        for resource, message, remedy in self.find(state):
            yield Problem(self.name, self.severity, resource.name, message, remedy)
