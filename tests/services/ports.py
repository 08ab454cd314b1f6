"""Ports for the programs of tests, of which each is given once in a run."""

import itertools
import os
import random
import socket

# Below the ports that Linux gives to whoever asks for any, and to clients: those are taken between the asking and the
# start of the server, and its clients then talk with somebody else.
_FIRST, _NUMBER = 10_000, 20_000
_WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_MINE = range(_FIRST + _WORKER, _FIRST + _NUMBER, _WORKERS)
# Two runs on one machine begin at different places.
_NEXT = itertools.count(random.SystemRandom().randrange(len(_MINE)))


def free_port() -> int:
    """A port on which nothing listens at any address, and that no other test of this run is given."""
    return next(port for port in map(_numbered, _NEXT) if _is_free(port))


def _numbered(place: int) -> int:
    return _MINE[place % len(_MINE)]


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("", port))
        except OSError:
            return False
    return True
