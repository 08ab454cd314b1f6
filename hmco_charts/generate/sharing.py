"""Many charts rendered by two processes."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from hmco_charts.generate.rendering import render
from hmco_charts.generate.tree import ChartTree
from hmco_charts.processes import can_fork, forked, processors

_WORTH_A_PROCESS = 8  # fewer charts are rendered before a second Helm has started


def render_each(charts: Sequence[str], **options: Any) -> Iterator[ChartTree]:
    """Charts in their order; of many the second half comes from a process beside this one.

    Args:
        charts: Names of charts of ours.
        options: As for `render`, whose errors come where the chart would.
    """
    made = partial(render, **options)
    if len(charts) < _WORTH_A_PROCESS or processors() == 1 or not can_fork():
        yield from map(made, charts)
        return
    here, there = charts[: len(charts) // 2], charts[len(charts) // 2 :]
    with forked(lambda: list(map(made, there))) as answer:
        yield from map(made, here)
        yield from answer() or map(made, there)
