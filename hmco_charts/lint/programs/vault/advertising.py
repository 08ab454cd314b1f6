"""The addresses that a server tells others: `api_addr` for clients, `cluster_addr` for the other servers.

Sources: hashicorp/vault `command/server.go` (the environment wins over the file, the file over the storage block).
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from hmco_charts.formats import Entry
from hmco_charts.lint.programs.environment import Environment
from hmco_charts.lint.programs.vault.configuration import setting
from hmco_charts.lint.programs.vault.servers import Server
from hmco_charts.lint.programs.vault.storage import storage
from hmco_charts.objects import Text
from hmco_charts.yamlio import Span

_VARIABLES = {
    "api_addr": ("BAO_API_ADDR", "VAULT_API_ADDR", "VAULT_REDIRECT_ADDR", "VAULT_ADVERTISE_ADDR"),
    "cluster_addr": ("BAO_CLUSTER_ADDR", "VAULT_CLUSTER_ADDR"),
}
_IN_STORAGE = {"api_addr": ("redirect_addr", "advertise_addr"), "cluster_addr": ("cluster_addr",)}
_FILLED_IN = re.compile(r"[${}<>%]|[A-Z]{2,}_?[A-Z]*")


@dataclass(frozen=True)
class Advertised:
    """An address that a server tells others.

    Attributes:
        name: `api_addr` or `cluster_addr`.
        text: The text that holds it; `None` where the environment brings it from elsewhere.
        start: Where it begins there.
        value: The address as written; empty where it is not in the input.
    """

    name: str
    text: Text | None = None
    start: int = 0
    value: str = ""

    @property
    def is_constant(self) -> bool:
        """Whether it is the same for every replica: nothing in it is filled in when a pod starts."""
        return bool(self.value) and not _FILLED_IN.search(self.value)

    @property
    def scheme(self) -> str:
        """`http` or `https`."""
        return self.value.partition("://")[0].lower()

    @property
    def host(self) -> str:
        """The host; empty where the address is none."""
        try:
            return urlsplit(self.value).hostname or ""
        except ValueError:
            return ""

    def span(self) -> Span | None:
        """Its place, where it is in the input."""
        return self.text.span(self.start, self.start + len(self.value)) if self.text else None


def advertised(server: Server, environment: Environment, name: str) -> Advertised | None:
    """The address of that name which counts; `None` where the server is told none."""
    variable = environment.first(*_VARIABLES[name])
    if variable:
        text = variable[1]
        return Advertised(name, text, 0, text.value) if text else Advertised(name)
    told = server.setting(name) or _in_storage(server, name)
    return Advertised(name, told[0], told[1].start, str(told[1].value)) if told else None


def _in_storage(server: Server, name: str) -> tuple[Text, Entry] | None:
    found = storage(server)
    entries = [setting(found.block.body, each) for each in _IN_STORAGE[name]] if found else []
    return next(((found.text, entry) for entry in entries if found and entry), None)
