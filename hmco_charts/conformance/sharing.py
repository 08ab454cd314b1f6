"""Shares files out to processes where that pays."""

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

from hmco_charts.inputs.content import STANDARD_INPUT
from hmco_charts.processes import can_fork, forked, processors

if TYPE_CHECKING:
    from hmco_charts.conformance.run import Report

_LEAST_BYTES = 2**20  # of manifests, which take longer to judge than a process to start
_MOST_PROCESSES = 8


def shared(files: Sequence[str], judge: Callable[[str], "Report"]) -> dict[str, "Report"]:
    """The reports on files, in their order; some come from other processes if the files are large enough.

    Args:
        files: Files, and `-` for standard input, which is judged here.
        judge: Judges a file.
    """
    number = min(processors(), _MOST_PROCESSES, len(files)) if can_fork() and _pays(files) else 1
    own, *others = [files[at::number] for at in range(number)]
    with ExitStack() as stack:
        started = [(share, stack.enter_context(forked(partial(_judged, share, judge)))) for share in others]
        found = dict(zip(own, _judged(own, judge), strict=True))
        for share, answer in started:
            found.update(zip(share, answer() or _judged(share, judge), strict=True))
    return {file: found[file] for file in files}


def _judged(files: Sequence[str], judge: Callable[[str], "Report"]) -> list["Report"]:
    return [judge(file) for file in files]


def _pays(files: Sequence[str]) -> bool:
    return STANDARD_INPUT not in files and sum(map(_size, files)) >= _LEAST_BYTES


def _size(file: str) -> int:
    try:
        return os.stat(file).st_size  # noqa: PTH116 - twice as fast for thousands of files
    except OSError:
        return 0  # told when it is read
