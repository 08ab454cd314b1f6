"""A line on a terminal that tells how far a long run is."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from hmco_charts.objects import Progress

_QUIET_SECONDS = 1.0
_WIDTH = 24


@contextmanager
def bar(task: str) -> Iterator[Progress]:
    """A function that shows the steps done, once the run takes longer than a second and somebody can see it.

    Args:
        task: What is done, such as `lint`.
    """
    start = monotonic()
    is_seen = sys.stderr.isatty()

    def show(done: int, total: int) -> None:
        if is_seen and monotonic() - start > _QUIET_SECONDS:
            full = _WIDTH * done // max(total, 1)
            sys.stderr.write(f"\r{task} [{'#' * full}{'.' * (_WIDTH - full)}] {done}/{total}\x1b[K")
            sys.stderr.flush()

    try:
        yield show
    finally:
        if is_seen:
            sys.stderr.write("\r\x1b[K")
