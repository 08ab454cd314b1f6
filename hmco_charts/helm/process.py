"""The worker process, seen from the caller.

It is a fresh interpreter: a process forked after Helm's SDK was imported hangs in Go's runtime. It is
started with the caller's own import path, never with the current folder in front of it, since that
folder may hold somebody else's `json.py`.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from enum import Enum, auto
from typing import IO, Any, cast

BOOT = "import sys; sys.path[:] = sys.argv[2:]; from hmco_charts.helm.worker import main; main(int(sys.argv[1]))"
MEMORY_SIGNS = (
    b"out of memory",
    b"cannot allocate memory",
    b"stack exceeds",
    b"MemoryError",
    # Go's allocator does not look whether it got the memory for its own lists.
    b"runtime.(*spanQueue)",
)


class Death(Enum):
    """Why a worker ended without an answer."""

    TIME = auto()
    MEMORY = auto()
    CRASH = auto()


class Worker:
    """A running worker that answers one request at a time.

    Args:
        memory: Bytes of writable memory that it may use.
    """

    def __init__(self, memory: int) -> None:
        self._noise = tempfile.TemporaryFile("a+b")  # noqa: SIM115 (closed with the worker)
        self._process = subprocess.Popen(  # noqa: S603 (our own interpreter)
            [sys.executable, "-c", BOOT, str(memory), *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._noise,
            env=_environment(memory),
            start_new_session=True,
        )
        self._requests = cast("IO[bytes]", self._process.stdin)
        self._replies = cast("IO[bytes]", self._process.stdout)

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def ask(self, request: dict[str, Any]) -> dict[str, Any] | None:
        """The worker's answer, or `None` when it died of the request."""
        try:
            self._requests.write(json.dumps(request).encode() + b"\n")
            self._requests.flush()
            line = self._replies.readline()
        except BrokenPipeError:
            return None
        except BaseException:
            # An interrupted exchange would leave its answer for the next question.
            self.stop()
            raise
        if not line.endswith(b"\n"):
            return None
        reply: dict[str, Any] = json.loads(line)
        return reply

    def death(self) -> Death:
        """Why the worker, which gave no answer, ended."""
        code = self._process.wait()
        self._noise.seek(0)
        noise = self._noise.read()
        self.stop()
        if code == -signal.SIGALRM:
            return Death.TIME
        if code == -signal.SIGKILL or any(sign in noise for sign in MEMORY_SIGNS):
            return Death.MEMORY
        return Death.CRASH

    def stop(self) -> None:
        """End the process at once and free what it held."""
        self._process.kill()
        self._process.wait()
        for stream in (self._replies, self._noise):
            stream.close()
        try:
            self._requests.close()
        except BrokenPipeError:
            return


def _environment(memory: int) -> dict[str, str]:
    environment = {**os.environ, "GOTRACEBACK": "none"}
    # A collector that knows of the limit frees memory before it is hit.
    environment["GOMEMLIMIT"] = str(memory * 3 // 4)
    environment["GOGC"] = "400"  # a quarter less time for many small renderings
    return environment
