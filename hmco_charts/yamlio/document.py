"""One document: its value, and the places of its parts."""

from functools import cached_property
from typing import Any

from hmco_charts.errors import DocumentError, Location
from hmco_charts.yamlio.node import Node, is_merge, key_text, merged
from hmco_charts.yamlio.position import Lines, Span, scalar_range

Path = tuple[str | int, ...]


class Document:
    """A YAML or JSON document of a file.

    Attributes:
        value: Maps, lists and scalars, as Kubernetes reads them.
        text: The document's own text.
        file: The file's name.
        line: The line of the file on which `text` begins, from 1.
        may_repeat: Whether a key may stand twice in a map of it.
    """

    def __init__(self, value: Any, text: str, file: str, line: int, *, may_repeat: bool = True) -> None:
        self.value = value
        self.text = text
        self.file = file
        self.line = line
        self.may_repeat = may_repeat

    def __repr__(self) -> str:
        return f"Document({self.file}:{self.line})"

    def span(self, path: Path = (), *, key: bool = False) -> Span:
        """The place of the value at `path`, or of its key; of the nearest parent that exists otherwise."""
        node, name = self._find(path)
        if node is None:
            return self._lines.span(0, 0)
        place = name if key and name is not None else node
        return self._lines.span(place.start, place.end)

    def text_span(self, path: Path, start: int, end: int) -> Span:
        """The place of the characters from `start` up to `end` of the string at `path`."""
        node, _ = self._find(path)
        if node is None or node.kind != "scalar":
            return self.span(path)
        return self._lines.span(*scalar_range(node, self.text, start, end))

    @cached_property
    def has_aliases(self) -> bool:
        """Whether a part of it stands for several, so that an edit of one changes the others."""
        waiting, seen = [self.root] if self.root else [], set()
        while waiting:
            node = waiting.pop()
            if id(node) in seen:
                return True
            seen.add(id(node))
            waiting += [*node.items, *(each for pair in node.pairs for each in pair)]
        return False

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.text, self.file, self.line)

    @cached_property
    def root(self) -> Node | None:
        """Its nodes; `None` where it is empty, or JSON that YAML cannot spell: then places are not known."""
        from hmco_charts.yamlio.composer import Composer

        try:
            return Composer(self.text, Location(self.file, self.line)).compose()
        except DocumentError:
            return None

    def _find(self, path: Path) -> tuple[Node | None, Node | None]:
        node, name = self.root, None
        for step in path:
            found = _child(node, step) if node else None
            if found is None:
                break
            name, node = found
        return node, name


def _child(node: Node, step: str | int) -> tuple[Node | None, Node] | None:
    if node.kind == "sequence":
        index = step if isinstance(step, int) else -1
        return (None, node.items[index]) if 0 <= index < len(node.items) else None
    return _pair(node, str(step))


def _pair(node: Node, name: str) -> tuple[Node | None, Node] | None:
    for key, value in reversed(node.pairs):
        if not is_merge(key) and key_text(key) == name:
            return key, value
    for source in reversed(merged(node)):
        found = _pair(source, name)
        if found:
            return found
    return None
