"""Shares files out to processes where that pays: each is started anew, and gives its reports back whole."""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from hmco_charts.inputs.content import STANDARD_INPUT

if TYPE_CHECKING:
    from hmco_charts.conformance.judge import Options
    from hmco_charts.conformance.run import Report

_LEAST_BYTES = 4 * 2**20  # of manifests, which take longer to judge than a process to start
_MOST_PROCESSES = 8
_WORDS = (sys.executable, "-m", "hmco_charts.conformance.sharing")


def shared(
    files: Sequence[str], options: "Options", judge: Callable[[str], "Report"], *, keeps_valid: bool
) -> dict[str, "Report"]:
    """The reports on files, in their order; some come from other processes if the files are large enough.

    Args:
        files: Files, and `-` for standard input, which is judged here.
        options: How objects are judged.
        judge: Judges a file here.
        keeps_valid: Whether the verdicts on valid objects are wanted.
    """
    number = min(os.cpu_count() or 1, _MOST_PROCESSES, len(files)) if _pays(files) else 1
    started = [_start(files[at::number], options, keeps_valid=keeps_valid) for at in range(1, number)]
    found = {file: judge(file) for file in files[::number]}
    for at, process in enumerate(started, 1):
        share = files[at::number]
        answer = process.communicate()[0]
        reports = pickle.loads(answer) if process.returncode == 0 else map(judge, share)  # noqa: S301 - our own process
        found.update(zip(share, reports, strict=True))
    return {file: found[file] for file in files}


def _pays(files: Sequence[str]) -> bool:
    return STANDARD_INPUT not in files and sum(map(_size, files)) >= _LEAST_BYTES


def _size(file: str) -> int:
    try:
        return os.stat(file).st_size  # noqa: PTH116 - twice as fast for thousands of files
    except OSError:
        return 0  # told when it is read


def _start(files: Sequence[str], options: "Options", *, keeps_valid: bool) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(_WORDS, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - this program
    assert process.stdin
    with suppress(BrokenPipeError):  # it ended already: its share is judged here
        process.stdin.write(pickle.dumps((files, options, keeps_valid)))
        process.stdin.flush()
    with suppress(BrokenPipeError):
        process.stdin.close()
    process.stdin = None
    return process


def _work() -> None:
    import gc

    from hmco_charts.conformance.judge import Judge
    from hmco_charts.conformance.run import judge_file

    gc.disable()
    task: tuple[list[str], Any, bool] = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own process
    files, options, keeps_valid = task
    judge = Judge(options)
    reports = [judge_file(file, judge, keeps_valid=keeps_valid) for file in files]
    sys.stdout.buffer.write(pickle.dumps(reports))


if __name__ == "__main__":
    _work()
