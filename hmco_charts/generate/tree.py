"""A chart as it will stand on disk, in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class ChartTree:
    """A rendered chart.

    Attributes:
        name: The chart's name.
        files: Contents by path relative to the chart's folder (with `/`), sorted by path.
        sources: The templates of ours that files were made of, by the same paths.
        notes: What whoever writes it should know, in lines.
    """

    name: str
    files: Mapping[str, bytes]
    sources: Mapping[str, Path] = field(default_factory=dict, compare=False, repr=False)
    notes: tuple[str, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "files", MappingProxyType(dict(sorted(self.files.items()))))

    def __reduce__(self) -> tuple[type["ChartTree"], tuple[object, ...]]:
        """How it is sent between processes; the view of its files cannot be."""
        return ChartTree, (self.name, dict(self.files), self.sources, self.notes)

    def text(self, path: str) -> str:
        """The file at `path` as text."""
        return self.files[path].decode()
