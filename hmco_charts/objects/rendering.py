"""A chart rendered with some values, each line led back to its template when that is asked for."""

import shutil
import tempfile
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from hmco_charts.errors import ChartError
from hmco_charts.helm import Rendered, engine, sourcemap
from hmco_charts.yamlio import Span

_NOTES = "NOTES.txt"


class Place:
    """A chart's folder or archive; one that was pulled is removed when nothing needs it any more."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def pulled(cls, reference: str, *, plain_http: bool, ca_file: Path | None) -> "Place":
        """The archive of an `oci://` reference.

        Raises:
            PublishError: The registry does not give the chart.
        """
        from hmco_charts.publish.registry import pull

        folder = tempfile.mkdtemp(prefix="hmco-charts-")
        place = cls(Path(folder))
        weakref.finalize(place, shutil.rmtree, folder, ignore_errors=True)
        place.path = pull(reference, Path(folder), plain_http=plain_http, ca_file=ca_file)
        return place


@dataclass(frozen=True, eq=False)
class Rendering:
    """A chart rendered with some values.

    Attributes:
        name: The chart as the user named it.
        root: How places name its folder.
        place: Where it is.
        given: The values over the chart's own.
        rendered: What Helm gave.
        options: As for `Engine.render_marked`.
    """

    name: str
    root: str
    place: Place
    given: Mapping[str, Any] = field(repr=False)
    rendered: Rendered = field(repr=False)
    options: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def templates(self) -> tuple["RenderedTemplate", ...]:
        """The manifests, without NOTES.txt."""
        manifests = self.rendered.manifests.items()
        return tuple(RenderedTemplate(self, name, text) for name, text in manifests if not name.endswith(_NOTES))

    @cached_property
    def mapped(self) -> Mapping[str, sourcemap.MappedTemplate]:
        """The manifests, whose lines know where they came from; those of a chart that Helm now refuses do not."""
        try:
            found = sourcemap.render(engine(), self.place.path, self.given, **self.options)
        except ChartError:
            return {}
        return {template.name: template for template in found}


@dataclass(frozen=True)
class RenderedTemplate:
    """A template's manifests.

    Attributes:
        rendering: What they are part of.
        name: The template's name as Helm gives it.
        text: The manifests.
    """

    rendering: Rendering
    name: str
    text: str = field(repr=False)

    @property
    def file(self) -> str:
        """The template's file."""
        return f"{self.rendering.root}/{self.name.partition('/')[2]}"

    def place(self, span: Span) -> Span:
        """The place in the template of a place in the manifests."""
        mapped = self.rendering.mapped.get(self.name)
        if mapped is None or mapped.text.count("\n") + 1 < span.line:
            return Span(self.file, 1, 1, 1, 1)
        origin = mapped.origin(span.line)
        line, column = origin.line, origin.column(span.column)
        end_line = line + span.end_line - span.line
        end_column = column + span.end_column - span.column if end_line == line else span.end_column
        return Span(f"{self.rendering.name}/{origin.file}", line, column, end_line, max(end_column, 1))
