"""TRN003: a Trino node that joins no cluster."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import trino
from hmco_charts.lint.programs.trino import Node, Setting
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.dns import is_loopback

_ENVIRONMENT = re.compile(r"[a-z0-9][_a-z0-9]*")
_DISCOVERY = "discovery.uri"


class TrinoDiscovery(Rule):
    """Reports workers that do not know a coordinator, and names of clusters that Trino refuses."""

    id = "TRN003"
    name = "trino-discovery"
    profile = "min"
    title = "A Trino node that joins no cluster"
    why = (
        "A worker announces itself at `discovery.uri`. Without it, or with an address that is the worker itself, it"
        " starts, looks healthy and is never given a task ('No discovery servers are available'). `node.environment`"
        " takes small letters, digits and `_`; with a `-` no node starts."
    )
    remedy = "Name the coordinator's Service in `discovery.uri`, and one `node.environment` of all nodes."
    source = "https://trino.io/docs/current/installation/deployment.html"

    def check(self, release: Release) -> Iterator[Finding]:
        """What each node is told of its cluster."""
        for node in trino.nodes(release):
            environment = node.environment
            if environment and "$" not in environment.value and not _ENVIRONMENT.fullmatch(environment.value.strip()):
                yield self._at(node, environment, f"`{environment.value}` is no environment of Trino: the node stops")
            uri = node.config.get(_DISCOVERY)
            if node.is_worker and uri is None:
                told = f"{node.container.locator} has no `{_DISCOVERY}`: it never finds a coordinator"
                yield self._at(node, node.config["coordinator"], told)
            elif node.is_worker and uri and is_loopback(_host(uri.value)):
                yield self._at(node, uri, f"`{_DISCOVERY}` of {node.container.locator} is the worker itself")

    def _at(self, node: Node, setting: Setting, told: str) -> Finding:
        return self.finding(
            f"{told}.",
            on=setting.text.object,
            span=setting.span,
            locator=setting.text.locator(setting.start),
            subject=f"{node.container.locator}#{setting.name}",
        )


def _host(uri: str) -> str:
    try:
        return urlsplit(uri.strip()).hostname or "unknown"
    except ValueError:  # brackets that hold no address: Trino refuses it too
        return "unknown"
