"""The addresses in `listeners` and `advertised.listeners`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hmco_charts.lint.programs.kafka.node import Setting

_COMPOSED = r"\$\{[^}]*\}|\$\([^)]*\)"
_HOST = rf"\[[0-9a-fA-F:]*\]|(?:{_COMPOSED}|[^,:/\s])*"
_LISTENER = re.compile(rf"(?P<name>[A-Za-z0-9_-]+)://(?P<host>{_HOST}):(?P<port>\d+)")


@dataclass(frozen=True)
class Listener:
    """One address of a list of listeners.

    Attributes:
        name: The listener's name, in capitals.
        host: The host; empty for all interfaces.
        port: The port.
        start: Offset in the setting's text.
        end: Offset behind it.
    """

    name: str
    host: str
    port: int
    start: int
    end: int


def listeners(setting: Setting) -> Iterator[Listener]:
    """The addresses that a setting lists, as far as they can be read."""
    for found in _LISTENER.finditer(setting.value or ""):
        start = setting.start + found.start()
        host = found["host"].strip("[]")
        yield Listener(found["name"].upper(), host, int(found["port"]), start, setting.start + found.end())
