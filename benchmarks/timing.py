"""Times whole processes in turn and gives medians and ratios."""

import resource
import shutil
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Comparison:
    """Two commands timed in turn; seconds are medians, the ratio is the median of the rounds' ratios."""

    name: str
    ours: float
    peer: float
    ratio: float

    def row(self) -> str:
        """The comparison as a row of a Markdown table; times in milliseconds."""
        return f"| {self.name} | {self.ours * 1000:.0f} | {self.peer * 1000:.0f} | {self.ratio:.2f} |"


def compare(name: str, ours: Sequence[str], peer: Sequence[str], rounds: int = 11) -> Comparison:
    """Run both commands in turn, after one warm-up of each."""
    seconds(ours), seconds(peer)
    pairs = [(seconds(ours), seconds(peer)) for _ in range(rounds)]
    return Comparison(
        name,
        statistics.median(one for one, _ in pairs),
        statistics.median(other for _, other in pairs),
        statistics.median(one / other for one, other in pairs),
    )


def seconds(command: Sequence[str]) -> float:
    """Wall time of one run; the exit code is not judged."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


def processor_seconds(command: Sequence[str]) -> float:
    """Time of all processors that one run takes; what else the machine does matters less to it than to `seconds`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds(command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def find(program: str) -> str | None:
    """The program on the path, if it is there."""
    return shutil.which(program)
