"""STO004 at the limits of the API server; the objects are too large to be kept as fixtures."""

import base64
from pathlib import Path

import pytest

from hmco_charts.lint import lint

MEBIBYTE = 2**20


def sizes(tmp_path: Path, manifest: str) -> list[str]:
    file = tmp_path / "manifest.yaml"
    file.write_text(manifest)
    return [finding.message for finding in lint([file], select=["STO004"]).findings]


def config_map(field: str, value: str, annotations: str = "{}") -> str:
    return f"kind: ConfigMap\nmetadata: {{name: app, annotations: {annotations}}}\n{field}: {{a: {value}}}\n"


def encoded(size: int) -> str:
    return base64.b64encode(b"\0" * size).decode()


@pytest.mark.parametrize(
    "manifest",
    [
        config_map("data", "x" * MEBIBYTE),
        config_map("binaryData", encoded(MEBIBYTE)),
        f"kind: Secret\nmetadata: {{name: app}}\ndata: {{a: {encoded(MEBIBYTE)}}}\n",
        config_map("data", "x", "{note: " + "x" * (MEBIBYTE // 4) + "}"),
    ],
    ids=["text", "binary", "secret", "annotations"],
)
def test_over_the_limit(tmp_path: Path, manifest: str) -> None:
    [message] = sizes(tmp_path, manifest)
    assert "more than" in message


@pytest.mark.parametrize(
    "manifest",
    [
        config_map("data", "x" * (MEBIBYTE - 1)),
        config_map("binaryData", encoded(MEBIBYTE - 2)),
        config_map("data", "x", "{note: " + "x" * (MEBIBYTE // 4 - 100) + "}"),
    ],
    ids=["text", "binary", "annotations"],
)
def test_within_the_limit(tmp_path: Path, manifest: str) -> None:
    assert sizes(tmp_path, manifest) == []
