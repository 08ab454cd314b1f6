"""Kubernetes objects in documents: alone, or members of a List."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from hmco_charts.errors import DocumentError, HmcoChartsError, Location
from hmco_charts.objects import embedded
from hmco_charts.objects.embedded import Values
from hmco_charts.objects.kubernetes import KubernetesObject, Place, is_larger, items, mapping, unchanged
from hmco_charts.yamlio import Document, Path, Span

MAX_OBJECTS = 100_000  # of a List
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
        members = list(islice(_objects(document, place), MAX_OBJECTS + 1))
        for each in members[:MAX_OBJECTS]:
            if isinstance(each, Unread):
                self.unread.append(each)
            else:
                self._member(each)
        if len(members) > MAX_OBJECTS:
            what = f"more than {MAX_OBJECTS:,} objects in one document: those behind were not analysed"
            self.unread.append(Unread(Location(document.file, document.line), what, "Split the file."))
        if not members and document.value is not None and not _kind(document.value):
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
    pending: list[tuple[Any, Path]] = [(document.value, ())]
    while pending:
        value, base = pending.pop()
        if fault := _fault(value, is_member=bool(base)) or _excess(value, document):
            span = place(document.span(base))
            yield Unread(Location(document.file), *fault).moved(span)
        elif not (kind := _kind(value)):
            continue
        elif kind.endswith("List") and "items" in value:
            members = [(_member(value, item), (*base, "items", at)) for at, item in enumerate(items(value["items"]))]
            pending.extend(reversed(members))
        else:
            yield KubernetesObject(value, document, base, place)


def _fault(value: Any, *, is_member: bool) -> tuple[str, str] | None:
    """Why a value that claims to be an object is none, and what to do; `None` for an object, and for other mappings."""
    if value is None and not is_member:
        return None
    if not isinstance(value, dict):
        return "not a Kubernetes object", "A manifest is a mapping with a kind."
    if not (kind := _kind(value)):
        is_claimed = is_member or ("apiVersion" in value and not {"kind", "metadata"}.isdisjoint(value))
        return ("an object without a kind", "Name its kind.") if is_claimed else None
    if kind.endswith("List") and not isinstance(value.get("items"), (list, type(None))):
        return "the items of this list are no list", "Write each item after a `- `."
    return None


def _excess(value: dict[str, Any], document: Document) -> tuple[str, str] | None:
    """Why an object is too large, and what to do; `None` for a list, which is none itself, and for one that is not."""
    is_list = _kind(value).endswith("List") and "items" in value
    if len(document.text) <= MAX_CHARACTERS or is_list or not is_larger(value, MAX_CHARACTERS):
        return None
    return f"an object of more than {MAX_CHARACTERS / 2**20} MiB, which Kubernetes does not store", "Split it."


def _kind(value: Any) -> str:
    kind = mapping(value).get("kind")
    return kind if isinstance(kind, str) else ""


def _member(list_: dict[str, Any], item: Any) -> Any:
    """A list's item; of a `ConfigMapList` and its like, which may leave it out, with the kind of the list."""
    kind = list_["kind"].removesuffix("List")
    if not kind or not isinstance(item, dict) or "kind" in item:
        return item
    return {"apiVersion": list_.get("apiVersion"), "kind": kind, **item}
