"""What fixes change, as a unified diff in which no credential stands."""

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from itertools import groupby

from hmco_charts.errors import DocumentError
from hmco_charts.lint.fixing import Change
from hmco_charts.report import masking
from hmco_charts.yamlio.reader import chunks

_MASK = "••••"
_CONTEXT = 3


def difference(changes: Iterable[Change]) -> str:
    """The changes as a unified diff; it is for reading, as a patch it would write the masks."""
    return "".join(f"{line}\n" for each in changes for line in _lines(each))


def _lines(change: Change) -> Iterator[str]:
    texts = [each.decode("utf-8-sig").replace("\r\n", "\n") for each in (change.before, change.after)]
    (old, new), (shown_old, shown_new) = ([text.split("\n") for text in texts], [_shown(text) for text in texts])
    yield from (f"--- {change.file}", f"+++ {change.file}")
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(_CONTEXT):
        first, last = group[0], group[-1]
        yield f"@@ -{first[1] + 1},{last[2] - first[1]} +{first[3] + 1},{last[4] - first[3]} @@"
        for kind, start, end, new_start, new_end in group:
            if kind == "equal":
                yield from (f" {line}" for line in shown_old[start:end])
            else:
                yield from (f"-{line}" for line in shown_old[start:end])
                yield from (f"+{line}" for line in shown_new[new_start:new_end])


def _shown(text: str) -> list[str]:
    """The lines of a text without what must not be shown."""
    lines = text.split("\n")
    for document, first in chunks(text):
        for number, hidden in enumerate(_hidden(document), first - 1):
            lines[number] = _masked(lines[number], hidden)
    return lines


def _hidden(document: str) -> list[list[masking.Columns]]:
    try:
        return masking.hidden(document)
    except DocumentError:
        return [[(0, len(line))] for line in document.split("\n")]


def _masked(line: str, hidden: Iterable[masking.Columns]) -> str:
    secret = {at for start, end in hidden for at in range(start, end)}
    runs = groupby(range(len(line)), key=secret.__contains__)
    return "".join(_MASK if is_hidden else "".join(line[at] for at in run) for is_hidden, run in runs)
