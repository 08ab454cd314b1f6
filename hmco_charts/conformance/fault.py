"""What is wrong with an object, and where in it."""

from dataclasses import dataclass
from enum import StrEnum

Path = tuple[str | int, ...]


class Kind(StrEnum):
    """The classes of faults."""

    NO_SCHEMA = "no-schema"
    UNKNOWN_FIELD = "unknown-field"
    MISSING_FIELD = "missing-field"
    WRONG_TYPE = "wrong-type"
    INVALID_VALUE = "invalid-value"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    CONTRADICTION = "contradiction"
    CUSTOM_RULE = "custom-rule"
    NOT_EVALUATED = "not-evaluated"
    POD_SECURITY = "pod-security"
    REMOVED = "removed"
    DEPRECATED = "deprecated"


WARNINGS = frozenset({Kind.DEPRECATED, Kind.NOT_EVALUATED})
"""The classes that leave an object valid."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of an object.

    Attributes:
        kind: Its class.
        path: Where in the object; a key that is wrong is the last step.
        message: What is wrong, without the value of a Secret.
        is_key: Whether the key is wrong, and not the value.
    """

    kind: Kind
    path: Path
    message: str
    is_key: bool = False


def pointer(path: Path) -> str:
    """The JSON pointer of a path."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def conflict(path: Path, message: str, *, is_key: bool = False) -> Fault:
    """Fields that exclude each other."""
    return Fault(Kind.CONFLICT, path, message, is_key)


def contradiction(path: Path, message: str) -> Fault:
    """Values that do not suit each other."""
    return Fault(Kind.CONTRADICTION, path, message)


def duplicate(path: Path, message: str) -> Fault:
    """A value that is there already."""
    return Fault(Kind.DUPLICATE, path, message)


def invalid(path: Path, message: str) -> Fault:
    """A value that cannot be."""
    return Fault(Kind.INVALID_VALUE, path, message)


def missing(path: Path, message: str) -> Fault:
    """A field that must be there."""
    return Fault(Kind.MISSING_FIELD, path, message)
