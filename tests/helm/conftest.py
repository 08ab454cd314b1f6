from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from hmco_charts.helm import Engine, engine

METADATA = "apiVersion: v2\nname: demo\nversion: 0.1.0\n"
SUBCHART = "apiVersion: v2\nname: sub\nversion: 0.1.0\n"

WriteChart = Callable[..., Path]


@pytest.fixture
def helm() -> Engine:
    return engine()


@pytest.fixture
def write_chart(tmp_path: Path) -> WriteChart:
    """Writes a chart named `demo` of the given files; the folder's name may differ."""

    def write(files: Mapping[str, str | bytes], folder: str = "demo") -> Path:
        for name, content in {"Chart.yaml": METADATA, **files}.items():
            path = tmp_path / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return tmp_path / folder

    return write
