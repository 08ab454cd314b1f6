"""The images that a chart runs, as its own render names them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hmco_charts import helm, yamlio

_CONTAINERS = ("initContainers", "containers")


def images(files: Mapping[str, bytes], name: str) -> list[str]:
    """Images of all containers that a chart's defaults give, sorted.

    Args:
        files: The chart's files.
        name: The chart's name.

    Raises:
        ChartError: Helm cannot render the chart.
    """
    with TemporaryDirectory() as folder:
        chart = Path(folder) / name
        for path, content in files.items():
            (chart / path).parent.mkdir(parents=True, exist_ok=True)
            (chart / path).write_bytes(content)
        manifests = helm.engine().render(chart)
    texts = [text for path, text in manifests.items() if path.endswith((".yaml", ".yml"))]
    return sorted({image for text in texts for document in yamlio.read(text) for image in _of(document.value)})


def _of(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        containers = [one for key in _CONTAINERS for one in node.get(key) or () if isinstance(one, dict)]
        yield from (one["image"] for one in containers if "image" in one)
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for value in inner:
        yield from _of(value)
