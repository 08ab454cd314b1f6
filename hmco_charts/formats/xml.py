"""XML settings: element text and attributes, and the many ways to write a name beside a value.

A tolerant scanner; nothing is loaded and no entity but the five of XML and character references is expanded.
"""

import re
from dataclasses import dataclass, field, replace

from hmco_charts.formats import literal
from hmco_charts.formats.entry import Entry, Fault, Reading


def read(text: str) -> Reading:
    """Texts and attributes; the path is made of element names, an attribute's ends with its own element.

    A name and a value that belong together (`<property><name/><value/></property>`, `<add key="" value=""/>`,
    `<Property name="">…</Property>`) are one entry whose key is that name.
    """
    return _Scanner(text).reading()


_TOKEN = re.compile(
    r"""(?xs) (?P<comment><!--.*?(?:-->|\Z))
    | <!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)
    | (?P<declaration><!DOCTYPE[^\[>]*\[[^\]]*\]?\s*>? | <[?!][^>]*>?)
    | </(?P<closing>[\w:.-]+)[^<>]*>?
    | <(?P<opening>[\w:.-]+)
    | (?P<text>[^<]+) | <"""
)
_ATTRIBUTE = re.compile(r"\s*(?P<key>[\w:.-]+)\s*=\s*(?:\"(?P<double>[^\"<]*)\"|'(?P<single>[^'<]*)')")
_TAG_END = re.compile(r"(?P<rest>[^<>]*)(?P<end>>?)")
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(lt|gt|amp|quot|apos));")
_CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_NAMES = frozenset({"name", "key", "param-name", "env-entry-name"})
_VALUES = frozenset({"value", "param-value", "env-entry-value"})
_NAMED_TEXTS = frozenset({"property", "entry", "param", "parameter", "setting", "prop", "option"})


@dataclass(slots=True)
class _Element:
    """An element that is still open; `fields` are its attributes and its children's texts."""

    name: str
    path: tuple[str, ...]
    start: int
    fields: list[Entry] = field(default_factory=list)
    texts: list[Entry] = field(default_factory=list)


class _Scanner:
    """Reads tokens from left to right with an explicit stack, so that depth costs no recursion."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.offset = 0
        self.entries: list[Entry] = []
        self.faults: list[Fault] = []
        self.stack = [_Element("", (), 0)]

    def reading(self) -> Reading:
        while (token := _TOKEN.match(self.text, self.offset)) and len(self.faults) < literal.MAX_FAULTS:
            self.offset = token.end()
            self.step(token)
        if self.offset < len(self.text):
            self.fault("too many faults: the rest is not read")
        while len(self.stack) > 1:
            self.fault("an element is never closed")
            self.close()
        self.entries += self.stack[0].fields + self.stack[0].texts
        self.entries.sort(key=lambda entry: entry.start)
        return Reading(tuple(self.entries), tuple(self.faults))

    def fault(self, message: str) -> None:
        self.faults.append(Fault(self.offset, message))

    def step(self, token: re.Match[str]) -> None:
        if token["opening"]:
            self.open(token["opening"], token.start("opening"))
        elif token["closing"]:
            self.close_named(token["closing"])
        elif token["text"]:
            self.content(*token.span("text"))
        elif token["cdata"]:
            start, end = token.span("cdata")
            self.add(self.text[start:end], start, end)
        elif token[0] == "<":
            self.fault("a bracket that opens no tag")

    def open(self, name: str, start: int) -> None:
        parent = self.stack[-1]
        if len(self.stack) > literal.MAX_DEPTH:
            self.fault("nested too deeply")
            path = parent.path
        else:
            path = (*parent.path, name)
        element = _Element(name, path, start)
        self.stack.append(element)
        while attribute := _ATTRIBUTE.match(self.text, self.offset):
            self.offset = attribute.end()
            element.fields.append(_attribute(element.path, attribute))
        self.end_tag()

    def end_tag(self) -> None:
        tag_end = _TAG_END.match(self.text, self.offset)
        assert tag_end
        self.offset = tag_end.end()
        if not tag_end["end"] or tag_end["rest"].strip() not in ("", "/"):
            self.fault("a tag that is not well formed")
        if tag_end["rest"].endswith("/"):
            self.close()

    def content(self, start: int, end: int) -> None:
        raw = self.text[start:end]
        content = raw.strip()
        if content:
            start += len(raw) - len(raw.lstrip())
            self.add(_REFERENCE.sub(_character, content), start, start + len(content))

    def add(self, value: str, start: int, end: int) -> None:
        element = self.stack[-1]
        key_end = element.start + len(element.name)
        element.texts.append(Entry(element.path[:-1], element.name, value, start, end, element.start, key_end))

    def close_named(self, name: str) -> None:
        if all(element.name != name for element in self.stack[-literal.MAX_DEPTH :]):
            self.fault("an end tag without its start")
            return
        while self.stack[-1].name != name:
            self.fault("an element is never closed")
            self.close()
        self.close()

    def close(self) -> None:
        element = self.stack.pop()
        fields, texts = _paired(element)
        self.entries += fields
        self.stack[-1].fields += texts


def _attribute(path: tuple[str, ...], attribute: re.Match[str]) -> Entry:
    start, end = attribute.span("single" if attribute["double"] is None else "double")
    value = _REFERENCE.sub(_character, attribute.string[start:end])
    return Entry(path, attribute["key"], value, start, end, *attribute.span("key"))


def _character(reference: re.Match[str]) -> str:
    if reference[3]:
        return _CHARACTERS[reference[3]]
    code = int(reference[1]) if reference[1] else int(reference[2], 16)
    return chr(code) if code <= 0x10FFFF else reference[0]  # noqa: PLR2004 - Unicode's last code point


def _paired(element: _Element) -> tuple[list[Entry], list[Entry]]:
    """The element's fields and texts, where a name and its value have become one entry."""
    names = [entry for entry in element.fields if entry.key.lower() in _NAMES]
    values = [entry for entry in element.fields if entry.key.lower() in _VALUES]
    if not values and element.name.lower() in _NAMED_TEXTS:
        values = element.texts
    if not names or not values:
        return element.fields, element.texts
    name, path = names[0], element.path[:-1]
    named = [replace(value, path=path, key=str(name.value), key_start=name.start, key_end=name.end) for value in values]
    rest = [entry for entry in element.fields if entry is not name and entry not in values]
    return rest + named, [] if values is element.texts else element.texts
