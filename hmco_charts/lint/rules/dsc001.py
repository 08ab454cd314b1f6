"""DSC001: HTTP to a port of DolphinScheduler's own protocol."""

from collections.abc import Iterator
from functools import partial

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import dolphinscheduler
from hmco_charts.lint.programs.http_callers import callers
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release


class DolphinschedulerHttpToRpc(Rule):
    """Reports probes, commands, scrapes, Ingresses and routes that reach a port of the servers' own protocol."""

    id = "DSC001"
    name = "dolphinscheduler-http-to-rpc"
    title = "HTTP to a port of DolphinScheduler's own protocol"
    why = (
        "The servers log 'illegal packet [magic]69' for each such request, 69 being the E of GET or HEAD, and close the"
        " connection: the probe never succeeds, the scrape is empty, and real errors drown. With"
        " `prometheus.io/scrape` and no `prometheus.io/port`, every port is asked."
    )
    remedy = "Ask the port of the actuator: 5679 of masters, 1235 of workers, 50053 of alerts, 12345 of the API."
    source = "https://github.com/apache/dolphinscheduler/issues/4134"

    def check(self, release: Release) -> Iterator[Finding]:
        """What speaks HTTP to that port of every server."""
        for server in dolphinscheduler.servers(release):
            for caller in callers(release, server.container):
                if caller.port and caller.port == server.rpc_port:
                    yield self.finding(
                        f"{caller.what} asks port {caller.port} of {server.container.locator}, which speaks no HTTP.",
                        on=caller.object,
                        span=partial(caller.object.span, caller.path),
                        locator=caller.locator,
                        subject=f"{server.container.locator}#{caller.what}",
                    )
