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
    first = each.document.span(each.base + path).line
    return () if is_flow(each, parent) else _without_lines(each, first, path)


def remove_key(each: KubernetesObject, path: Path) -> tuple[Edit, ...]:
    """Take a key and its value out of a mapping, and the mapping with its key where it is the only one; see above."""
    parent = path[:-1]
    holder = each.at(parent)
    if parent and isinstance(holder, dict) and len(holder) == 1:
        return remove_key(each, parent)
    return remove_lines(each, path)


def remove_lines(each: KubernetesObject, path: Path) -> tuple[Edit, ...]:
    """Take a key and its value out of a mapping, even where nothing is left in it; see above."""
    first = each.document.span(each.base + path, key=True).line
    return () if is_flow(each, path[:-1]) else _without_lines(each, first, path)


def is_flow(each: KubernetesObject, path: Path) -> bool:
    """Whether a list or a mapping is written in brackets."""
    place = each.document.span(each.base + path)
    line = each.document.text.split("\n")[place.line - each.document.line]
    return line[place.column - 1 : place.column] in ("[", "{")


def _without_lines(each: KubernetesObject, first: int, path: Path) -> tuple[Edit, ...]:
    """Take whole lines out, from the first to the last of a value; blank lines and comments behind it stay."""
    last = last_line(each, path)
    start, end = (each.place(Span(each.file, line, 1, line, 1)) for line in (first, last))
    if end.file != start.file or end.line - start.line != last - first:
        return ()
    return (Edit(Span(start.file, start.line, 1, end.line + 1, 1)),)


def last_line(each: KubernetesObject, path: Path) -> int:
    """The last line of a value in its document, without the blank lines and comments behind it."""
    lines = each.document.text.split("\n")
    span = each.document.span(each.base + path)
    start, last = span.line - each.document.line, span.end_line - each.document.line
    is_block = lines[start][span.column - 1 : span.column] in ("|", ">")  # what looks like a comment is text
    last -= not lines[last][: span.end_column - 1].strip()
    while last > start and (not lines[last].strip() or (lines[last].lstrip().startswith("#") and not is_block)):
        last -= 1
    return last + each.document.line


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
