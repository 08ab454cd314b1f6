"""A line of a source as it is shown: the place in it underlined, nothing of a secret, and cut where it is too long."""

from collections.abc import Iterator

from hmco_charts.report.masking import Columns
from hmco_charts.report.sources import Line
from hmco_charts.report.terminal import safe, width

MASK = "••••"
_CUT = "…"
_TAB = 4
_LEAST = 40
_BEFORE = 3  # of how many parts of the width one is kept before a place in a line that is cut


def frame(line: Line, place: Columns | None, columns: int) -> tuple[str, str]:
    """What is shown of a line, and the carets that stand under a place in it.

    Args:
        line: The line.
        place: The columns from 0 of the place, if it stands in this line.
        columns: How many columns of a terminal there are.
    """
    start, end = place or (0, 0)
    shown = carets = ""
    for text, first, last in _pieces(line, start, max(columns, _LEAST)):
        piece = " " * (_TAB - width(shown) % _TAB) if text == "\t" else text
        shown += piece
        carets += ("^" if start < last and first < max(end, start + 1) else " ") * width(piece)
    carets = carets.rstrip() or f"{' ' * width(shown.rstrip())}^"
    return shown.rstrip(), carets if place else ""


def _pieces(line: Line, start: int, columns: int) -> Iterator[tuple[str, int, int]]:
    """What is shown, each piece with the columns from 0 that it stands for."""
    pieces = [(text, first, last) for text, first, last in _masked(line) if text]
    sizes = [_TAB if text == "\t" else width(text) for text, _, _ in pieces]
    if sum(sizes) <= columns:
        yield from pieces
        return
    at = next((index for index, (_, _, last) in enumerate(pieces) if last > start), len(pieces))
    first = at
    while first and sum(sizes[first - 1 : at]) <= columns // _BEFORE:
        first -= 1
    first = 0 if sum(sizes[: at + 1]) <= columns // 2 else first
    last = first
    while last < len(pieces) and sum(sizes[first : last + 1]) <= columns - 2 * len(_CUT):
        last += 1
    if first:
        yield _CUT, 0, 0
    yield from pieces[first:last]
    if last < len(pieces):
        yield _CUT, len(line.text), len(line.text)


def _masked(line: Line) -> Iterator[tuple[str, int, int]]:
    """The characters of a line; one mask for a secret, however long it is. Indentation is none."""
    indentation = len(line.text) - len(line.text.lstrip())
    secret = {at for first, last in line.hidden for at in range(max(first, indentation), last)}
    at, stop = 0, len(line.text)
    while at < stop:
        end = at + 1
        while at in secret and end in secret and end < stop:
            end += 1
        character = line.text[at]
        yield MASK if at in secret else character if character == "\t" else safe(character), at, end
        at = end
