"""What can go wrong, told so that a person can mend it.

Each error carries *what* is wrong, *where* it is and the *remedy*; the command line prints them,
a caller catches a class and reads the attributes.

    HmcoChartsError
    ├── ConfigurationError     the command line or a configuration file asks for something impossible
    ├── DocumentError          a YAML, JSON or embedded document that cannot be read
    ├── ValuesError            values that a chart does not accept (one error, one fault or more)
    ├── ChartError             a chart that cannot be loaded or rendered
    │   └── LimitExceededError a chart that hit the engine's time or memory limit
    └── PublishError           a chart that could not be published
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file; lines and columns count from 1, `None` where unknown."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


class HmcoChartsError(Exception):
    """Base of every error that this package raises on purpose.

    Args:
        what: What is wrong, in one line, without the value of a credential.
        at: Where it is wrong.
        remedy: What to do about it.
    """

    def __init__(self, what: str, *, at: Location | None = None, remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.at = at
        self.remedy = remedy

    def __str__(self) -> str:
        place = f"{self.at}: " if self.at else ""
        return f"{place}{self.what}" + (f"\n  {self.remedy}" if self.remedy else "")


class ConfigurationError(HmcoChartsError):
    """The command line or a configuration file asks for something that cannot be done."""


class DocumentError(HmcoChartsError):
    """A document that cannot be read."""


class ChartError(HmcoChartsError):
    """A chart that cannot be loaded or rendered."""


class LimitExceededError(ChartError):
    """A chart that hit the engine's time or memory limit."""


class PublishError(HmcoChartsError):
    """A chart that could not be published."""


class ValuesError(HmcoChartsError):
    """Values that a chart does not accept.

    Attributes:
        faults: One error per fault, in the order of the document.
    """

    def __init__(self, faults: Sequence[HmcoChartsError]) -> None:
        super().__init__(f"{len(faults)} fault{'s' * (len(faults) != 1)} in the values")
        self.faults = tuple(faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)
