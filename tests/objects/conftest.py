from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

METADATA = "apiVersion: v2\nname: app\nversion: 1.0.0\n"
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n  level: {level}\n"

WriteChart = Callable[..., Path]


def config(name: str = "app", level: str = "info") -> str:
    """A ConfigMap, or with actions the template of one."""
    return CONFIG.format(name=name, level=level)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], Path]:
    """Writes files into the test's folder."""

    def write_files(files: Mapping[str, str | bytes]) -> Path:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return tmp_path

    return write_files


@pytest.fixture
def chart(write) -> WriteChart:
    """Writes a chart named `app`."""

    def write_chart(files: Mapping[str, str | bytes], folder: str = "app") -> Path:
        return write({f"{folder}/{name}": text for name, text in {"Chart.yaml": METADATA, **files}.items()}) / folder

    return write_chart
