"""A chart rendered with some values."""

import shutil
import tempfile
import weakref
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from hmco_charts.helm import Rendered
from hmco_charts.objects.chart import ChartFiles
from hmco_charts.objects.scenarios import Scenario
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
        files: Its files.
        place: Where it is.
        scenario: The values over the chart's own.
        rendered: What Helm gave.
        options: As for `Engine.render`.
    """

    name: str
    files: ChartFiles = field(repr=False)
    place: Place
    scenario: Scenario
    rendered: Rendered = field(repr=False)
    options: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def templates(self) -> tuple["RenderedTemplate", ...]:
        """The manifests, without NOTES.txt."""
        manifests = self.rendered.manifests.items()
        return tuple(RenderedTemplate(self, name, text) for name, text in manifests if not name.endswith(_NOTES))


@dataclass(frozen=True, eq=False)
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
        return f"{self.rendering.files.root}/{self.name.partition('/')[2]}"

    def place(self, span: Span) -> "RenderedSpan":
        """The place in the manifests, which leads to the template."""
        return RenderedSpan(*astuple(span), template=self)


@dataclass(frozen=True, slots=True)
class RenderedSpan(Span):
    """A part of a chart's manifest, for `places.locate`: where it came from is looked up for what is told only.

    Attributes:
        template: The manifest; lines and columns are its own.
    """

    template: RenderedTemplate = field(kw_only=True, repr=False)
