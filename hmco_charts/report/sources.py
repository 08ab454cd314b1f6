"""The lines in which places lie: of files, and of texts that lie on no disk."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from hmco_charts.errors import DocumentError
from hmco_charts.objects import content
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
        self._texts: dict[str, str | None] = dict(texts)
        self._spans = frozenset(secrets)
        self._documents: dict[str, list[tuple[int, str]]] = {}
        self._masked: dict[tuple[str, int], list[Line]] = {}

    def lines(self, span: Span, before: int, behind: int) -> list[Line]:
        """The first line of a place, and lines of its document around it; none where nothing of it may be shown."""
        for first, text in self._of(span.file):
            last = first + text.count("\n")
            if first <= span.line <= last:
                lines = self._mask(span.file, first, text)
                at = span.line - first
                return lines[max(0, at - before) : at + 1 + behind]
        return []

    def _of(self, file: str) -> list[tuple[int, str]]:
        """The documents of a file, each with its first line."""
        if file not in self._documents:
            text = (self._text(file) or "").replace("\r\n", "\n")
            self._documents[file] = [(line, chunk.removesuffix("\n")) for chunk, line in chunks(text)]
        return self._documents[file]

    def _text(self, file: str) -> str | None:
        if file not in self._texts:
            try:
                self._texts[file] = content.read(file, file).removeprefix("\ufeff")
            except DocumentError:
                self._texts[file] = None
        return self._texts[file]

    def _mask(self, file: str, first: int, text: str) -> list[Line]:
        if (file, first) not in self._masked:
            self._masked[file, first] = list(self._lines(file, first, text))
        return self._masked[file, first]

    def _lines(self, file: str, first: int, text: str) -> Iterator[Line]:
        if len(text) > _LARGEST:
            return
        try:
            hidden = masking.hidden(text, self._secrets, self._within(file, first, text.count("\n") + 1))
        except DocumentError:
            return
        for number, (line, columns) in enumerate(zip(text.split("\n"), hidden, strict=True), first):
            yield Line(number, line, tuple(columns))

    def _within(self, file: str, first: int, count: int) -> Iterator[Span]:
        """The places of secrets in a document, by its own lines."""
        before = first - 1
        for span in self._spans:
            if span.file == file and first <= span.line < first + count:
                yield replace(span, line=span.line - before, end_line=span.end_line - before)

    @cached_property
    def _secrets(self) -> frozenset[str]:
        """What stands at the places of secrets, each line of it."""
        pieces = (piece for span in self._spans for piece in self._pieces(span))
        return frozenset(piece for piece in pieces if "{{" not in piece)

    def _pieces(self, span: Span) -> Iterator[str]:
        lines = (self._texts.get(span.file) or self._text(span.file) or "").replace("\r\n", "\n").split("\n")
        for number in range(span.line, min(span.end_line, len(lines)) + 1):
            start, end = masking.part(span, number, lines[number - 1])
            yield lines[number - 1][start:end]
