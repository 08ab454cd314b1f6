from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

METADATA = "apiVersion: v2\nname: demo\nversion: 0.1.0\n"

WriteChart = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def chart(tmp_path: Path) -> WriteChart:
    """Writes a chart named `demo`."""

    def write(files: Mapping[str, str]) -> Path:
        for name, text in {"Chart.yaml": METADATA, **files}.items():
            path = tmp_path / "demo" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        return tmp_path / "demo"

    return write
