"""Times whole processes in turn, and tells what they took."""

import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_PLACES = os.pathsep.join((os.environ.get("PATH", ""), str(Path.home() / "go" / "bin")))


# A small process begins each command: the memory of who begins it counts as the command's own.
_MEASURE = """
import os, sys, time
nothing = os.open(os.devnull, os.O_WRONLY)
start = time.perf_counter()
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, nothing, 1),
                                                                            (os.POSIX_SPAWN_DUP2, nothing, 2)])
usage = os.wait4(child, 0)[2]
print(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
"""


@dataclass(frozen=True)
class Taken:
    """What a command took: wall time and time of all processors in seconds, and the largest process' memory in MiB."""

    wall: float
    processors: float
    memory: float

    def __str__(self) -> str:
        return f"{self.wall:.2f} s ({self.processors:.2f} s CPU, {self.memory:.0f} MiB)"


@dataclass(frozen=True)
class Row:
    """A row of the table: what was done, what it took us and a peer, and how much faster we are."""

    what: str
    ours: Taken
    peer: str = ""
    theirs: Taken | None = None
    times_faster: float | None = None
    note: str = ""

    def __str__(self) -> str:
        theirs = f"{self.theirs} {self.peer}" if self.theirs else ""
        faster = f"{self.times_faster:.1f}" if self.times_faster else ""
        return f"| {self.what} | {self.ours} | {theirs} | {faster} | {self.note} |"


HEAD = "| what | ours | peer | times faster | |\n|---|---|---|---|---|"


def alone(what: str, command: Sequence[str], rounds: int = 3, note: str = "") -> Row:
    """Run a command, after a run that nobody measures; the median."""
    run(command)
    return Row(what, _median([run(command) for _ in range(rounds)]), note=note)


def compared(what: str, ours: Sequence[str], peer: str, theirs: Sequence[str], rounds: int = 5) -> Row:
    """Run two commands in turn, after a run of each that nobody measures; medians, also of the rounds' ratios."""
    run(ours), run(theirs)
    pairs = [(run(ours), run(theirs)) for _ in range(rounds)]
    ratio = statistics.median(other.wall / one.wall for one, other in pairs)
    return Row(what, _median([one for one, _ in pairs]), peer, _median([other for _, other in pairs]), ratio)


def run(command: Sequence[str]) -> Taken:
    """Run a command once; what it says and its exit code are not judged."""
    told = subprocess.run([sys.executable, "-S", "-c", _MEASURE, *command], capture_output=True, text=True, check=True)
    wall, processors, kibibytes = map(float, told.stdout.split())
    return Taken(wall, processors, kibibytes / 1024)


def find(program: str) -> str | None:
    """A peer, if it is on the path or where Go installs programs."""
    return shutil.which(program, path=_PLACES)


def _median(taken: Sequence[Taken]) -> Taken:
    return Taken(*(statistics.median(getattr(each, name) for each in taken) for name in Taken.__dataclass_fields__))
