"""What CONTRIBUTING shows works: the files in it are taken out as they stand."""

import dataclasses
import importlib.util
import re
import textwrap
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from hmco_charts import yamlio
from hmco_charts.generate import render, write
from hmco_charts.lint import PROFILES, lint
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.values import ChartType
from tests.charts.release import containers, objects
from tests.values.idle import idle

ROOT = Path(__file__).parents[1]
_FILE = re.compile(r"^ *`([\w/.-]+)`:\n\n( *)```\w*\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
FILES = {path: textwrap.dedent(content) for path, _, content in _FILE.findall(TEXT)}


def module(path: str, folder: Path) -> ModuleType:
    file = folder / Path(path).name
    file.write_text(FILES[path], "utf-8")
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


@pytest.fixture
def echo(tmp_path: Path) -> ChartType:
    """The chart of CONTRIBUTING."""
    source = "chart_templates/echo/"
    for path, content in FILES.items():
        if path.startswith(source):
            file = tmp_path / "source" / path.removeprefix(source)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, "utf-8")
    chart = module("hmco_charts/values/echo.py", tmp_path).CHART
    assert isinstance(chart, ChartType)
    return dataclasses.replace(chart, folder=tmp_path / "source")


def test_the_chart_renders_and_no_policy_objects(echo: ChartType, tmp_path: Path) -> None:
    write(render(echo), tmp_path / "echo")
    found = objects(tmp_path / "echo", {"password": {"name": "mine"}})
    assert {name.split("/")[0] for name in found} == {"ConfigMap", "Deployment", "NetworkPolicy"}
    (container,) = containers(found["Deployment/release-echo"]["spec"]["template"])
    reference = {"secretKeyRef": {"name": "mine", "key": "password"}}
    assert {"name": "ECHO_PASSWORD", "valueFrom": reference} in container["env"]
    assert None not in container.values()
    assert [finding.message for finding in lint([tmp_path / "echo"], profile=PROFILES[-1]).findings] == []


def test_the_toy_rule_finds_what_its_fixtures_say(tmp_path: Path) -> None:
    rule = module("hmco_charts/lint/rules/toy001.py", tmp_path).NightlyImage()
    found = {
        path.rpartition("/")[2]: [
            {"rule": one.rule, "line": one.span.line, "column": one.span.column, "object": str(one.object)}
            for one in rule.check(release(text))
        ]
        for path, text in FILES.items()
        if path.endswith(("nightly.yaml", "released.yaml"))
    }
    expected = yaml.safe_load(FILES["tests/lint/rules/TOY001/bad/nightly.expected.yaml"])
    assert [one.pop("severity") for one in expected] == [rule.severity.value]
    assert found == {"nightly.yaml": expected, "released.yaml": []}


def release(text: str) -> Release:
    return Release(tuple(KubernetesObject(document.value, document) for document in yamlio.read(text, "a.yaml")))


def test_every_value_of_the_chart_does_something(echo: ChartType, tmp_path: Path) -> None:
    assert idle(echo, tmp_path) == []
