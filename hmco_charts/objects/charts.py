"""Charts as objects see them: rendered by Helm, each line led back to its template."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hmco_charts import yamlio
from hmco_charts.errors import DocumentError, Location
from hmco_charts.helm import engine, sourcemap
from hmco_charts.yamlio import Span

_CHART_FILES = ("Chart.yaml", "Chart.lock", "values.schema.json", ".helmignore")
_CHART_FOLDERS = ("templates", "charts", "crds", "ci", "files")
_NOTES = "NOTES.txt"


@dataclass(frozen=True)
class RenderedTemplate:
    """A template's manifests.

    Attributes:
        chart: The chart as the user named it.
        mapped: The manifests, whose lines know where they came from.
    """

    chart: str
    mapped: sourcemap.MappedTemplate

    @property
    def file(self) -> str:
        """The template's file."""
        return f"{self.chart}/{self.mapped.name.partition('/')[2]}"

    def place(self, span: Span) -> Span:
        """The place in the template of a place in the manifests."""
        origin = self.mapped.origin(span.line)
        line, column = origin.line, origin.column(span.column)
        end_line = line + span.end_line - span.line
        end_column = column + span.end_column - span.column if end_line == line else span.end_column
        return Span(f"{self.chart}/{origin.file}", line, column, end_line, max(end_column, 1))


def chart_of(path: Path) -> Path | None:
    """The chart that a path belongs to: itself if it is one, or the folder that a file is part of."""
    if (path / "Chart.yaml").is_file():
        return path
    for folder in path.parents:
        if (folder / "Chart.yaml").is_file():
            return folder if _is_part(path.relative_to(folder)) else None
    return None


def _is_part(path: Path) -> bool:
    is_values = path.name.startswith("values") and path.suffix in (".yaml", ".yml")
    return path.name in _CHART_FILES or path.parts[0] in _CHART_FOLDERS or (len(path.parts) == 1 and is_values)


def render(
    chart: str, values: Sequence[Path] = (), *, plain_http: bool = False, ca_file: Path | None = None
) -> list[RenderedTemplate]:
    """The manifests of a chart: a folder, an archive or an `oci://` reference.

    Args:
        chart: The chart.
        values: Values files over the chart's own; later ones win.
        plain_http: Whether the registry of a reference speaks HTTP without TLS.
        ca_file: Certificates (PEM) to trust in place of the system's.

    Raises:
        ChartError: The chart cannot be loaded or rendered.
        DocumentError: A values file cannot be read.
        PublishError: The registry does not give the chart.
    """
    told = merged(values)
    if not chart.startswith("oci://"):
        return _rendered(chart, Path(chart), told)
    from hmco_charts.publish.registry import pull

    with tempfile.TemporaryDirectory(prefix="hmco-charts-") as folder:
        return _rendered(chart, pull(chart, Path(folder), plain_http=plain_http, ca_file=ca_file), told)


def _rendered(name: str, chart: Path, values: dict[str, Any]) -> list[RenderedTemplate]:
    found = sourcemap.render(engine(), chart, values)
    return [RenderedTemplate(name, mapped) for mapped in found if not mapped.name.endswith(_NOTES)]


def merged(files: Sequence[Path]) -> dict[str, Any]:
    """The values files as one document; later ones win.

    Raises:
        DocumentError: A file cannot be read.
    """
    values: dict[str, Any] = {}
    for file in files:
        for document in yamlio.read(_text(file), str(file)):
            values = yamlio.merge(values, document.value)
    return values


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not UTF-8 text"
        raise DocumentError(reason, at=Location(str(file)), remedy="Check the values file.") from None
