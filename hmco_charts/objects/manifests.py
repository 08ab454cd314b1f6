"""Kubernetes objects in documents: alone, or members of a List."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from hmco_charts.errors import DocumentError, HmcoChartsError, Location
from hmco_charts.inputs.members import kind_of, members
from hmco_charts.objects import embedded
from hmco_charts.objects.embedded import Values
from hmco_charts.objects.kubernetes import KubernetesObject, Place, is_larger, unchanged
from hmco_charts.yamlio import Document, Span

MAX_OBJECTS = 100_000  # of a List
_SHOWN = 20  # of the members of a List that are no objects
MAX_CHARACTERS = 3 * 2**19  # of an object; etcd takes 1.5 MiB


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that could not be analysed, and why.

    Attributes:
        at: Where.
        reason: Why.
        remedy: What to do.
        span: Where, as far as it may lead to another place: in the manifests of a chart.
    """

    at: Location
    reason: str
    remedy: str = ""
    span: Span | None = field(default=None, compare=False)

    @classmethod
    def of(cls, error: HmcoChartsError, otherwise: str) -> "Unread":
        """What an error says, at its own place or else at `otherwise`."""
        return cls(error.at or Location(otherwise), error.what, error.remedy)

    def moved(self, span: Span) -> "Unread":
        """The same at another place."""
        return replace(self, at=Location(span.file, span.line, span.column), span=span)


@dataclass(slots=True)
class Found:
    """What stands in some documents.

    Attributes:
        objects: Kubernetes objects.
        values: Mappings that are none, such as values for a chart.
        inline: Values for charts inside objects.
        unread: What could not be read.
    """

    objects: list[KubernetesObject] = field(default_factory=list)
    values: list[Values] = field(default_factory=list)
    inline: list[Values] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)

    def extend(self, other: "Found") -> None:
        """Add what was found elsewhere."""
        self.objects.extend(other.objects)
        self.values.extend(other.values)
        self.inline.extend(other.inline)
        self.unread.extend(other.unread)

    def take(self, found: Iterable[Document | DocumentError], place: Place = unchanged) -> None:
        """Add what documents hold; `place` leads from their places to those of the file that the user edits."""
        for document in found:
            if isinstance(document, DocumentError):
                self.unread.append(_moved(Unread.of(document, ""), place))
            else:
                self._members(document, place)

    def _members(self, document: Document, place: Place) -> None:
        found = list(islice(_objects(document, place), MAX_OBJECTS + 1))
        for each in found[:MAX_OBJECTS]:
            if isinstance(each, KubernetesObject):
                self._member(each)
        self._tell([each for each in found[:MAX_OBJECTS] if isinstance(each, Unread)])
        if len(found) > MAX_OBJECTS:
            what = f"more than {MAX_OBJECTS:,} objects in one document: those behind were not analysed"
            self.unread.append(Unread(Location(document.file, document.line), what, "Split the file."))
        if not found and document.value is not None and not kind_of(document.value):
            self.values.append(Values(document.value, document, place=place))

    def _tell(self, faults: list[Unread]) -> None:
        """Add what is no object; of very many the first ones, and how many there are more."""
        self.unread.extend(faults[:_SHOWN])
        if left := faults[_SHOWN:]:
            self.unread.append(replace(left[0], reason=f"{len(left):,} more are no objects; this is the first of them"))

    def _member(self, each: KubernetesObject) -> None:
        self.objects.append(each)
        for inside in (*embedded.objects(each), *embedded.values(each)):
            if isinstance(inside, embedded.Fault):
                self.unread.append(Unread.of(inside.error, each.file).moved(inside.span))
            elif isinstance(inside, Values):
                self.inline.append(inside)
            else:
                self.objects.append(inside)


def _moved(unread: Unread, place: Place) -> Unread:
    line, column = unread.at.line or 1, unread.at.column or 1
    return unread.moved(place(Span(unread.at.file, line, column, line, column)))


def _objects(document: Document, place: Place) -> Iterator[KubernetesObject | Unread]:
    for each in members(document.value):
        fault = (each.reason, each.remedy) if each.reason else _excess(each.value, document)
        if fault:
            yield Unread(Location(document.file), *fault).moved(place(document.span(each.path)))
        else:
            yield KubernetesObject(each.value, document, each.path, place)


def _excess(value: dict[str, Any], document: Document) -> tuple[str, str] | None:
    """Why an object is too large, and what to do; `None` for one that is not."""
    if len(document.text) <= MAX_CHARACTERS or not is_larger(value, MAX_CHARACTERS):
        return None
    return f"an object of more than {MAX_CHARACTERS / 2**20} MiB, which Kubernetes does not store", "Split it."
