"""IMG002 on charts: the version that Chart.yaml tells and the one that the values bring."""

from pathlib import Path

import pytest

from hmco_charts.lint import lint

CHART = """\
apiVersion: v2
name: toy
version: 0.1.0
appVersion: "{}"
"""
VALUES = """\
image:
  repository: registry.example.com/toy
  tag: "{}"
sidecar:
  image:
    repository: registry.example.com/other
    tag: "9.9.9"
"""


def found(folder: Path, app_version: str, tag: str) -> list[tuple[str, int, int]]:
    (folder / "templates").mkdir()
    (folder / "Chart.yaml").write_text(CHART.format(app_version))
    (folder / "values.yaml").write_text(VALUES.format(tag))
    findings = lint([folder], select=["IMG002"]).findings
    return [(Path(each.span.file).name, each.span.line, each.span.column) for each in findings]


@pytest.mark.parametrize("tag", ["1.14.0", "v1.14.0", "1.14.0-alpine"])
def test_a_tag_that_is_not_the_app_version_is_reported_in_the_values(tmp_path: Path, tag: str) -> None:
    assert found(tmp_path, "1.13.3", tag) == [("values.yaml", 3, 8)]


@pytest.mark.parametrize(
    ("app_version", "tag"), [("1.13.3", "1.13.3-alpine"), ("v1.13.3", "1.13.3"), ("1.13", "1.14.0")]
)
def test_the_same_version_and_one_left_open_are_not(tmp_path: Path, app_version: str, tag: str) -> None:
    assert found(tmp_path, app_version, tag) == []
