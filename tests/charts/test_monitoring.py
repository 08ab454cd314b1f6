"""Alerts and dashboards of every chart: Prometheus reads them, each alert fires and stays quiet when it should.

`tests/charts/<chart>/alerts.yaml` holds a case for each alert; `tests/charts/<chart>/metrics.yaml` the metrics that the
program is known to give, by the source that tells it.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from hmco_charts import generate
from hmco_charts.values import ChartType, charts
from hmco_charts.yamlio import merge
from tests.charts import release
from tests.services import promtool

HERE = Path(__file__).parent
MONITORED = [chart for chart in charts().values() if "metrics" in chart.model.model_fields]
CHARTS = pytest.mark.parametrize("chart", MONITORED, ids=lambda chart: chart.name)
_METRIC = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)\{")
_ON = {"metrics": {"enabled": True, "prometheusRule": {"enabled": True}}}


def told(chart: ChartType, name: str) -> dict[str, Any]:
    file = HERE / chart.name.replace("-", "_") / name
    return release.values(file.read_text("utf-8")) if file.is_file() else {}


CASES = [(chart, name) for chart in MONITORED for name in told(chart, "alerts.yaml").get("alerts", {})]


@cache
def written(chart: ChartType, folder: Path, profile: str) -> Path:
    return release.chart(folder / chart.name, chart.name, profile)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("monitored")


def rules(chart: ChartType, folder: Path, profile: str, overlay: dict[str, Any] | None = None) -> dict[str, Any]:
    found = release.objects(written(chart, folder, profile), merge(_ON, overlay or {}))
    groups = [group for one in found.values() if one["kind"] == "PrometheusRule" for group in one["spec"]["groups"]]
    return {"groups": groups}


def all_alerts(rules: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (rule for group in rules["groups"] for rule in group["rules"])


def expressions(chart: ChartType) -> Iterator[str]:
    """The queries of the dashboards, with what Grafana puts in."""
    for path, content in generate.render(chart).files.items():
        if path.startswith("files/dashboards/"):
            panels = json.loads(content)["panels"]
            yield from (
                target["expr"].replace("$__rate_interval", "5m") for panel in panels for target in panel["targets"]
            )


@CHARTS
def test_prometheus_reads_the_alerts_of_every_profile(chart: ChartType, folder: Path, tmp_path: Path) -> None:
    for profile in chart.profiles:
        found = rules(chart, folder, profile)
        assert list(all_alerts(found)), "the chart has no alert: use prometheus_rule of _lib/monitoring.j2"
        promtool.check(found, tmp_path)


@CHARTS
def test_without_the_operator_the_same_alerts_are_a_file(chart: ChartType, folder: Path, tmp_path: Path) -> None:
    file = {"metrics": {"prometheusRule": {"kind": "ConfigMap", "namespace": "monitoring"}}}
    found = release.objects(written(chart, folder, chart.default_profile), merge(_ON, file))
    (alerts,) = (one for name, one in found.items() if name.startswith("ConfigMap/") and name.endswith("-alerts"))
    assert alerts["metadata"]["namespace"] == "monitoring"
    (text,) = alerts["data"].values()
    assert release.values(text) == rules(chart, folder, chart.default_profile)


@CHARTS
def test_every_alert_has_a_case(chart: ChartType, folder: Path) -> None:
    found = {one["alert"] for profile in chart.profiles for one in all_alerts(rules(chart, folder, profile))}
    assert found - set(told(chart, "alerts.yaml").get("alerts", {})) == set(), "add a case to alerts.yaml"


@pytest.mark.parametrize(("chart", "alert"), CASES, ids=lambda part: getattr(part, "name", part))
def test_an_alert_fires_and_stays_quiet(chart: ChartType, alert: str, folder: Path, tmp_path: Path) -> None:
    known = told(chart, "alerts.yaml")
    case = known["alerts"][alert]
    found = rules(chart, folder, case.get("profile", chart.default_profile), case.get("values"))
    for wanted in ("fires", "quiet"):
        series = {name.replace("RELEASE", known["release"]): values for name, values in case[wanted].items()}
        promtool.fires(found, alert, series, case["at"], tmp_path, wanted=wanted == "fires")


@CHARTS
def test_prometheus_reads_every_query_of_the_dashboards(chart: ChartType, tmp_path: Path) -> None:
    queries = list(expressions(chart))
    assert queries, "the chart has no dashboard: use dashboard of _lib/monitoring.j2"
    promtool.read(queries, tmp_path)


@CHARTS
def test_alerts_and_dashboards_use_metrics_that_exist(chart: ChartType, folder: Path) -> None:
    found = [one["expr"] for profile in chart.profiles for one in all_alerts(rules(chart, folder, profile))]
    used = {name for text in [*found, *expressions(chart)] for name in _METRIC.findall(text)}
    known = {name for names in told(chart, "metrics.yaml").values() for name in names}
    assert used - known == set()
