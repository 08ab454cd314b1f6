"""YAML with places, as a text inside another document: many documents, aliases, templates left over.

libyaml's events are read one by one, so that depth costs no recursion. Templates (`{{ … }}`) are masked
by letters of the same length first. Where a text is no YAML, the rest is read by the line.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from hmco_charts.formats import literal
from hmco_charts.formats.entry import Entry, Fault, Reading, Scalar


def read(text: str) -> Reading:
    """The scalars of all documents; the path is made of mapping keys, list items go by the list's own key.

    Plain scalars have their YAML 1.1 type (without base 60 and time), quoted ones are strings. What an alias
    stands for is told once, where its anchor is.
    """
    masked = _mask(text)
    reader = _Reader(text, masked)
    try:
        for event in yaml.parse(masked, Loader=yaml.CSafeLoader):
            reader.event(event)
    except yaml.YAMLError as error:
        return _recovered(text, reader.entries, error)
    return Reading(tuple(reader.entries))


_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TEMPLATE_LINE = re.compile(r"(?m)^[ \t]*(?:\{\{[^{}]*\}\}[ \t]*)+$")
_TEMPLATE = re.compile(r"\{\{[^{}]*\}\}")
_NOT_NEWLINE = re.compile(r"[^\n]")


def _mask(text: str) -> str:
    """`text` in the same length without what YAML refuses: templates, control and byte-order characters."""
    text = _UNREADABLE.sub(" ", text)
    if text.startswith("\ufeff"):
        text = "\n" + text[1:]
    if "{{" not in text:
        return text
    text = _TEMPLATE_LINE.sub(lambda line: _NOT_NEWLINE.sub(" ", line[0]), text)
    return _TEMPLATE.sub(lambda template: _NOT_NEWLINE.sub("t", template[0]), text)


class _Key(NamedTuple):
    text: str
    start: int
    end: int


class _Frame(NamedTuple):
    """A mapping or list that is still open; `key` is the list's own, for its items."""

    is_mapping: bool
    path: tuple[str, ...]
    key: _Key


_NAMELESS = _Key("", -1, -1)


class _Reader:
    def __init__(self, text: str, masked: str) -> None:
        self.text = text
        self.masked = masked
        self.entries: list[Entry] = []
        self.stack = [_Frame(False, (), _NAMELESS)]
        self.key: _Key | None = None

    def event(self, event: Any) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self.scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self.open(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.stack.pop()
        elif isinstance(event, yaml.AliasEvent):
            self.key = None

    def open(self, event: Any) -> None:
        frame = self.stack[-1]
        key = self.key or frame.key
        path = frame.path
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        if len(self.stack) >= literal.MAX_DEPTH:
            raise yaml.MarkedYAMLError(problem="nested too deeply", problem_mark=event.start_mark)
        if is_mapping and key.text:
            path = (*path, key.text)
        self.stack.append(_Frame(is_mapping, path, _NAMELESS if is_mapping else key))
        self.key = None

    def scalar(self, event: Any) -> None:
        start, end = self.content(event)
        raw = self.text[start:end]
        frame = self.stack[-1]
        if frame.is_mapping and self.key is None:
            self.key = _Key(raw if raw != self.masked[start:end] else event.value, start, end)
            return
        key = self.key or frame.key
        place = (key.start, key.end) if key is not _NAMELESS else (start, start)
        value = _typed(event) if raw == self.masked[start:end] else raw
        self.entries.append(Entry(frame.path, key.text, value, start, end, *place))
        self.key = None

    def content(self, event: Any) -> tuple[int, int]:
        start, end = event.start_mark.index, event.end_mark.index
        if event.style in ("'", '"'):
            return start + 1, max(start + 1, end - 1)
        if event.style in ("|", ">"):
            header = self.masked.find("\n", start, end)
            return (end if header < 0 else header + 1), end
        return start, end


_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"), True),
    **dict.fromkeys(("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"), False),
}
_RADIX = re.compile(r"0(?:x([0-9a-fA-F]{1,300})|o?([0-7]{1,300}))")


def _typed(event: Any) -> Scalar:
    value: str = event.value
    if event.style or not event.implicit[0]:
        return value
    if value in _WORDS:
        return _WORDS[value]
    if radix := _RADIX.fullmatch(value):
        return int(radix[1], 16) if radix[1] else int(radix[2], 8)
    return literal.typed(value)


_SETTING = re.compile(
    r"""(?xm) ^ (?P<indent>[ ]*(?:-[ ]+)*) (?P<key>[\w."'$/-]+) [ \t]* : (?:[ \t]+ (?P<value>[^\n]*))? $"""
)


def _recovered(text: str, entries: list[Entry], error: yaml.YAMLError) -> Reading:
    mark = getattr(error, "problem_mark", None)
    offset = min(mark.index, len(text)) if mark else 0
    resume = max(text.rfind("\n", 0, offset) + 1, entries[-1].end if entries else 0)
    fault = Fault(offset, getattr(error, "problem", None) or "no YAML")
    return Reading((*entries, *_by_line(text, resume)), (fault,))


def _by_line(text: str, offset: int) -> Iterator[Entry]:
    """Settings of the form `key: value`; indentation makes the path."""
    parents: list[tuple[int, str]] = []
    for setting in _SETTING.finditer(text, offset):
        indent = len(setting["indent"])
        while parents and parents[-1][0] >= indent:
            parents.pop()
        key = setting["key"].strip("\"'")
        start, end = _value_span(setting)
        if start < end:
            path = tuple(name for _, name in parents)
            yield Entry(path, key, text[start:end], start, end, *setting.span("key"))
        elif len(parents) < literal.MAX_DEPTH:
            parents.append((indent, key))


def _value_span(setting: re.Match[str]) -> tuple[int, int]:
    value = (setting["value"] or "").split(" #")[0].rstrip()
    start = setting.start("value") if value else setting.end()
    end = start + len(value)
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return start + 1, end - 1
    return start, end
