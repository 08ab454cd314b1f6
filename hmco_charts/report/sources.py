"""The lines in which places lie: of files, and of texts that lie on no disk."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from hmco_charts.errors import DocumentError
from hmco_charts.inputs import content
from hmco_charts.report import masking
from hmco_charts.report.masking import Columns
from hmco_charts.yamlio import Span
from hmco_charts.yamlio.reader import chunks

_LARGEST = 400_000  # characters of a document; a larger one would take long to look through for secrets


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a source.

    Attributes:
        number: Its number in the file, from 1.
        text: What it holds.
        hidden: The columns from 0 that must not be shown.
    """

    number: int
    text: str
    hidden: tuple[Columns, ...]


class Sources:
    """The lines of sources, with what of them must not be shown.

    Args:
        texts: Texts that lie on no disk, by the name that places have for them.
        secrets: Places of secrets: nothing that stands there is shown, wherever else it stands.
    """

    def __init__(self, texts: Mapping[str, str], secrets: Iterable[Span]) -> None:
        self._texts = texts
        self._spans: defaultdict[str, list[Span]] = defaultdict(list)
        for span in dict.fromkeys(secrets):
            self._spans[span.file].append(span)
        self._documents: dict[str, list[_Document]] = {}
        self._masked: dict[_Document, list[Line]] = {}

    def lines(self, span: Span, before: int, behind: int) -> list[Line]:
        """The first line of a place, and lines of its document around it; none where nothing of it may be shown."""
        documents = self._of(span.file)
        index = bisect_right(documents, span.line, key=lambda document: document.first) - 1
        if index < 0:
            return []
        document = documents[index]
        if document not in self._masked:
            self._masked[document] = list(self._lines(document))
        at = span.line - document.first
        return self._masked[document][max(0, at - before) : at + 1 + behind]

    def _of(self, file: str) -> list["_Document"]:
        if file not in self._documents:
            found = chunks("\n".join(self._split(file)))
            self._documents[file] = [_Document(file, first, text.removesuffix("\n")) for text, first in found]
        return self._documents[file]

    def _split(self, file: str) -> list[str]:
        """The lines of a file; none where it cannot be read."""
        try:
            text = self._texts[file] if file in self._texts else content.read(file, file)
        except DocumentError:
            return []
        return text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")

    def _lines(self, document: "_Document") -> Iterator[Line]:
        if len(document.text) > _LARGEST:
            return
        try:
            hidden = masking.hidden(document.text, self._secrets, self._within(document))
        except DocumentError:
            return
        for number, (line, columns) in enumerate(zip(document.text.split("\n"), hidden, strict=True), document.first):
            yield Line(number, line, tuple(columns))

    def _within(self, document: "_Document") -> Iterator[Span]:
        """The places of secrets in a document, by its own lines."""
        before, count = document.first - 1, document.text.count("\n") + 1
        for span in self._spans.get(document.file, ()):
            if before < span.line <= before + count:
                yield replace(span, line=span.line - before, end_line=span.end_line - before)

    @cached_property
    def _secrets(self) -> frozenset[str]:
        """What secrets look like that stand at the known places."""
        pieces = (piece for file, spans in self._spans.items() for piece in _pieces(self._split(file), spans))
        return masking.forms(piece for piece in pieces if "{{" not in piece)


@dataclass(frozen=True, slots=True)
class _Document:
    file: str
    first: int
    text: str = field(compare=False)


def _pieces(lines: list[str], spans: Iterable[Span]) -> Iterator[str]:
    for span in spans:
        for number in range(span.line, min(span.end_line, len(lines)) + 1):
            start, end = masking.part(span, number, lines[number - 1])
            yield lines[number - 1][start:end]
