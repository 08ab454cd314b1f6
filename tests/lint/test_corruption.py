"""No silence: whatever a file holds, `lint` ends, raises nothing, and says where it could not read.

Each fixture of the rules is damaged in several of the ways, each way is tried on many fixtures, the same ones every
time. Whether a text can be read is what Helm's own reader says of it.
"""

import random
import re
import shutil
from pathlib import Path
from time import perf_counter

import helm_python
import pytest

from hmco_charts.lint import Confidence, Result, Severity, lint
from tests.lint.corruption import CORRUPTIONS
from tests.lint.test_rules import NOW, cluster, fixtures, name

FIXTURES = [*fixtures("bad"), *fixtures("good")]
MANIFESTS = [path for path in FIXTURES if path.is_file()]
CHARTS = [path for path in FIXTURES if path.is_dir()]
WAYS = list(CORRUPTIONS)
HEAVY = {"a scalar of 5 MB", "an alias bomb"}
LONGEST = 10.0  # seconds
TRIED = 20


def checked(path: Path, fixture: Path) -> Result:
    """What the run finds, after it was looked at for failed rules."""
    start = perf_counter()
    told = {"profile": "pedantic", "severity": Severity.INFO, "confidence": Confidence.LOW, "now": NOW}
    result = lint([path], cluster=cluster(fixture), max_switches=1, **told)
    assert perf_counter() - start < LONGEST
    assert [each.message for each in result.findings if "failed with" in each.message] == []
    return result


def unreadable(data: bytes) -> list[str]:
    """What Helm's reader, which is that of Kubernetes, says against the documents of a manifest."""
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8")
    except UnicodeDecodeError as error:
        return [str(error)]
    if "\0" in text:
        return ["NUL"]
    chunks = re.split(r"(?m)^---(?=\s|$)", text.removeprefix("\ufeff"))
    return [fault for chunk in chunks if re.search(r"(?m)^[ \t]*[^\s#]", chunk) for fault in refusals(chunk)]


def refusals(chunk: str) -> list[str]:
    try:
        helm_python.values_from_yaml(chunk)
    except helm_python.HelmError as error:
        return [str(error)]
    return []


def ways(index: int) -> list[str]:
    """Twenty of the ways for a fixture; the heavy ones for a few fixtures only."""
    step = [WAYS[(index * TRIED + at) % len(WAYS)] for at in range(TRIED)]
    return [way for way in step if way not in HEAVY or index % 40 < 2]


@pytest.mark.parametrize("part", range(4))
def test_a_damaged_manifest_is_read_or_told(part: int, tmp_path: Path) -> None:
    silent = []
    for index, fixture in list(enumerate(MANIFESTS))[part::4]:
        for way in ways(index):
            data = CORRUPTIONS[way](fixture.read_bytes(), random.Random(f"{name(fixture)} {way}"))
            path = tmp_path / "manifest.yaml"
            path.write_bytes(data)
            result = checked(path, fixture)
            if result.exit_code != 3 and (faults := unreadable(data)):
                silent.append((name(fixture), way, faults))
    assert silent == []


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_damage_is_tried_on_a_manifest(way: str, tmp_path: Path) -> None:
    fixture = MANIFESTS[WAYS.index(way)]
    path = tmp_path / "manifest.yaml"
    path.write_bytes(CORRUPTIONS[way](fixture.read_bytes(), random.Random(way)))
    result = checked(path, fixture)
    assert result.exit_code == 3 or not unreadable(path.read_bytes())


@pytest.mark.parametrize("fixture", CHARTS, ids=name)
def test_a_damaged_chart_is_read_or_told(fixture: Path, tmp_path: Path) -> None:
    index = CHARTS.index(fixture)
    files = sorted(path.relative_to(fixture) for path in fixture.rglob("*") if path.is_file())
    for way in ways(index):
        chart = tmp_path / way.replace(" ", "-") / fixture.name
        shutil.copytree(fixture, chart)
        dice = random.Random(f"{name(fixture)} {way}")
        file = chart / dice.choice(files)
        file.write_bytes(CORRUPTIONS[way](file.read_bytes(), dice))
        result = checked(chart, fixture)
        is_metadata = file.name in ("Chart.yaml", "values.yaml") and file.parent == chart
        if is_metadata and refusals_of_values(file):
            assert result.exit_code == 3, (way, file)


def refusals_of_values(file: Path) -> list[str]:
    try:
        return refusals(file.read_text())
    except UnicodeDecodeError as error:
        return [str(error)]
