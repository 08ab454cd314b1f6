"""What of a document's lines is never shown: credentials, the values of Secrets, and what stands there once more."""

import base64
import re
from collections.abc import Iterable, Iterator
from itertools import accumulate

from hmco_charts import credentials
from hmco_charts.credentials import decoding
from hmco_charts.errors import DocumentError, Location
from hmco_charts.helm.template import ACTION
from hmco_charts.objects.sketch import plain
from hmco_charts.report import doubt
from hmco_charts.yamlio.composer import Composer
from hmco_charts.yamlio.node import Node, key_text
from hmco_charts.yamlio.position import Lines, Span, scalar_range

Columns = doubt.Columns

_SHORTEST = 4
_SHORTEST_WORD = 10  # of small letters: `postgres` is a password somewhere, and a name everywhere
_ENCODED = ("binaryData", "kubectl.kubernetes.io/last-applied-configuration")
_SECRET_DATA = ("data", "stringData")
_SECRET = re.compile(r"\bkind\\?[\"']?\s*:\s*\\?[\"']?Secret\b")
_BLOCK = re.compile(
    r"""^(?P<indent>[ ]*)(?:-[ ]+)*["']?(?P<key>[\w./-]+)["']?:[ ]*[|>][-+\d]*[ ]*\n
    (?P<text>(?:(?P=indent)[ ]+\S.*\n|[ \t]*\n)+)""",
    re.MULTILINE | re.VERBOSE,
)
_PUT_IN = re.compile(r"\$\{[^{}\n]*\}\}")
_LITERAL = re.compile(r"(?P<before>\w*)\s*(?P<text>\"(?:[^\"\\\n]|\\.)*\"|`[^`]*`)")
_NAMING = frozenset({"include", "template", "define", "block", "required", "fail"})


def hidden(text: str, known: Iterable[str] = (), places: Iterable[Span] = ()) -> list[list[Columns]]:
    """For each line of a document, the columns from 0 that must not be shown.

    Args:
        text: One YAML or JSON document, or a template of one.
        known: What secrets that stand elsewhere look like.
        places: Where in the document secrets are known to stand.

    Raises:
        DocumentError: It cannot be read, so nobody knows what may be shown.
    """
    is_template = "{{" in text
    readable = _PUT_IN.sub(_reference, plain(text)) if is_template else text
    found = set(_secrets(readable, is_template=is_template))
    own = forms(readable[start:end] for start, end in found)
    repeated = _repeated(text, own.union(known))
    columns = [list(doubt.columns(line)) for line in readable.split("\n")]
    lines = text.split("\n")
    _hide(columns, lines, (*places, *_spans(readable, found), *_spans(text, repeated)))
    if is_template:
        columns = [_without_actions(line, hides) for line, hides in zip(lines, columns, strict=True)]
        _hide(columns, lines, _in_actions(text))
    return columns


def _hide(columns: list[list[Columns]], lines: list[str], spans: Iterable[Span]) -> None:
    for span in spans:
        for number in range(span.line, min(span.end_line, len(lines)) + 1):
            columns[number - 1].append(part(span, number, lines[number - 1]))


def _without_actions(line: str, hides: Iterable[Columns]) -> list[Columns]:
    """What is to be hidden without the actions of a template: what they write stands elsewhere."""
    actions = [action.span() for action in ACTION.finditer(line)]
    edges = [0, *(edge for action in actions for edge in action), len(line)]
    between = list(zip(edges[::2], edges[1::2], strict=True))
    cut = ((max(start, first), min(end, last)) for start, end in hides for first, last in between)
    return [(start, end) for start, end in cut if start < end]


def _reference(action: re.Match[str]) -> str:
    """A reference, as the detectors know it, in the place of what a template puts in."""
    return f"$({'_' * (len(action[0]) - 3)})"


def part(span: Span, number: int, line: str) -> Columns:
    """The columns from 0 of a line that belong to a span."""
    start = span.column - 1 if number == span.line else len(line) - len(line.lstrip())
    end = span.end_column - 1 if number == span.end_line else len(line)
    return start, max(start, end)


def _spans(text: str, found: Iterable[Columns]) -> list[Span]:
    places = Lines(text, "")
    return [places.span(start, end) for start, end in found]


def _secrets(text: str, *, is_template: bool) -> Iterator[Columns]:
    """Offsets of secrets: of the document as a whole, and of each text in it under its own name."""
    for hit in credentials.find(text, "manifest.yaml"):
        yield hit.start, hit.end
    try:
        root = Composer(text, Location("")).compose()
    except DocumentError:
        if not is_template or _SECRET.search(text):
            raise
        yield from _in_blocks(text)
        return
    waiting = [(root, "", False)] if root else []
    seen: set[int] = set()
    while waiting:
        node, key, is_doubtful = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield from _of_node(node, key, text, is_doubtful=is_doubtful)
        waiting.extend((item, key, is_doubtful) for item in node.items)
        for name, value in node.pairs:
            own = key_text(name)
            waiting.append((value, own, doubt.is_named_so(own) or (is_doubtful and doubt.is_within(own))))


def _in_blocks(text: str) -> Iterator[Columns]:
    """Offsets of secrets in the block scalars of a text that is no YAML as it stands."""
    for block in _BLOCK.finditer(text):
        lines = block["text"].splitlines(keepends=True)
        depth = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
        kept = [line[depth:] or "\n" for line in lines]
        cuts = [*accumulate(len(line) - len(rest) for line, rest in zip(lines, kept, strict=True))]
        value = "".join(kept)
        for hit in credentials.find(value, block["key"]):
            first, last = (at + cuts[value.count("\n", 0, at)] for at in (hit.start, hit.end - 1))
            yield block.start("text") + first, block.start("text") + last + 1


def _of_node(node: Node, key: str, text: str, *, is_doubtful: bool) -> Iterator[Columns]:
    if node.kind == "scalar":
        yield from _of_text(node, key, text, is_doubtful=is_doubtful)
    elif node.kind == "mapping":
        yield from _of_members({key_text(name): value for name, value in node.pairs}, text)
    elif all(item.kind == "scalar" for item in node.items):
        for index, hit in credentials.in_command([item.text for item in node.items]):
            yield scalar_range(node.items[index], text, hit.start, hit.end)


def _of_text(node: Node, key: str, text: str, *, is_doubtful: bool) -> Iterator[Columns]:
    if is_doubtful and not doubt.is_harmless(node.text):
        yield node.start, node.end
    for hit in credentials.find(node.text, key):
        yield scalar_range(node, text, hit.start, hit.end)


def _of_members(members: dict[str, Node], text: str) -> Iterator[Columns]:
    if {"name", "value"} <= members.keys():
        name = members["name"].text
        yield from _of_text(members["value"], name, text, is_doubtful=doubt.is_named_so(name))
    kind = members["kind"].text if "kind" in members else ""
    for name, node in members.items():
        if name in _ENCODED or (kind == "Secret" and name in _SECRET_DATA):
            values = [value for _, value in node.pairs] or [node]
            yield from ((value.start, value.end) for value in values)


def forms(secrets: Iterable[str]) -> frozenset[str]:
    """What secrets look like, as far as they are known by it: as they are, in base64, and what they are that of."""
    return frozenset(form for secret in secrets for form in _forms(secret.strip()) if _is_telling(form))


def _repeated(text: str, known: Iterable[str]) -> Iterator[Columns]:
    if there := sorted((form for form in known if form in text), key=len, reverse=True):
        yield from (match.span() for match in re.finditer("|".join(map(re.escape, there)), text))


def _forms(secret: str) -> Iterator[str]:
    yield secret
    yield base64.b64encode(secret.encode("utf-8", "surrogatepass")).decode().rstrip("=")
    plainly = (decoding.decoded(secret) or b"").decode("ascii", "replace")
    if plainly.isprintable() and plainly.isascii():
        yield plainly


def _is_telling(secret: str) -> bool:
    """Whether a text is a secret wherever it stands."""
    return len(secret) >= (_SHORTEST_WORD if secret.isalpha() and secret.islower() else _SHORTEST)


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
