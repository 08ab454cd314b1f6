"""Edits of YAML that rules offer as fixes; what stands around them keeps its form."""

from hmco_charts.lint.fix import Edit
from hmco_charts.objects import KubernetesObject, Text
from hmco_charts.objects.kubernetes import items
from hmco_charts.yamlio import Path, Span


def remove_item(each: KubernetesObject, path: Path) -> tuple[Edit, ...]:
    """Take an item out of a list, and the list with its key where it is the only one.

    Returns:
        Nothing where the list is written in brackets, or where its lines do not stand together in the user's file.
    """
    parent = path[:-1]
    if len(items(each.at(parent))) == 1:
        return remove_key(each, parent)
    raw = each.document.span(each.base + path)
    return () if _is_flow(each, parent) else _without_lines(each, raw.line, raw)


def remove_key(each: KubernetesObject, path: Path) -> tuple[Edit, ...]:
    """Take a key and its value out of a mapping, and the mapping with its key where it is the only one; see above."""
    parent = path[:-1]
    holder = each.at(parent)
    if parent and isinstance(holder, dict) and len(holder) == 1:
        return remove_key(each, parent)
    key, value = each.document.span(each.base + path, key=True), each.document.span(each.base + path)
    return () if _is_flow(each, parent) else _without_lines(each, key.line, value)


def _is_flow(each: KubernetesObject, path: Path) -> bool:
    place = each.document.span(each.base + path)
    line = each.document.text.split("\n")[place.line - each.document.line]
    return line[place.column - 1 : place.column] in ("[", "{")


def _without_lines(each: KubernetesObject, first: int, value: Span) -> tuple[Edit, ...]:
    """Take whole lines out, from the first to the last of a value; blank lines and comments behind it stay."""
    lines = each.document.text.split("\n")
    last = value.end_line - (value.end_line > value.line)
    while last > first and _is_layout(lines[last - each.document.line]):
        last -= 1
    start, end = (each.place(Span(value.file, line, 1, line, 1)) for line in (first, last))
    if end.file != start.file or end.line - start.line != last - first:
        return ()
    return (Edit(Span(start.file, start.line, 1, end.line + 1, 1)),)


def _is_layout(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def remove_line(text: Text, start: int) -> tuple[Edit, ...]:
    """Take the line of a text out in which a character stands.

    Returns:
        Nothing where the line is no line of its own in the user's file.
    """
    found = _own_line(text, start)
    if not found:
        return ()
    line, _ = found
    return (Edit(Span(line.file, line.line, 1, line.line + 1, 1)),)


def insert_line(text: Text, start: int, inserted: str) -> tuple[Edit, ...]:
    """Put a line before that of a text in which a character stands, with its indentation; see above."""
    found = _own_line(text, start)
    if not found:
        return ()
    line, indentation = found
    return (Edit(Span(line.file, line.line, 1, line.line, 1), (f"{indentation}{inserted}\n",)),)


def insert_in_line(text: Text, start: int, inserted: str) -> tuple[Edit, ...]:
    """Put characters before one of a text; nothing where the user's file does not hold its line as it is."""
    begin, end = _line_of(text, start)
    if text.encoded or text.value[begin:end] not in _source_line(text, start):
        return ()
    span = text.span(start, start + 1)
    return (Edit(Span(span.file, span.line, span.column, span.line, span.column), (inserted,)),)


def _own_line(text: Text, start: int) -> tuple[Span, str] | None:
    """The place of a line of a text and its indentation in the user's file, where it is a line there too."""
    begin, end = _line_of(text, start)
    written, source = text.value[begin:end], _source_line(text, start)
    if text.encoded or not written.strip() or source.strip() != written.strip():
        return None
    line = text.span(start, start + 1)
    return line, source[: len(source) - len(source.lstrip())]


def _line_of(text: Text, start: int) -> tuple[int, int]:
    begin = text.value.rfind("\n", 0, start) + 1
    end = text.value.find("\n", start)
    return begin, len(text.value) if end < 0 else end


def _source_line(text: Text, start: int) -> str:
    """The line of the document that holds a character of a text."""
    document = text.object.document
    span = document.text_span(text.object.base + text.path, text.offset + start, text.offset + start + 1)
    lines = document.text.split("\n")
    at = span.line - document.line
    return lines[at] if at < len(lines) else ""
