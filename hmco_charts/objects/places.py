"""Where what stands in a chart's manifests comes from, looked up for many places at once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from hmco_charts.helm import engine, sourcemap
from hmco_charts.objects.rendering import RenderedSpan, RenderedTemplate, Rendering
from hmco_charts.yamlio import Span


@dataclass(frozen=True, slots=True)
class Located:
    """A part of a chart's manifest and what it comes from.

    Attributes:
        span: The place in the template.
        rendered: The place in the manifest, which has the name that Helm gives it.
        actions: The sources of the actions that wrote it; none for text that stands in the template as it is.
        writers: Likewise, of each part of its line.
    """

    span: Span
    rendered: Span
    actions: tuple[str, ...]
    writers: tuple[tuple[str, ...], ...] = ()

    @property
    def is_literal(self) -> bool:
        """Whether the template has the same characters, on one line."""
        span, rendered = self.span, self.rendered
        return (
            span.is_proven
            and not self.actions
            and span.line == span.end_line
            and rendered.line == rendered.end_line
            and span.end_column - span.column == rendered.end_column - rendered.column
        )


def locate(spans: Iterable[Span]) -> dict[Span, Located]:
    """The origins of those places that stand in rendered manifests; each chart is rendered once more for all."""
    wanted: dict[int, dict[Rendering, set[RenderedTemplate]]] = defaultdict(lambda: defaultdict(set))
    rendered = [span for span in spans if isinstance(span, RenderedSpan)]
    for span in rendered:
        wanted[id(span.template.rendering.place)][span.template.rendering].add(span.template)
    maps: dict[RenderedTemplate, sourcemap.MappedManifest] = {}
    for templates in wanted.values():
        maps.update(_maps(templates))
    return {span: _located(span, maps[span.template]) for span in rendered}


def _maps(wanted: dict[Rendering, set[RenderedTemplate]]) -> dict[RenderedTemplate, sourcemap.MappedManifest]:
    first = next(iter(wanted))
    manifests = [
        sourcemap.Manifests(each.scenario.values, {template.name: template.text for template in templates})
        for each, templates in wanted.items()
    ]
    found = sourcemap.trace(engine(), first.place.path, manifests, **first.options)
    return {
        template: mapped[template.name]
        for mapped, templates in zip(found, wanted.values(), strict=True)
        for template in templates
    }


def _located(span: RenderedSpan, mapped: sourcemap.MappedManifest) -> Located:
    template = span.template
    origin = mapped.origin(span.line, span.column, span.end_line, span.end_column)
    place = Span(
        f"{template.rendering.name}/{origin.file}",
        origin.line,
        origin.column,
        origin.end_line,
        origin.end_column,
        origin.is_proven,
    )
    rendered = Span(template.name, span.line, span.column, span.end_line, span.end_column)
    return Located(place, rendered, origin.actions, tuple(mapped.writers(span.line)))
