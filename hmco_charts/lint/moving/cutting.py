"""Settings are cut out of a configuration in HCL or JSON that stands in a block of a manifest."""

import json
import re
from collections.abc import Sequence

from hmco_charts.formats import Entry, hcl
from hmco_charts.lint.fix import Edit
from hmco_charts.lint.moving.manifest import line
from hmco_charts.objects import Text
from hmco_charts.yamlio import Span

_QUOTES = ('"', "'")
_COMMA_BEHIND = re.compile(r"[ \t]*,[ \t]*|[ \t]*")
_COMMA_BEFORE = re.compile(r",\s*\Z")

Range = tuple[int, int]


def cut(text: Text, entries: Sequence[Entry]) -> list[Edit]:
    """A configuration without some of its settings; nothing where it would then not be the same but for them."""
    value = left = text.value
    ranges = [_range(value, each) for each in entries]
    for start, end in sorted(ranges, reverse=True):
        left = left[:start] + left[end:]
    return [_edit(text, *each) for each in ranges] if _is_literal(text) and _is_same(value, left, entries) else []


def _range(value: str, entry: Entry) -> Range:
    """A setting with the comma that parts it from the next or the last one; its whole line where it stands alone."""
    start = entry.key_start - (value[entry.key_start - 1 : entry.key_start] in _QUOTES)
    end = entry.end + (value[entry.end : entry.end + 1] in _QUOTES)
    behind, before = _COMMA_BEHIND.match(value, end), _COMMA_BEFORE.search(value, 0, start)
    if before and behind and "," not in behind[0]:
        return before.start(), end
    end = behind.end() if behind else end
    first, last = value.rfind("\n", 0, start) + 1, value.find("\n", end) + 1 or len(value)
    is_alone = not value[first:start].strip() and not value[end:last].strip()
    return (first, last) if is_alone else (start, end)


def _edit(text: Text, start: int, end: int) -> Edit:
    span = text.span(start, end)
    is_line = text.value[end - 1 : end] == "\n"
    return Edit(Span(span.file, span.line, 1, span.line + 1, 1) if is_line else span)


def _is_literal(text: Text) -> bool:
    """Whether the manifest holds the text line by line as it is."""
    place = text.object.span(text.path)
    return text.offset == 0 and line(text.object, place.line)[place.column - 1 :].startswith("|")


def _is_same(before: str, after: str, entries: Sequence[Entry]) -> bool:
    kept = [(each.path, each.key, each.value) for each in hcl.read(before).entries if each not in entries]
    found = [(each.path, each.key, each.value) for each in hcl.read(after).entries]
    return kept == found and _blocks(before) == _blocks(after) and _is_json(before) == _is_json(after)


def _blocks(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.type, each.labels) for each in hcl.parse(text).blocks]


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
