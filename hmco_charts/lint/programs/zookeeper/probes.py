"""What probes ask a ZooKeeper server, and which of these questions it answers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hmco_charts.lint.programs.zookeeper.server import Server
from hmco_charts.objects import Container
from hmco_charts.objects.kubernetes import items, mapping, text

_PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
_WORD = re.compile(r"\b(ruok|srvr|stat|mntr|isro|conf|cons|envi|dump)\b")
_SENT = re.compile(r"\b(nc|ncat|netcat|socat|telnet|/dev/tcp)\b|/dev/tcp/")
_STATUS = re.compile(r"zkServer\.sh\s+status")


@dataclass(frozen=True)
class Question:
    """A probe that asks the server by a word of four letters, or by its status.

    Attributes:
        probe: The field of the probe.
        word: The word; `status` for `zkServer.sh status`, which asks by `srvr`.
    """

    probe: str
    word: str

    @property
    def needs_quorum(self) -> bool:
        """Whether only a server that has a leader answers well."""
        return self.word in ("srvr", "stat", "mntr", "isro", "status")


def questions(server: Server) -> Iterator[Question]:
    """What the probes of a server ask."""
    for probe in _PROBES:
        command = _command(server.container, probe)
        if _STATUS.search(command):
            yield Question(probe, "status")
        elif _SENT.search(command):
            yield from (Question(probe, word) for word in dict.fromkeys(_WORD.findall(command)))


def _command(container: Container, probe: str) -> str:
    action = mapping(mapping(container.spec.get(probe)).get("exec"))
    return " ".join(text(word) for word in items(action.get("command")))
