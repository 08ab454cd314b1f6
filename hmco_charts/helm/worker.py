"""The worker process: Helm's SDK behind lines of JSON, under limits.

A request is `{"operation", "arguments", "seconds"}`, an answer `{"result"}` or `{"error", "kind"}`; each is
one line. The alarm that ends a request in time is the process's own, so a worker outlives neither its time
nor, for longer than that, its caller.
"""

import json
import os
import resource
import signal
import sys
from typing import Any

START_SECONDS = 60.0


def main(memory: int) -> None:
    """Answer requests until the caller closes the pipe."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, START_SECONDS)
    # Not RLIMIT_AS: Go reserves address space by the gigabyte that it never writes to.
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what Go prints is noise, not an answer
    from hmco_charts.helm import operations

    signal.setitimer(signal.ITIMER_REAL, 0)
    for line in sys.stdin.buffer:
        request = json.loads(line)
        signal.setitimer(signal.ITIMER_REAL, request["seconds"])
        answers.write(json.dumps(_answer(operations, request)).encode() + b"\n")
        answers.flush()
        signal.setitimer(signal.ITIMER_REAL, 0)
        os.ftruncate(2, 0)


def _answer(operations: Any, request: dict[str, Any]) -> dict[str, Any]:
    from helm_python import HelmError

    try:
        return {"result": getattr(operations, request["operation"])(**request["arguments"])}
    except (HelmError, OSError, MemoryError) as error:
        return {"error": str(error), "kind": type(error).__name__}
