"""Keys that stand twice in a map; Kubernetes lets the last win, a person never means it."""

from collections.abc import Iterator
from dataclasses import dataclass

from hmco_charts.yamlio.document import Document, Path
from hmco_charts.yamlio.node import Node, is_merge, key_text
from hmco_charts.yamlio.position import Lines, Span


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A key that stands twice.

    Attributes:
        path: Path of the key.
        first: Where it stands first.
        second: Where it stands again.
    """

    path: Path
    first: Span
    second: Span


def duplicates(document: Document) -> Iterator[Duplicate]:
    """The duplicate keys of a document, in its order."""
    if document.may_repeat and document.root:
        yield from _under(document.root, (), Lines(document.text, document.file, document.line))


def _under(node: Node, path: Path, lines: Lines) -> Iterator[Duplicate]:
    seen: dict[str, Node] = {}
    for key, value in node.pairs:
        name = key_text(key)
        if name in seen and not is_merge(key):
            first = seen[name]
            yield Duplicate((*path, name), lines.span(first.start, first.end), lines.span(key.start, key.end))
        seen[name] = key
        yield from _under(value, (*path, name), lines)
    for index, item in enumerate(node.items):
        yield from _under(item, (*path, index), lines)
