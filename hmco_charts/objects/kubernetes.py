"""One Kubernetes object and the places of its parts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from hmco_charts.yamlio import Document, Path, Span
from hmco_charts.yamlio.shape import items, mapping, text

__all__ = ["KubernetesObject", "Place", "items", "mapping", "text", "unchanged"]

Place = Callable[[Span], Span]
"""Turns a place in the text that was read into the place that the user can edit."""


def unchanged(span: Span) -> Span:
    """The place itself: what was read is what the user edits."""
    return span


@dataclass(frozen=True, eq=False)
class KubernetesObject:
    """An object of a manifest or of a rendered chart.

    Attributes:
        manifest: The object itself.
        document: The document that holds it.
        base: Where in the document it stands; not empty for a member of a List.
        place: Leads from the document's places to those of the file that the user edits.
    """

    manifest: dict[str, Any]
    document: Document = field(repr=False)
    base: Path = ()
    place: Place = field(default=unchanged, repr=False)

    @cached_property
    def api_version(self) -> str:
        """The object's `apiVersion`; empty if absent."""
        return text(self.manifest.get("apiVersion"))

    @cached_property
    def kind(self) -> str:
        """The object's `kind`."""
        return text(self.manifest.get("kind"))

    @cached_property
    def metadata(self) -> dict[str, Any]:
        """The object's `metadata`; empty if absent or malformed."""
        return mapping(self.manifest.get("metadata"))

    @cached_property
    def name(self) -> str:
        """The object's name; the prefix of a generated one."""
        return text(self.metadata.get("name")) or text(self.metadata.get("generateName"))

    @cached_property
    def namespace(self) -> str:
        """The object's namespace; empty where the manifest leaves it open."""
        return text(self.metadata.get("namespace"))

    @cached_property
    def annotations(self) -> dict[str, str]:
        """The object's annotations."""
        return {str(key): text(value) for key, value in mapping(self.metadata.get("annotations")).items()}

    @cached_property
    def labels(self) -> dict[str, str]:
        """The object's labels."""
        return {str(key): text(value) for key, value in mapping(self.metadata.get("labels")).items()}

    @property
    def file(self) -> str:
        """The file that was read."""
        return self.document.file

    def at(self, path: Path) -> Any:
        """The value at `path` in the object; `None` where there is none."""
        value: Any = self.manifest
        for step in path:
            if isinstance(value, dict):
                value = value.get(step if isinstance(step, str) else str(step))
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return None
        return value

    def span(self, path: Path = (), *, key: bool = False) -> Span:
        """The place of the value at `path` in the object, or of its key."""
        return self.place(self.document.span(self.base + path, key=key))

    def text_span(self, path: Path, start: int, end: int) -> Span:
        """The place of the characters from `start` up to `end` of the string at `path`."""
        return self.place(self.document.text_span(self.base + path, start, end))


def is_larger(value: Any, most: int) -> bool:
    """Whether the texts in a value, keys included, have more characters than so many, each alias counted."""
    pending, size = [value], 0
    while pending and size <= most:
        each = pending.pop()
        if isinstance(each, dict):
            pending.extend(each)
            pending.extend(each.values())
        elif isinstance(each, list):
            pending.extend(each)
        else:
            size += len(each) if isinstance(each, str) else 1
    return size > most
