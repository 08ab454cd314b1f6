"""Many charts rendered by two processes."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from hmco_charts.generate.rendering import render
from hmco_charts.generate.tree import ChartTree
from hmco_charts.processes import can_fork, forked, processors
from hmco_charts.values import ChartType
from hmco_charts.values import chart as chart_named
from hmco_charts.values.chart import declared, modules

_Find = Callable[[], ChartType | None]

_WORTH_A_PROCESS = 8  # fewer charts are rendered before a second Helm has started


def render_each(charts: Sequence[str] = (), **options: Any) -> Iterator[ChartTree]:
    """Charts in their order; of many the second half comes from a process beside this one.

    Args:
        charts: Names of charts of ours; with none, every chart, of which each process imports its half.
        options: As for `render`, whose errors come where the chart would.
    """
    named: list[_Find] = [partial(chart_named, name) for name in charts]
    found = named or [partial(declared, module) for module in modules()]
    made = partial(_made, options=options)
    if len(found) < _WORTH_A_PROCESS or processors() == 1 or not can_fork():
        yield from made(found)
        return
    here, there = found[: len(found) // 2], found[len(found) // 2 :]
    with forked(lambda: list(made(there))) as answer:
        yield from made(here)
        yield from answer() or made(there)


def _made(found: Sequence[_Find], options: dict[str, Any]) -> Iterator[ChartTree]:
    for find in found:
        if kind := find():
            yield render(kind, **options)
