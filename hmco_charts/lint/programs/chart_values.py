"""Values for charts that many install: what they put into ConfigMaps; `chart_values.yaml` holds the places."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path as File

from hmco_charts import yamlio
from hmco_charts.lint.programs import vault
from hmco_charts.objects import Text, Values, composed_json
from hmco_charts.yamlio import Path

_DATA = File(__file__).with_suffix(".yaml")
_NAMES = {
    "lakefsConfig": "config.yaml",
    "catalogs": "catalog.properties",
    "additionalCatalogs": "catalog.properties",
    "commonConfiguration": "redis.conf",
}
_TELLING = ("grafana.ini", "lakefsConfig", "esConfig", "serverFiles", "additionalCatalogs")
"""Keys that tell the chart by themselves, where its name is not known."""


@cache
def _places() -> dict[str, list[Path]]:
    (document,) = yamlio.read(_DATA.read_text(encoding="utf-8"), str(_DATA))
    return {chart: [tuple(place) for place in places] for chart, places in document.value.items()}


def in_config_maps(values: Values) -> Iterator[Text]:
    """The texts among values that charts write into a ConfigMap."""
    yield from vault.in_values(values)
    for way in _ways(values):
        for path in _existing(values, way, ()):
            yield from _texts(values, path)


def _ways(values: Values) -> Iterator[Path]:
    """The ways to look at: those of the chart itself, and of charts that it may have in itself."""
    yield from _places().get(values.chart, ())
    for chart, ways in _places().items():
        if chart != values.chart:
            yield from ((chart, *way) for way in ways if isinstance(values.at((chart,)), dict))
            yield from (way for way in ways if not values.chart and way[0] in _TELLING)


def _existing(values: Values, way: Path, path: Path) -> Iterator[Path]:
    if not way:
        yield path
        return
    here = values.at(path) if path else values.manifest
    keys = here if way[0] == "*" else [way[0]]
    for key in keys if isinstance(here, dict) else ():
        if key in here:
            yield from _existing(values, way[1:], (*path, key))


def _texts(values: Values, path: Path) -> Iterator[Text]:
    value = values.at(path)
    parent = str(path[-2]) if len(path) > 1 else ""
    name = _NAMES.get(str(path[-1])) or _NAMES.get(parent) or str(path[-1])
    if isinstance(value, str):
        yield Text(values, path, name, value)
    elif isinstance(value, (dict, list)):
        yield composed_json(values, path, name)
