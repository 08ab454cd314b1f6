"""Composes the nodes of one YAML document, without recursion, within limits and as strictly as Kubernetes reads.

libyaml reads some texts that go-yaml, which Kubernetes has, refuses; they are refused here as well.
Source: go.yaml.in/yaml/v2 `decode.go`, `resolve.go`, `scannerc.go`; sigs.k8s.io/yaml `yaml.go`.
"""

import base64
import binascii
import re
from typing import Any, NoReturn

import yaml
from yaml._yaml import CParser

from hmco_charts.errors import DocumentError, Location
from hmco_charts.yamlio.node import (
    BINARY_TAG,
    MAX_DEPTH,
    MAX_NODES,
    SCHEMA_TAGS,
    STRING_TAGS,
    TOO_DEEP,
    TOO_MANY,
    Node,
    is_merge,
    scalar_value,
)
from hmco_charts.yamlio.scalar import is_infinite, resolve

_TYPES: dict[str, tuple[type, ...]] = {
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "null": (type(None),),
}
_FEW_ALIASED, _FEW_NODES = 100, 1000
_LOW, _HIGH = 400_000, 4_000_000
_MOST_ALIASED, _LEAST_ALIASED = 0.99, 0.10
_LARGEST_KEY = 2**63
_DATE = re.compile(r"\d{4}-\d")
_COLON_AT_END = re.compile(r"""(?:(?<=[^\s,?\[\]{}"'])|(?<=[^\s,?\[\]{}"':])[ \t]+):(?=[,\]}])""")
_ALIAS = re.compile(r"(?:^|[\s,\[{])[*]\S*$")
_LONGEST_ALIAS = 128
_STAND_IN = "\ue000"
_MARK_INSIDE = re.compile("(?<=[\n\r\x85\u2028\u2029])\ufeff")


class Composer:
    """Composes the one document of a text.

    Args:
        text: A text that holds at most one document.
        at: Where the text begins; used for errors.
    """

    def __init__(self, text: str, at: Location) -> None:
        self._text = text
        self._has_stand_ins = _STAND_IN not in text and _COLON_AT_END.search(text) is not None
        self._at = at
        self._open: list[Node] = []
        self._keys: list[Node | None] = []
        self._anchors: dict[str, Node] = {}
        self._root: Node | None = None
        self._brackets = 0
        self._nodes = 1
        self._aliased = 0

    def compose(self) -> Node | None:
        """The document's root node; `None` for a text without a document.

        Raises:
            DocumentError: Kubernetes does not read the text, or it goes beyond the limits.
        """
        # libyaml skips it, go-yaml takes it for a part of the key
        if "\ufeff" in self._text and (mark := _MARK_INSIDE.search(self._text)):
            self._fail("a byte-order mark inside the text", mark.start())
        try:
            parser = CParser(self._readable())
            while (event := parser.get_event()) is not None:
                self._take(event)
        except yaml.MarkedYAMLError as error:
            at: Any = error.problem_mark or error.context_mark
            problem = error.problem or error.context or "a fault"
            # libyaml has a limit of its own, which it reaches first where it looks ahead for the end of a key
            self._fail(TOO_DEEP if "nesting depth" in problem else problem, at.index if at else 0)
        except yaml.reader.ReaderError as error:
            self._fail(f"{error.reason} (U+{ord(_character(error)):04X})", self._text.find(_character(error)))
        return self._root

    def _readable(self) -> str:
        """The text with a stand-in for colons at the end of words in brackets: to libyaml they are faults there."""
        return _COLON_AT_END.sub(_stand_in, self._text) if self._has_stand_ins else self._text

    def _take(self, event: Any) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._add(self._scalar(event))
        elif isinstance(event, yaml.MappingStartEvent):
            self._begin(self._node("mapping", event), event)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._begin(self._node("sequence", event), event)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._finish(event)
        elif isinstance(event, yaml.AliasEvent):
            self._add(self._anchored(event), own=1)

    def _node(self, kind: str, event: Any) -> Node:
        node = Node(kind, event.start_mark.index, event.end_mark.index, tag=event.tag)
        self._nodes += 1
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _scalar(self, event: Any) -> Node:
        node = self._node("scalar", event)
        node.text = event.value.replace(_STAND_IN, ":") if self._has_stand_ins else event.value
        node.style = event.style or None
        if node.tag and (misfit := _misfit(node)):
            self._fail(misfit, node.start)
        if self._brackets and node.style is None:
            self._check_bracketed(node)
        return node

    def _check_bracketed(self, node: Node) -> None:
        """Refuse what libyaml reads inside brackets and go-yaml, which is older, does not."""
        if "?" in node.text:
            self._fail("a word with `?` inside brackets must stand in quotes", node.start)
        if node.tag and not node.text:
            self._fail("a tag without a value inside brackets", node.start)

    def _begin(self, node: Node, event: Any) -> None:
        if len(self._open) >= MAX_DEPTH:
            self._fail(TOO_DEEP, node.start)
        self._brackets += bool(event.flow_style)
        self._open.append(node)
        self._keys.append(None)

    def _finish(self, event: Any) -> None:
        node = self._open.pop()
        self._keys.pop()
        self._brackets = max(self._brackets - 1, 0)
        node.end = event.end_mark.index
        self._add(node)

    def _anchored(self, event: Any) -> Node:
        at = event.start_mark.index
        node = self._anchors.get(event.anchor)
        if node is None:
            self._fail(f"unknown alias *{event.anchor}", at)
        if node in self._open:
            self._fail(f"anchor &{event.anchor} contains itself", at)
        if len(self._open) + node.depth > MAX_DEPTH:
            self._fail(TOO_DEEP, at)
        self._nodes += node.size + 1
        self._aliased += node.size
        if _is_excessive(self._aliased, self._nodes):
            self._fail("aliases expand to more than Kubernetes reads", at)
        return node

    def _add(self, node: Node, own: int = 0) -> None:
        if not self._open:
            self._end(node)
            return
        parent = self._open[-1]
        parent.size += node.size + own
        parent.depth = max(parent.depth, node.depth + 1)
        if parent.size > MAX_NODES:
            self._fail(TOO_MANY, node.start)
        if parent.kind == "sequence":
            self._check_value(node)
            parent.items.append(node)
        elif (key := self._keys[-1]) is None:
            self._check_key(node)
            self._keys[-1] = node
        else:
            self._check_value(node)
            self._check_merge(key, node)
            parent.pairs.append((key, node))
            self._keys[-1] = None

    def _end(self, node: Node) -> None:
        if self._root:
            self._fail("Kubernetes reads no document behind this line, which is no `---` of its own", node.start)
        self._check_value(node)
        self._root = node

    def _check_value(self, node: Node) -> None:
        if node.kind == "scalar" and node.style is None and is_infinite(scalar_value(node)):
            self._fail("this is no number that JSON knows", node.start)

    def _check_key(self, node: Node) -> None:
        if node.kind != "scalar":
            self._fail("a key must be no map and no list", node.start)
        if not node.style:
            value = scalar_value(node)
            if value is None or (isinstance(value, int) and value >= _LARGEST_KEY):
                self._fail("a key must be a text, or a number of 64 bits", node.start)

    def _check_merge(self, key: Node, value: Node) -> None:
        if not is_merge(key):
            return
        is_list = value.kind == "sequence" and value.start > key.start  # an alias stands for one map only
        if value.kind != "mapping" and not (is_list and all(each.kind == "mapping" for each in value.items)):
            self._fail("`<<` must name a map, or a list of maps", key.start)

    def _fail(self, problem: str, offset: int) -> NoReturn:
        before = self._text[: max(offset, 0)]
        line = (self._at.line or 1) + before.count("\n")
        column = len(before) - (before.rfind("\n") + 1) + 1
        at = Location(self._at.file, line, column)
        raise DocumentError(f"not readable as YAML: {problem}", at=at, remedy=_remedy(self._text, before))


def _stand_in(match: re.Match[str]) -> str:
    """What stands for a colon and the blanks before it; behind an alias with blanks it is no part of a word."""
    before = match.string[max(0, match.start() - _LONGEST_ALIAS) : match.start()]
    is_own = len(match[0]) > 1 and _ALIAS.search(before)
    return match[0] if is_own else match[0][:-1] + _STAND_IN


def _misfit(node: Node) -> str:
    """Why a scalar is not what its tag says; empty where it is."""
    name = (node.tag or "").removeprefix(SCHEMA_TAGS)
    if node.tag == BINARY_TAG:
        return "" if _is_base64(node.text) else "`!!binary` without base64"
    if node.tag in STRING_TAGS or name not in _TYPES:
        return "this is no `!!timestamp`" if name == "timestamp" and not _DATE.match(node.text) else ""
    value = resolve(node.text)
    is_type = isinstance(value, _TYPES[name]) and isinstance(value, bool) == (name == "bool")
    return "" if is_type else f"this is no `!!{name}`"


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode("".join(text.splitlines()), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _is_excessive(aliased: int, nodes: int) -> bool:
    """Whether go-yaml refuses a document for its aliases. Source: go.yaml.in/yaml/v2 `decode.go`."""
    if aliased <= _FEW_ALIASED or nodes <= _FEW_NODES:
        return False
    steepness = (_MOST_ALIASED - _LEAST_ALIASED) / (_HIGH - _LOW)
    allowed = _MOST_ALIASED - steepness * (min(max(nodes, _LOW), _HIGH) - _LOW)
    return aliased > allowed * nodes


def _character(error: yaml.reader.ReaderError) -> str:
    return error.character if isinstance(error.character, str) else chr(error.character)


def _remedy(text: str, before: str) -> str:
    line = text[before.rfind("\n") + 1 :].partition("\n")[0]
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "Indent with spaces; YAML does not allow tabs there."
    if "{{" in line:
        return "A Helm template is not a manifest: lint the chart's folder, so that it is rendered first."
    return "Mend the syntax at this place."
