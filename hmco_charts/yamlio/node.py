"""The nodes of one YAML document with their offsets, composed without recursion and within limits."""

import base64
import binascii
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml
from yaml._yaml import CParser

from hmco_charts.errors import DocumentError, Location
from hmco_charts.yamlio.scalar import resolve

MAX_DEPTH = 256
_TOO_DEEP = f"nested deeper than {MAX_DEPTH} levels"
MAX_NODES = 2_000_000  # with every alias written out

_STRING_TAGS = ("tag:yaml.org,2002:str", "!")
_BINARY_TAG = "tag:yaml.org,2002:binary"
_SCHEMA_TAGS = "tag:yaml.org,2002:"


@dataclass(slots=True, eq=False)
class Node:
    """A scalar, a sequence or a mapping.

    Attributes:
        kind: `scalar`, `sequence` or `mapping`.
        start: Offset of the first character.
        end: Offset behind the last character.
        text: A scalar's content.
        style: A scalar's quote or block sign; `None` for a plain one.
        tag: The tag as written, if any.
        items: A sequence's nodes.
        pairs: A mapping's key and value nodes.
        size: Nodes in this tree with every alias written out.
    """

    kind: str
    start: int
    end: int
    text: str = ""
    style: str | None = None
    tag: str | None = None
    items: list["Node"] = field(default_factory=list)
    pairs: list[tuple["Node", "Node"]] = field(default_factory=list)
    size: int = 1


def scalar_value(node: Node) -> Any:
    """What a scalar node means to Kubernetes."""
    if node.tag is None:
        return resolve(node.text) if node.style is None else node.text
    if node.tag == _BINARY_TAG:
        return _binary(node.text)
    if node.tag in _STRING_TAGS or not node.tag.startswith(_SCHEMA_TAGS):
        return node.text
    return resolve(node.text)


def _binary(text: str) -> str:
    try:
        return base64.b64decode(text).decode("utf-8", "replace")
    except binascii.Error:
        return text


def is_merge(key: Node) -> bool:
    """Whether the key is YAML's merge key."""
    return key.kind == "scalar" and key.style is None and key.text == "<<"


def merged(node: Node) -> list[Node]:
    """The mappings that `<<` brings into a mapping, weakest first."""
    values = [value for key, value in node.pairs if is_merge(key)]
    sources = [item for value in values for item in (value.items if value.kind == "sequence" else [value])]
    return [source for source in reversed(sources) if source.kind == "mapping"]


def key_text(key: Node) -> str:
    """A mapping key as JSON has it: always a string."""
    value = scalar_value(key) if key.kind == "scalar" else key.text
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "null" if value is None else str(value)


class Composer:
    """Composes the one document of a text.

    Args:
        text: A text that holds at most one document.
        at: Where the text begins; used for errors.
    """

    def __init__(self, text: str, at: Location) -> None:
        self._text = text
        self._at = at
        self._open: list[Node] = []
        self._keys: list[Node | None] = []
        self._anchors: dict[str, Node] = {}
        self._root: Node | None = None

    def compose(self) -> Node | None:
        """The document's root node; `None` for a text without a document.

        Raises:
            DocumentError: The text is not YAML, or goes beyond the limits.
        """
        try:
            parser = CParser(self._text)
            while (event := parser.get_event()) is not None:
                self._take(event)
        except yaml.MarkedYAMLError as error:
            mark: Any = error.problem_mark or error.context_mark
            problem = error.problem or error.context or "a fault"
            # libyaml has a limit of its own, which it reaches first where it looks ahead for the end of a key
            self._fail(_TOO_DEEP if "nesting depth" in problem else problem, mark.index if mark else 0)
        except yaml.reader.ReaderError as error:
            self._fail(f"{error.reason} (U+{ord(_character(error)):04X})", self._text.find(_character(error)))
        return self._root

    def _take(self, event: Any) -> None:
        if isinstance(event, yaml.ScalarEvent):
            node = self._node("scalar", event)
            node.text, node.style = event.value, event.style or None
            self._add(node)
        elif isinstance(event, yaml.MappingStartEvent):
            self._begin(self._node("mapping", event))
        elif isinstance(event, yaml.SequenceStartEvent):
            self._begin(self._node("sequence", event))
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._finish(event)
        elif isinstance(event, yaml.AliasEvent):
            self._add(self._anchored(event))

    def _node(self, kind: str, event: Any) -> Node:
        node = Node(kind, event.start_mark.index, event.end_mark.index, tag=event.tag)
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _begin(self, node: Node) -> None:
        if len(self._open) >= MAX_DEPTH:
            self._fail(_TOO_DEEP, node.start)
        self._open.append(node)
        self._keys.append(None)

    def _finish(self, event: Any) -> None:
        node = self._open.pop()
        self._keys.pop()
        node.end = event.end_mark.index
        self._add(node)

    def _anchored(self, event: Any) -> Node:
        node = self._anchors.get(event.anchor)
        if node is None:
            self._fail(f"unknown alias *{event.anchor}", event.start_mark.index)
        if node in self._open:
            self._fail(f"anchor &{event.anchor} contains itself", event.start_mark.index)
        return node

    def _add(self, node: Node) -> None:
        if not self._open:
            self._root = node
            return
        parent = self._open[-1]
        parent.size += node.size
        if parent.size > MAX_NODES:
            self._fail(f"aliases expand to more than {MAX_NODES:,} nodes", node.start)
        if parent.kind == "sequence":
            parent.items.append(node)
        elif (key := self._keys[-1]) is None:
            self._keys[-1] = node
        else:
            parent.pairs.append((key, node))
            self._keys[-1] = None

    def _fail(self, problem: str, offset: int) -> NoReturn:
        before = self._text[: max(offset, 0)]
        line = (self._at.line or 1) + before.count("\n")
        column = len(before) - (before.rfind("\n") + 1) + 1
        at = Location(self._at.file, line, column)
        raise DocumentError(f"not readable as YAML: {problem}", at=at, remedy=_remedy(self._text, before))


def _character(error: yaml.reader.ReaderError) -> str:
    return error.character if isinstance(error.character, str) else chr(error.character)


def _remedy(text: str, before: str) -> str:
    line = text[before.rfind("\n") + 1 :].partition("\n")[0]
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "Indent with spaces; YAML does not allow tabs there."
    if "{{" in line:
        return "A Helm template is not a manifest: lint the chart's folder, so that it is rendered first."
    return "Mend the syntax at this place."
