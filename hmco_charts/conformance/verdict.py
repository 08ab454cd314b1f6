"""What is said of an object."""

from dataclasses import dataclass
from enum import StrEnum

from hmco_charts.conformance.fault import WARNINGS, Fault
from hmco_charts.yamlio import Span


class Status(StrEnum):
    """The verdicts that there are."""

    VALID = "valid"
    INVALID = "invalid"
    ERROR = "error"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Told:
    """A fault at its place.

    Attributes:
        fault: The fault.
        span: Where the user can mend it.
        versions: The minor versions of Kubernetes for which it is one.
    """

    fault: Fault
    span: Span
    versions: tuple[int, ...]

    @property
    def is_warning(self) -> bool:
        """Whether the object is valid all the same."""
        return self.fault.kind in WARNINGS


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of an object, or of a document that holds none.

    Attributes:
        file: The file that holds it.
        line: The line on which it begins.
        status: The verdict.
        kind: Its kind, as far as it is known; likewise the next three.
        api_version: Its API version.
        name: Its name, or the prefix of a generated one.
        namespace: Its namespace.
        reason: Why it was not judged.
        faults: What is wrong with it.
    """

    file: str
    line: int
    status: Status
    kind: str = ""
    api_version: str = ""
    name: str = ""
    namespace: str = ""
    reason: str = ""
    faults: tuple[Told, ...] = ()

    @property
    def title(self) -> str:
        """The object as people call it: `Kind/namespace/name`."""
        return "/".join(filter(None, (self.kind, self.namespace, self.name)))
