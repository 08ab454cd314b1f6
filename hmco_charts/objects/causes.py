"""The values and files of charts that parts of their manifests come from, as places in those files."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from hmco_charts.helm import engine, flow, inclusion, sourcemap
from hmco_charts.helm.flow import Budget
from hmco_charts.objects import dependencies
from hmco_charts.objects.chart import ChartFiles
from hmco_charts.objects.places import Located
from hmco_charts.objects.rendering import RenderedSpan, Rendering
from hmco_charts.yamlio import Document, Path, Span

__all__ = ["Budget", "Cause", "causes"]


@dataclass(frozen=True, slots=True)
class Cause:
    """A value, or a line of a file, that a part of a manifest comes from.

    Attributes:
        span: Where it stands, in the topmost of the values files that set it, or in the file.
        key: The value's name, such as `server.image.tag`, or the file's path.
        is_exact: Whether the file has there what the manifest has.
        is_file: Whether it is a file that the chart includes.
    """

    span: Span
    key: str
    is_exact: bool
    is_file: bool = False


def causes(places: Mapping[Span, Located], wanted: Iterable[Span], budget: Budget) -> dict[Span, list[Cause]]:
    """The values, and else the files, that parts of charts' manifests come from.

    Args:
        places: Where the parts come from, as `places.locate` gives it.
        wanted: The parts that are asked for.
        budget: What the search may cost.
    """
    parts: dict[Rendering, dict[Span, flow.Sought]] = defaultdict(dict)
    for span in wanted:
        if isinstance(span, RenderedSpan) and (sought := _sought(span, places[span])):
            parts[span.template.rendering][span] = sought
    found: dict[Span, list[Cause]] = {}
    for rendering, wanted_parts in parts.items():
        leaves = _search(rendering, wanted_parts, budget)
        found |= {span: list(_causes(rendering, leaves.get(each, ()))) for span, each in wanted_parts.items()}
        rest = {span: each for span, each in wanted_parts.items() if not found[span]}
        found |= _files(rendering, rest, budget)
    return found


def _files(rendering: Rendering, wanted: Mapping[Span, flow.Sought], budget: Budget) -> dict[Span, list[Cause]]:
    parts = {span: inclusion.Part(each.manifest, each.line, each.start, each.end) for span, each in wanted.items()}
    manifests = _manifests(rendering, (part.manifest for part in parts.values()))
    distinct = list(dict.fromkeys(parts.values()))
    path, options = rendering.place.path, rendering.options
    found = inclusion.search(engine(), path, manifests, distinct, budget=budget, **options)
    return {span: [_of_file(rendering, found[part])] for span, part in parts.items() if part in found}


def _of_file(rendering: Rendering, origin: sourcemap.Origin) -> Cause:
    place = (origin.line, origin.column, origin.end_line, origin.end_column)
    return Cause(Span(f"{rendering.name}/{origin.file}", *place), origin.file, is_exact=True, is_file=True)


def _sought(span: RenderedSpan, place: Located) -> flow.Sought | None:
    """What is looked for: the part on its first line; nothing where templates spell that line out."""
    writers = place.writers
    is_made = bool(writers and writers[0])
    is_one_line = span.end_line == span.line
    if not any(writers) or not (is_made or is_one_line):
        return None
    line = span.template.text.split("\n")[span.line - 1]
    end = span.end_column if is_one_line else len(line) + 1
    actions = tuple(dict.fromkeys(chain.from_iterable(writers)))
    return flow.Sought(span.template.name, span.line, span.column, end, is_made, actions)


def _search(
    rendering: Rendering, sought: Mapping[Span, flow.Sought], budget: Budget
) -> dict[flow.Sought, tuple[flow.Leaf, ...]]:
    manifests = _manifests(rendering, (each.manifest for each in sought.values()))
    values = rendering.rendered.values
    wanted = dict.fromkeys(sought.values())
    return flow.search(engine(), rendering.place.path, manifests, values, wanted, budget=budget, **rendering.options)


def _manifests(rendering: Rendering, names: Iterable[str]) -> sourcemap.Manifests:
    texts = {name: rendering.rendered.manifests[name] for name in names}
    return sourcemap.Manifests(rendering.scenario.values, texts)


def _causes(rendering: Rendering, leaves: Iterable[flow.Leaf]) -> Iterator[Cause]:
    for leaf in leaves:
        document, path = _setting(rendering, leaf.path)
        if document:
            span = document.text_span(path, leaf.start, leaf.end) if leaf.end else document.span(path, key=leaf.is_key)
            yield Cause(span, ".".join(map(str, leaf.path)), leaf.is_exact)


def _setting(rendering: Rendering, path: Path) -> tuple[Document | None, Path]:
    """The document that sets a value, and where in it."""
    for document in reversed(rendering.scenario.documents):
        if _has(document, path):
            return document, path
    if rendering.scenario.is_switch and path == _switch(rendering):
        return None, path
    return _default(rendering.files, path)


def _switch(rendering: Rendering) -> Path:
    return tuple(rendering.scenario.label.rpartition("=")[0].split("."))


def _default(files: ChartFiles, path: Path) -> tuple[Document | None, Path]:
    document = files.documents.get("values.yaml")
    if document and _has(document, path):
        return document, path
    aliases = {each.alias: each.name for each in dependencies.declared(files)}
    part = next((each for each in files.subcharts if path and each.name == aliases.get(str(path[0]), path[0])), None)
    return _default(part, path[1:]) if part else (None, path)


def _has(document: Document, path: Path) -> bool:
    value = document.value
    for step in path:
        is_item = isinstance(value, list) and isinstance(step, int) and step < len(value)
        if not is_item and not (isinstance(value, dict) and step in value):
            return False
        value = value[step]
    return True
