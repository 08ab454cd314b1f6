"""Releases that are installed together: a folder with `releases.json`, as `hmco-charts render --platform` writes it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hmco_charts import configuration
from hmco_charts.configuration import Cluster
from hmco_charts.yamlio.shape import items, mapping, text

INDEX = "releases.json"


@dataclass(frozen=True, slots=True)
class Member:
    """A release of the set.

    Attributes:
        name: Its name.
        namespace: Its namespace.
        chart: Its chart's folder.
        values: Its values files, later ones win.
    """

    name: str
    namespace: str
    chart: Path
    values: tuple[Path, ...]


def members(folder: Path) -> tuple[Member, ...]:
    """The releases that a folder tells, in order of installation; none where it tells none."""
    try:
        told = json.loads((folder / INDEX).read_bytes())
    except (OSError, ValueError, RecursionError):
        return ()
    return tuple(_member(folder, mapping(each)) for each in items(mapping(told).get("releases")))


def _member(folder: Path, told: dict[str, Any]) -> Member:
    files = tuple(folder / file for file in map(text, items(told.get("values"))))
    return Member(text(told.get("name")), text(told.get("namespace")), folder / text(told.get("chart")), files)


def manifests(folder: Path) -> Iterator[Path]:
    """The manifests beside the releases, such as their namespaces."""
    return (path for path in sorted(folder.glob("*.yaml")) if path.name != configuration.FILE)


def cluster(folder: Path) -> Cluster:
    """What the folder tells of the cluster.

    Raises:
        ConfigurationError: It cannot be read.
    """
    file = folder / configuration.FILE
    return configuration.read(file if file.is_file() else None).cluster
