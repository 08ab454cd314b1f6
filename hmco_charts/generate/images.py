"""The images that a chart runs, as its own render names them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hmco_charts import helm, yamlio
from hmco_charts.errors import ChartError, DocumentError, Location
from hmco_charts.generate.source import at_source, shown
from hmco_charts.generate.tree import ChartTree

_SCHEMA = "values.schema.json"  # the types have judged the values, and Helm reads it for longer than it renders
_CONTAINERS = ("initContainers", "containers")


def images(tree: ChartTree) -> list[str]:
    """Images of all containers that a chart's defaults give, sorted.

    Raises:
        ChartError: Helm cannot render the chart.
    """
    files = {path: content for path, content in tree.files.items() if path != _SCHEMA}
    try:
        manifests = helm.engine().render_files(tree.name, files, is_partial=True)
    except ChartError as error:
        raise at_source(error, Path(tree.name), tree.sources) from None
    written = {path: text for path, text in manifests.items() if path.endswith((".yaml", ".yml"))}
    return sorted({image for path, text in written.items() for one in _read(text, path, tree) for image in _of(one)})


def _read(text: str, path: str, tree: ChartTree) -> list[Any]:
    try:
        return [document.value for document in yamlio.read(text)]
    except DocumentError as error:
        line = error.at.line if error.at else None
        what = f"what the template gives is {error.what} (its line {line})"
        at = Location(shown(tree.sources[path.removeprefix(f"{tree.name}/")]))
        raise ChartError(what, at=at, remedy="Correct the template.") from None


def _of(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        containers = [one for key in _CONTAINERS for one in node.get(key) or () if isinstance(one, dict)]
        yield from (one["image"] for one in containers if "image" in one)
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for value in inner:
        yield from _of(value)
