"""Work in processes beside this one: forked, so that nothing of what is known here has to be sent."""

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import BinaryIO, TypeVar

Answer = TypeVar("Answer")
Share = TypeVar("Share")


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def can_fork() -> bool:
    """Whether this process may be forked: the platform can, and no thread would be lost."""
    return hasattr(os, "fork") and threading.active_count() == 1


def spread(
    shares: Sequence[Share], number: int, here: Callable[[Share], Answer], elsewhere: Callable[[Share], Answer]
) -> list[Answer]:
    """What comes of each share of some work; whoever is done with one takes the next.

    Args:
        shares: The shares, 256 at most; long ones stand first, so that nobody is left with one at the end.
        number: How many processes do the work, this one among them.
        here: Does a share in this process; also one whose process failed, so that its error is met.
        elsewhere: Does a share in another; what it gives is pickled.
    """
    with _queue(len(shares)) as waiting, ExitStack() as stack:
        work = partial(_taken, waiting, shares, elsewhere)
        others = [stack.enter_context(forked(work)) for _ in range(min(number, len(shares)) - 1)]
        done = _taken(waiting, shares, here)
        for answer in others:
            done.update(answer() or {})
    return [done[at] if at in done else here(share) for at, share in enumerate(shares)]


@contextmanager
def _queue(length: int) -> Iterator[BinaryIO]:
    """A pipe with a byte for each share: processes that read one each never get the same."""
    waiting, filling = os.pipe()
    with os.fdopen(filling, "wb") as stream:
        stream.write(bytes(range(length)))
    with os.fdopen(waiting, "rb", buffering=0) as stream:
        yield stream


def _taken(waiting: BinaryIO, shares: Sequence[Share], work: Callable[[Share], Answer]) -> dict[int, Answer]:
    """What comes of the shares that this process gets, by their places."""
    return {at: work(shares[at]) for (at,) in iter(partial(waiting.read, 1), b"")}


@contextmanager
def forked(work: Callable[[], Answer]) -> Iterator[Callable[[], Answer | None]]:
    """Have a process do some work; it ends with the context.

    Args:
        work: What it does; what this gives is pickled.

    Yields:
        Waits for what the work gave; `None` where the process failed or ended before it could tell: who does the work
        then meets its error.
    """
    here, there = os.pipe()
    child = os.fork()
    if not child:
        os.close(here)
        _tell(work, there)
    os.close(there)
    try:
        with os.fdopen(here, "rb") as stream:
            yield lambda: _told(stream)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _tell(work: Callable[[], object], there: int) -> None:
    """Write what some work gives, and end this process without a word of its own."""
    import pickle  # most runs need no second process

    try:
        with os.fdopen(there, "wb") as stream:
            pickle.dump(work(), stream, pickle.HIGHEST_PROTOCOL)
    finally:
        os._exit(0)


def _told(stream: BinaryIO) -> Answer | None:
    import pickle

    try:
        found: Answer = pickle.load(stream)  # noqa: S301 - our own process
    except (EOFError, pickle.UnpicklingError, ValueError, IndexError):
        return None
    return found
