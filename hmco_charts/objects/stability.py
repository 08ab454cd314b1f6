"""What differs between two renderings of the same values: random text, keys, the time."""

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hmco_charts.errors import ChartError
from hmco_charts.helm import Rendered, engine
from hmco_charts.objects.chart import ChartFiles, Unstable
from hmco_charts.objects.manifests import Found
from hmco_charts.objects.rendering import RenderedTemplate, Rendering
from hmco_charts.yamlio import Path, documents

_CLOCK = re.compile(r"\{\{[^}]*\bnow\b")
_TICK = 1.05  # seconds after which a clock of seconds shows another time


def unstable(
    rendering: Rendering, files: ChartFiles, found: Iterable[tuple[RenderedTemplate, Found]]
) -> tuple[Unstable, ...]:
    """The values of the objects found in a rendering's templates that another rendering gives another value."""
    if any(_CLOCK.search(source) for each in _all(files) for source in each.sources.values()):
        time.sleep(_TICK)
    manifests = _again(rendering)
    return tuple(
        each
        for template, old in found
        if template.name in manifests and manifests[template.name] != template.text
        for each in _compare(template, old, manifests[template.name])
    )


def _all(files: ChartFiles) -> Iterator[ChartFiles]:
    yield files
    for each in files.subcharts:
        yield from _all(each)


def _again(rendering: Rendering) -> Mapping[str, str]:
    try:
        outcome = engine().render_each(rendering.place.path, [rendering.scenario.values], **rendering.options)[0]
    except ChartError:
        return {}
    return outcome.manifests if isinstance(outcome, Rendered) else {}


def _compare(template: RenderedTemplate, old: Found, text: str) -> Iterator[Unstable]:
    new = Found()
    new.take(documents(text, template.file))
    for one, other in zip(old.objects, new.objects, strict=False):
        for path in _differences(one.manifest, other.manifest, ()):
            yield Unstable(one, path)


def _differences(one: Any, other: Any, path: Path) -> Iterator[Path]:
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for key in one:
            yield from _differences(one[key], other[key], (*path, key))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for at, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from _differences(left, right, (*path, at))
    elif one != other:
        yield path
