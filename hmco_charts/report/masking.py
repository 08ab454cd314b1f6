"""What of a document's lines is never shown: credentials, the values of Secrets, and what stands there once more."""

import re
from collections.abc import Iterable, Iterator

from hmco_charts import credentials
from hmco_charts.errors import Location
from hmco_charts.helm.template import ACTION
from hmco_charts.objects.sketch import plain
from hmco_charts.yamlio.node import Composer, Node, key_text
from hmco_charts.yamlio.position import Lines, Span, scalar_range

Columns = tuple[int, int]

_SHORTEST = 4
_SHORTEST_WORD = 10  # of small letters: `postgres` is a password somewhere, and a name everywhere
_ENCODED = ("binaryData", "kubectl.kubernetes.io/last-applied-configuration")
_SECRET_DATA = ("data", "stringData")
_LITERAL = re.compile(r"(?P<before>\w*)\s*(?P<text>\"(?:[^\"\\\n]|\\.)*\"|`[^`]*`)")
_NAMING = frozenset({"include", "template", "define", "block", "required", "fail"})


def hidden(text: str) -> list[list[Columns]]:
    """For each line of a document, the columns from 0 that must not be shown.

    Args:
        text: One YAML or JSON document, or a template of one.

    Raises:
        DocumentError: It cannot be read, so nobody knows what may be shown.
    """
    readable = plain(text) if "{{" in text else text
    found = set(_secrets(readable))
    spans = _spans(readable, found | set(_repeated(readable, found)))
    lines = text.split("\n")
    columns: list[list[Columns]] = [[] for _ in lines]
    for span in (*spans, *_in_actions(text)):
        for number in range(span.line, min(span.end_line, len(lines)) + 1):
            columns[number - 1].append(part(span, number, lines[number - 1]))
    return columns


def part(span: Span, number: int, line: str) -> Columns:
    """The columns from 0 of a line that belong to a span."""
    start = span.column - 1 if number == span.line else len(line) - len(line.lstrip())
    end = span.end_column - 1 if number == span.end_line else len(line)
    return start, max(start, end)


def _spans(text: str, found: Iterable[Columns]) -> list[Span]:
    places = Lines(text, "")
    return [places.span(start, end) for start, end in found]


def _secrets(text: str) -> Iterator[Columns]:
    """Offsets of secrets: of the document as a whole, and of each text in it under its own name."""
    root = Composer(text, Location("")).compose()
    for hit in credentials.find(text, "manifest.yaml"):
        yield hit.start, hit.end
    waiting = [(root, "")] if root else []
    seen: set[int] = set()
    while waiting:
        node, key = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield from _of_node(node, key, text)
        waiting.extend((item, key) for item in node.items)
        waiting.extend((value, key_text(name)) for name, value in node.pairs)


def _of_node(node: Node, key: str, text: str) -> Iterator[Columns]:
    if node.kind == "scalar":
        yield from _of_text(node, key, text)
    elif node.kind == "mapping":
        yield from _of_members({key_text(name): value for name, value in node.pairs}, text)
    elif all(item.kind == "scalar" for item in node.items):
        for index, hit in credentials.in_command([item.text for item in node.items]):
            yield scalar_range(node.items[index], text, hit.start, hit.end)


def _of_text(node: Node, key: str, text: str) -> Iterator[Columns]:
    for hit in credentials.find(node.text, key):
        yield scalar_range(node, text, hit.start, hit.end)


def _of_members(members: dict[str, Node], text: str) -> Iterator[Columns]:
    if {"name", "value"} <= members.keys():
        yield from _of_text(members["value"], members["name"].text, text)
    kind = members["kind"].text if "kind" in members else ""
    for name, node in members.items():
        if name in _ENCODED or (kind == "Secret" and name in _SECRET_DATA):
            values = [value for _, value in node.pairs] or [node]
            yield from ((value.start, value.end) for value in values)


def _repeated(text: str, found: Iterable[Columns]) -> Iterator[Columns]:
    for secret in {text[start:end] for start, end in found}:
        if len(secret) >= (_SHORTEST_WORD if secret.isalpha() and secret.islower() else _SHORTEST):
            yield from ((match.start(), match.end()) for match in re.finditer(re.escape(secret), text))


def _in_actions(text: str) -> Iterator[Span]:
    """The literals in a template's actions that are no names, and the lines of actions that go over several."""
    places = Lines(text, "")
    for action in ACTION.finditer(text) if "{{" in text else ():
        if "\n" in action[0]:
            span = places.span(*action.span())
            yield Span("", span.line, 1, span.end_line + 1, 1)
        for literal in _LITERAL.finditer(action[0]):
            if literal["before"] not in _NAMING:
                start, end = literal.span("text")
                yield places.span(action.start() + start + 1, action.start() + end - 1)
