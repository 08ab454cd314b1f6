"""A chart as it will stand on disk, in memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class ChartTree:
    """A rendered chart.

    Attributes:
        name: The chart's name.
        files: Contents by path relative to the chart's folder (with `/`), sorted by path.
    """

    name: str
    files: Mapping[str, bytes]

    def __post_init__(self) -> None:
        object.__setattr__(self, "files", MappingProxyType(dict(sorted(self.files.items()))))

    def text(self, path: str) -> str:
        """The file at `path` as text."""
        return self.files[path].decode()
