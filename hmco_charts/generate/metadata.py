"""`Chart.yaml`, with the annotations that Artifact Hub reads."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from hmco_charts.configuration import Maintainer
from hmco_charts.generate import emit
from hmco_charts.values import ChartType, Upstream

_KINDS = ("added", "changed", "deprecated", "removed", "fixed", "security")


def chart_yaml(chart: ChartType, people: Sequence[Maintainer], changelog: str, images: Sequence[str]) -> str:
    """The chart's `Chart.yaml`."""
    told: dict[str, Any] = {
        "apiVersion": "v2",
        "name": chart.name,
        "description": chart.description,
        "type": "application",
        "version": chart.version,
        "appVersion": chart.app_version,
        "kubeVersion": chart.kube_version,
        "icon": chart.icon,
        "home": chart.home,
        "sources": list(chart.sources),
        "keywords": list(chart.keywords),
        "maintainers": [_set({"name": one.name, "email": one.email, "url": one.url}) for one in people],
        "dependencies": [_dependency(chart.upstream)] if chart.upstream else [],
        "annotations": _annotations(chart, changelog, images),
    }
    return emit.yaml(_set(told))


def _dependency(upstream: Upstream) -> dict[str, str]:
    names = ("name", "version", "repository", "condition")
    return {name: getattr(upstream, name) for name in names}


def _set(told: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in told.items() if value}


def _annotations(chart: ChartType, changelog: str, images: Sequence[str]) -> dict[str, str]:
    listed = [{"name": _image_name(image), "image": image} for image in images]
    changed = list(changes(changelog, chart.version))
    security = any(change["kind"] == "security" for change in changed)
    return _set(
        {
            "artifacthub.io/category": chart.category,
            "artifacthub.io/changes": emit.yaml(changed) if changed else "",
            "artifacthub.io/containsSecurityUpdates": "true" if security else "",
            "artifacthub.io/images": emit.yaml(listed) if listed else "",
            "artifacthub.io/license": chart.license,
            "artifacthub.io/prerelease": "true" if "-" in chart.version else "",
        }
    )


def _image_name(image: str) -> str:
    return re.split(r"[:@]", image.rsplit("/", 1)[-1])[0]


def changes(changelog: str, version: str) -> Iterator[dict[str, str]]:
    """The entries of a version in a changelog of the form of Keep a Changelog, as Artifact Hub wants them."""
    section = re.search(rf"^## \[?{re.escape(version)}\]?.*?\n(.*?)(?=^## |\Z)", changelog, re.DOTALL | re.MULTILINE)
    for kind, text in re.findall(
        r"^### (\w+)\n(.*?)(?=^### |\Z)", section[1] if section else "", re.DOTALL | re.MULTILINE
    ):
        if kind.lower() in _KINDS:
            for item in re.findall(r"^- (.*?)(?=^- |^$|\Z)", text, re.DOTALL | re.MULTILINE):
                yield {"kind": kind.lower(), "description": " ".join(item.split())}
