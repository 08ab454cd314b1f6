"""DRS002: HTTP to a port of Doris that speaks none."""

from collections.abc import Iterator
from functools import partial

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import doris
from hmco_charts.lint.programs.http_callers import callers
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release


class DorisHttpToRpc(Rule):
    """Reports probes, scrapes, Ingresses and routes that reach ports for MySQL's protocol, Thrift or the journal."""

    id = "DRS002"
    name = "doris-http-to-rpc"
    title = "HTTP to a port of Doris that speaks none"
    why = (
        "9030 speaks MySQL's protocol, 9020, 9050 and 9060 Thrift, 9010 that of the journal: an HTTP probe there never"
        " succeeds and restarts the server for ever, a scrape is empty."
    )
    remedy = "Ask 8030 of frontends and 8040 of backends (/api/health, /metrics), or use `tcpSocket`."
    source = "https://doris.apache.org/docs/install/preparation/cluster-planning"

    def check(self, release: Release) -> Iterator[Finding]:
        """What speaks HTTP to these ports of every server; SCH006 has the probes."""
        for part, ports in doris.RPC_PORTS.items():
            for container in doris.containers(release, part):
                for caller in callers(release, container):
                    if caller.port in ports and not caller.is_probe:
                        yield self.finding(
                            f"{caller.what} asks port {caller.port} of {container.locator}, which speaks no HTTP.",
                            on=caller.object,
                            span=partial(caller.object.span, caller.path),
                            locator=caller.locator,
                            subject=f"{container.locator}#{caller.what}#{caller.port}",
                        )
