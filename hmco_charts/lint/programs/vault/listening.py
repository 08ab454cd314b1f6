"""What a server binds: the listeners of everything that it reads, joined.

Sources: hashicorp/vault `command/server.go` (development mode), `command/server/listener_tcp.go`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from hmco_charts.formats import hcl
from hmco_charts.lint.programs.vault.configuration import listeners, setting
from hmco_charts.lint.programs.vault.loading import Load
from hmco_charts.lint.programs.vault.servers import Server
from hmco_charts.objects import Release, Text

_DEFAULT = "127.0.0.1:8200"
_DEVELOPMENT_OF_THE_IMAGE = "0.0.0.0:8200"
_DEVELOPMENT_VARIABLES = ("VAULT_DEV_LISTEN_ADDRESS", "BAO_DEV_LISTEN_ADDRESS")


@dataclass(frozen=True)
class Address:
    """Where a listener binds.

    Attributes:
        host: The host as written, without brackets.
        port: The port; empty where it is not written as a number.
    """

    host: str
    port: str

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Read `127.0.0.1:8200`, `[::]:8200` or `:8200`."""
        host, _, port = text.strip().rpartition(":")
        return cls(host.strip("[]"), port if port.isdecimal() else "")

    def collides(self, other: "Address") -> bool:
        """Whether a process cannot bind both."""
        if not self.port or self.port != other.port:
            return False
        return self.host == other.host or _holds(self.host, other.host) or _holds(other.host, self.host)

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Bound:
    """A listener that a server binds.

    Attributes:
        address: Where it binds.
        load: What it was read for; `None` for the listener of the development mode.
        text: The text that holds it.
        block: Its block there.
    """

    address: Address
    load: Load | None = None
    text: Text | None = None
    block: hcl.Block | None = None


def bound(release: Release, server: Server) -> Iterator[Bound]:
    """The TCP listeners of a server in its order; one that is read twice comes twice."""
    if server.is_dev:
        yield Bound(_development(release, server))
    for load in server.loads:
        for text in (file.text for file in load.files if file.text):
            for block in listeners(hcl.parse(text.value)):
                if block.labels[0].lower() == "tcp":
                    yield Bound(_address(block), load, text, block)


def _development(release: Release, server: Server) -> Address:
    told = list(server.invocation.options("dev-listen-address"))
    if told:
        return Address.parse(told[-1])
    is_prepared = bool(server.invocation.entrypoint_folder)
    variables = [each.text for each in release.environment(server.container) if each.name in _DEVELOPMENT_VARIABLES]
    if is_prepared and variables and variables[-1] and variables[-1].value:
        return Address.parse(variables[-1].value)
    return Address.parse(_DEVELOPMENT_OF_THE_IMAGE if is_prepared else _DEFAULT)


def _address(listener: hcl.Block) -> Address:
    told = setting(listener.body, "address")
    return Address.parse(str(told.value) if told and told.value else _DEFAULT)


def _holds(host: str, other: str) -> bool:
    """Whether a host stands for every one, `other` included: `0.0.0.0` leaves out those of IPv6."""
    own, its = _ip(host or "::"), _ip(other or "::")
    return bool(own and own.is_unspecified and (isinstance(own, IPv6Address) or not isinstance(its, IPv6Address)))


def _ip(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
