"""Values of a chart that do nothing: changed, they change nothing that Helm gives.

Each value is changed over the chart's defaults and over its scenarios, with the switches on the way turned on, the
variant chosen that it belongs to, and the Secret named that it is about, until the manifests differ. The schema is
left out: it would refuse most of the changes, and holding values to it takes longer than rendering.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import helm_python

from hmco_charts.generate import render, write
from hmco_charts.generate.setting import Setting, settings
from hmco_charts.values import ChartType, read
from hmco_charts.values.path import dotted
from hmco_charts.yamlio import merge
from hmco_charts.yamlio import read as read_yaml
from tests.values.stub import stub

Document = dict[str, Any]

REASONS = {"global.storageClass": "all charts of a release share it, and a chart may have no claims"}
"""Values that may do nothing."""

WITHOUT_SERVICE = ("cluster-core", "node-tuning")
_OF_SERVICES = tuple(
    f"networkPolicy.{key}"
    for key in ("allowExternal", "allowExternalEgress", "clients", "ingressPeers", "extraIngress", "extraEgress")
)
"""Values of charts whose pods serve nobody and ask nobody."""

OF_WRAPPERS = {
    "affinity": "all charts have it, and a wrapper's pods are not its own",
    "topologySpreadConstraints": "all charts have it, and a wrapper's pods are not its own",
}
"""Values that may do nothing in a chart that wraps another, or runs nothing."""

OVERLAYS: tuple[Document, ...] = (
    {},
    {"generatedSecrets": {"other": {"keys": {"password": {}}}}},
    {"networkPolicy": {"allowExternal": False}},
)
"""Under which the values count that every chart has."""


def idle(chart: ChartType, folder: Path) -> list[str]:
    """The values that do nothing, by dotted path."""
    trial = _Trial(chart, folder / chart.name)
    found = [setting for setting in settings(trial.values) if not setting.is_section]
    of_services = _OF_SERVICES if chart.name in WITHOUT_SERVICE else ()
    reasons = {*REASONS, *of_services, *(OF_WRAPPERS if chart.upstream or chart.name == "cluster-core" else ())}
    return [dotted(one.path) for one in found if dotted(one.path) not in reasons and not trial.shows(one)]


class _Trial:
    def __init__(self, chart: ChartType, folder: Path) -> None:
        write(render(chart), folder)
        stub(chart, folder / "charts")
        (folder / "values.schema.json").unlink()
        self.values = read(chart)
        self._defaults = self.values.document()
        scenarios = sorted((folder / "ci").glob("*-values.yaml"))
        told = [document.value for path in scenarios for document in read_yaml(path.read_text("utf-8"))]
        self._overlays = [*OVERLAYS, *told]
        self._folder = folder
        self._chart = helm_python.Chart.load(str(folder))
        self._has_dependencies = chart.upstream is not None
        self._seen: dict[str, object] = {}

    def shows(self, setting: Setting) -> bool:
        return any(self._manifests(before) != self._manifests(after) for before, after in self._pairs(setting))

    def _pairs(self, setting: Setting) -> Iterator[tuple[Document, Document]]:
        for overlay in self._overlays:
            before = overlay
            for depth in range(1, len(setting.path)):
                before = merge(before, self._leading(setting.path, depth))
            now = _at(merge(self._defaults, before), setting.path)
            yield before, merge(before, _placed(setting.path, _other(setting, now)))

    def _leading(self, path: tuple[str, ...], depth: int) -> Document:
        """What the object at `path[:depth]` must say for the key under it to count."""
        here, key = _at(self._defaults, path[:depth]), path[depth]
        told: Document = {name: True for name in ("enabled", "create") if name in here and name != key}
        if "type" in here and key in here and key != "type" and isinstance(here[key], dict):
            told["type"] = key
        if here.get("name") == "" and key != "name":
            told["name"] = "other"
        return _placed(path[:depth], told)

    def _manifests(self, document: Document) -> object:
        key = json.dumps(document, sort_keys=True)
        if key not in self._seen:
            self._seen[key] = self._rendered(document)
        return self._seen[key]

    def _rendered(self, document: Document) -> object:
        if self._has_dependencies:  # a chart that Helm has left out once is gone from what it loaded
            self._chart = helm_python.Chart.load(str(self._folder))
        try:
            return self._chart.render(document, name="release", namespace="apps")
        except helm_python.HelmError as error:
            return str(error)


def _other(setting: Setting, now: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(now, bool):
        return not now
    if isinstance(now, int):
        return now + 1
    if isinstance(now, list):
        return [*now, {"name": "other"}]
    if isinstance(now, dict):
        return {"other": "other"}
    return next((word for word in setting.allowed if word != now), "7" if "integer" in setting.kind else "other")


def _placed(path: tuple[str, ...], value: Any) -> Document:
    for key in reversed(path):
        value = {key: value}
    placed: Document = value
    return placed


def _at(document: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        document = document.get(key) if isinstance(document, dict) else None
    return document
