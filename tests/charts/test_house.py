"""What CONTRIBUTING asks of each chart."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from hmco_charts.generate import render
from hmco_charts.values import ChartType, Values, charts, schema
from tests.charts.release import chart as written
from tests.charts.release import containers, objects, pod_templates, values
from tests.values.attack import Contract

ROOT = Path(__file__).parents[2]
RESTRICTED = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "runAsNonRoot": True}
FROM_ROOT = {"doris": ("StatefulSet/release-doris-fe", "StatefulSet/release-doris-be")}
"""Pods of images that start as root, as the README tells; they hold `baseline`, without further rights."""
_OF_SCENARIOS = "busybox:"
"""Image of the containers that scenarios add, as a user might."""
_OF_THE_NODE = {
    "node-tuning": "its init container sets what belongs to the node",
    "promtail": "agent: promtail reads files that belong to the node's root",
}
"""Charts whose DaemonSet is not restricted, and why."""
CHARTS = pytest.mark.parametrize("chart", charts().values(), ids=lambda chart: chart.name)


def models(model: type[Values]) -> set[type[Values]]:
    """The model and all models in its fields."""
    found, waiting = set(), [model]
    while waiting:
        one = waiting.pop()
        found.add(one)
        parts = (part for field in one.model_fields.values() for part in _parts(field.annotation))
        waiting += [part for part in parts if _is_model(part) and part not in found]
    return found


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    for inner in get_args(annotation):
        yield from _parts(inner)


def _is_model(part: Any) -> bool:
    return isinstance(part, type) and issubclass(part, Values)


@CHARTS
def test_each_value_has_a_description(chart: ChartType) -> None:
    fields = [(model, name, field) for model in models(chart.model) for name, field in model.model_fields.items()]
    assert [f"{model.__name__}.{name}" for model, name, field in fields if not field.description] == [], (
        "values.yaml, the schema and the README tell it"
    )


@CHARTS
def test_each_string_says_what_it_is(chart: ChartType) -> None:
    positions = [one for one in Contract(schema(chart.model)).positions() if not str(one).startswith("global")]
    texts = [one for one in positions if "string" in one.node.get("type", ())]
    maps = [one for one in positions if "object" in one.node.get("type", ())]
    plain = [str(one) for one in texts if not {"pattern", "enum", "const", "not"} & set(one.node)]
    opened = [str(one) for one in maps if not {"properties", "additionalProperties"} & set(one.node)]
    assert plain + opened == [], "a plain str takes a credential: use a type of hmco_charts/values/text.py"


@CHARTS
def test_it_has_an_introduction_and_tells_what_changed(chart: ChartType) -> None:
    assert (chart.templates / "_introduction.md").is_file(), "it is the beginning of the chart's README"
    assert (chart.templates / "CHANGELOG.md").is_file(), "Artifact Hub and the chart's users read it"
    changelog = (chart.templates / "CHANGELOG.md").read_text("utf-8")
    assert re.search(rf"^## {re.escape(chart.version)}$", changelog, re.MULTILINE), "the version has no section"


@CHARTS
def test_each_template_gives_null_its_default(chart: ChartType) -> None:
    begin = f'{{{{- include "{chart.helpers}.values" . -}}}}'
    files = render(chart).files
    shown = {path: text.decode() for path, text in files.items() if path.startswith("templates/")}
    rendered = {path: text for path, text in shown.items() if not path.endswith(".tpl")}
    assert [path for path, text in rendered.items() if not text.strip().startswith(begin)] == [], f"begin with {begin}"


@CHARTS
def test_each_helper_is_defined_once(chart: ChartType) -> None:
    files = render(chart).files
    shown = [text.decode() for path, text in files.items() if path.startswith("templates/")]
    defined = Counter(name for text in shown for name in re.findall(r'{{-? *define "([^"]+)"', text))
    assert [name for name, times in defined.items() if times > 1] == [], "the later definition would hold everywhere"


@CHARTS
def test_no_helper_replaces_one_of_a_wrapped_chart(chart: ChartType) -> None:
    files = render(chart).files
    shown = [text.decode() for path, text in files.items() if path.startswith("templates/")]
    defined = {name for text in shown for name in re.findall(r'{{-? *define "([^"]+)"', text)}
    assert [name for name in defined if not name.startswith(f"{chart.helpers}.")] == []
    assert chart.upstream is None or chart.upstream.name != chart.helpers


@CHARTS
def test_releases_do_not_share_objects(chart: ChartType, tmp_path: Path) -> None:
    folder = written(tmp_path, chart.name, chart.default_profile)
    first, second = (objects(folder, name=name) for name in ("release", "other"))
    assert set(first) & set(second) == set(), f"take the name from {chart.helpers}.metadata or {chart.helpers}.fullname"
    labels = {name: one["metadata"].get("labels", {}) for name, one in first.items()}
    wanted = {"app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/component", "helm.sh/chart"}
    assert [name for name, found in labels.items() if not wanted <= set(found)] == [], f"use {chart.helpers}.metadata"


@CHARTS
def test_every_pod_is_restricted_and_asks_for_its_share(chart: ChartType, tmp_path: Path) -> None:
    scenarios = [None, *sorted((chart.templates / "ci").glob("*-values.yaml"))]
    for scenario in scenarios:
        told = values(scenario.read_text("utf-8")) if scenario else {}
        for name, pod in pod_templates(objects(written(tmp_path, chart.name, chart.default_profile), told)):
            assert pod["spec"]["enableServiceLinks"] is False, name
            if chart.name in _OF_THE_NODE and name.startswith("DaemonSet/"):
                continue
            is_root = name in FROM_ROOT.get(chart.name, ())
            assert pod["spec"]["securityContext"]["runAsNonRoot"] is not is_root, name
            kept = {"allowPrivilegeEscalation": False} if is_root else RESTRICTED
            for one in containers(pod):
                assert kept.items() <= one["securityContext"].items(), f"{name}: use {chart.helpers}.container"
                assert one["securityContext"]["capabilities"]["drop"] == ["ALL"], name
                assert one.get("resources") or one["image"].startswith(_OF_SCENARIOS), (
                    f"{name}: use {chart.helpers}.container"
                )


@pytest.mark.parametrize(
    ("chart", "scenario"),
    [
        ("doris", "backup"),
        ("elasticsearch", "shared"),
        ("kafka", None),
        ("mysql", "shared"),
        ("neo4j", "datahub"),
        ("postgresql", "shared"),
        ("redis", "shared"),
        ("zookeeper", None),
    ],
)
def test_a_restore_that_stopped_halfway_is_not_tried_again(chart: str, scenario: str | None, tmp_path: Path) -> None:
    ci = ROOT / "chart_templates" / chart / "ci"
    told = values((ci / f"{scenario}-values.yaml").read_text("utf-8")) if scenario else {"backup": {"enabled": True}}
    job = objects(written(tmp_path, chart, charts()[chart].default_profile), told)[f"CronJob/release-{chart}-restore"]
    assert (job["spec"]["suspend"], job["spec"]["jobTemplate"]["spec"]["backoffLimit"]) == (True, 0)


@CHARTS
def test_the_readme_names_it(chart: ChartType) -> None:
    assert f"charts/{chart.name}/README.md" in (ROOT / "README.md").read_text("utf-8")


def test_rendered_charts_and_their_sources_are_the_charts_that_there_are() -> None:
    sources = {path.name for path in (ROOT / "chart_templates").iterdir() if path.is_dir()} - {"_lib"}
    assert {path.name for path in (ROOT / "charts").iterdir()} == sources == set(charts())
