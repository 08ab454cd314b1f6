"""Shares files out to processes where that pays."""

import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from hmco_charts.inputs.content import STANDARD_INPUT
from hmco_charts.processes import can_fork, processors, spread

_LEAST_BYTES = 2**20  # of manifests, which take longer to read than a process to start
_MOST_PROCESSES = 8
_SHARES = 64  # of files, which are not equally long

Answer = TypeVar("Answer")
Step = Callable[[], None]


def _unseen() -> None:
    """A step that nobody counts."""


def shared(
    files: Sequence[str], work: Callable[[str], Answer], *, jobs: int | None = None, step: Step = _unseen
) -> dict[str, Answer]:
    """What some work gives for files, in their order; some of it other processes do if the files are large enough.

    Args:
        files: Files, and `-` for standard input, which is read here.
        work: Is done for each file; what it gives is pickled.
        jobs: How many processes share the work at most; one for each processor if not given.
        step: Is called for each file that this process is done with.
    """
    number = min(jobs or processors(), _MOST_PROCESSES) if can_fork() and _pays(files) else 1
    shares = [files[at::_SHARES] for at in range(min(_SHARES, len(files)))]
    done = spread(shares, number, partial(_done, work=work, step=step), partial(_done, work=work, step=_unseen))
    found = {file: one for share, some in zip(shares, done, strict=True) for file, one in zip(share, some, strict=True)}
    return {file: found[file] for file in files}


def _done(files: Sequence[str], work: Callable[[str], Answer], step: Step) -> list[Answer]:
    answers = []
    for file in files:
        answers.append(work(file))
        step()
    return answers


def _pays(files: Sequence[str]) -> bool:
    return STANDARD_INPUT not in files and sum(map(_size, files)) >= _LEAST_BYTES


def _size(file: str) -> int:
    try:
        return os.stat(file).st_size  # noqa: PTH116 - twice as fast for thousands of files
    except OSError:
        return 0  # told when it is read
