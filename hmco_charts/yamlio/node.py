"""The nodes of one YAML document with their offsets."""

import base64
from dataclasses import dataclass, field
from typing import Any

from hmco_charts.yamlio.scalar import is_infinite, resolve

SCHEMA_TAGS = "tag:yaml.org,2002:"
MAX_DEPTH = 256
TOO_DEEP = f"nested deeper than {MAX_DEPTH} levels"
MAX_NODES = 2_000_000
TOO_MANY = f"more than {MAX_NODES:,} keys and values, each alias written out"
STRING_TAGS = ("tag:yaml.org,2002:str", "!")
BINARY_TAG = "tag:yaml.org,2002:binary"
_LEAST_POINT, _MOST_POINT = -4, 6  # the exponents of a float that Go does not write


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
        size: Nodes in this tree with every alias written out, and the aliases.
        depth: Levels in this tree, aliases included.
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
    depth: int = 0


def scalar_value(node: Node) -> Any:
    """What a scalar node means to Kubernetes."""
    if node.tag is None:
        return resolve(node.text) if node.style is None else node.text
    if node.tag == BINARY_TAG:
        return _binary(node.text)
    if node.tag in STRING_TAGS or not node.tag.startswith(SCHEMA_TAGS):
        return node.text
    return resolve(node.text)


def _binary(text: str) -> str:
    return base64.b64decode(text).decode("utf-8", "replace")


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
    if isinstance(value, float):
        return _float_text(value, key.text)
    return "null" if value is None else str(value)


def _float_text(value: float, text: str) -> str:
    """A float as Go's `strconv.FormatFloat(value, 'g', -1, 64)` and YAML's words for the infinite spell it."""
    from decimal import Decimal

    if is_infinite(value):
        return text.lstrip("+").lower()
    digits, point = repr(value), Decimal(repr(value)).adjusted()
    if _LEAST_POINT <= point < _MOST_POINT or not value:
        return digits.removesuffix(".0")
    return f"{value:.{len(Decimal(digits).normalize().as_tuple().digits) - 1}e}"
