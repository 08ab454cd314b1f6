"""Kubernetes objects in documents: alone, or members of a List."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from hmco_charts.errors import DocumentError, HmcoChartsError, Location
from hmco_charts.inputs.members import kind_of, members
from hmco_charts.objects import embedded
from hmco_charts.objects.embedded import Values
from hmco_charts.objects.kubernetes import KubernetesObject, Place, unchanged
from hmco_charts.yamlio import Document, Span


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
        found = list(_objects(document, place))
        for each in found:
            if isinstance(each, Unread):
                self.unread.append(each)
            else:
                self._member(each)
        if not found and document.value is not None and not kind_of(document.value):
            self.values.append(Values(document.value, document, place=place))

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
        if each.reason:
            span = place(document.span(each.path))
            yield Unread(Location(document.file), each.reason, each.remedy).moved(span)
        else:
            yield KubernetesObject(each.value, document, each.path, place)
