"""Work is spread over processes, and whatever becomes of one of them, all of it is done."""

import os
import signal
from collections.abc import Callable

import pytest

from hmco_charts import processes


def _twice(share: int) -> int:
    return 2 * share


def _ends(share: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return share


def _fails(share: int) -> int:
    raise ValueError(share)


def _leaves(_share: int) -> int:
    os._exit(0)


@pytest.mark.parametrize("number", [1, 2, 5])
def test_answers_stand_in_the_order_of_the_shares(number: int) -> None:
    assert processes.spread(range(100), number, _twice, _twice) == [2 * share for share in range(100)]


@pytest.mark.parametrize("elsewhere", [_ends, _fails, _leaves])
def test_what_another_process_does_not_answer_is_done_here(elsewhere: Callable[[int], int]) -> None:
    assert processes.spread(range(256), 3, _twice, elsewhere) == [2 * share for share in range(256)]


def test_an_error_of_this_process_ends_the_others() -> None:
    known, telling = os.pipe()
    never, _ = os.pipe()
    others = []

    def here(share: int) -> int:
        others.append(int(os.read(known, 20)))
        raise ValueError(share)

    def elsewhere(_share: int) -> int:
        os.write(telling, str(os.getpid()).encode())
        return len(os.read(never, 1))

    with pytest.raises(ValueError, match=r"[12]"):
        processes.spread([1, 2], 2, here, elsewhere)
    with pytest.raises(ProcessLookupError):
        os.kill(others[0], 0)


def test_a_second_process_takes_shares_while_the_first_is_busy() -> None:
    """Each share is done once the other process has one too."""
    arrived_here, arrived_there = os.pipe(), os.pipe()

    def here(_share: int) -> int:
        os.write(arrived_here[1], b"x")
        os.read(arrived_there[0], 1)
        return os.getpid()

    def elsewhere(_share: int) -> int:
        os.write(arrived_there[1], b"x")
        os.read(arrived_here[0], 1)
        return os.getpid()

    assert len(set(processes.spread([1, 2], 2, here, elsewhere))) == 2
