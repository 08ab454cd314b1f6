"""NEO003: several servers of an edition of Neo4j that has no cluster."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import neo4j
from hmco_charts.lint.programs.neo4j import Server
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release


class Neo4jEdition(Rule):
    """Reports replicas of the community edition, and the enterprise edition without its licence accepted."""

    id = "NEO003"
    name = "neo4j-edition"
    profile = "min"
    title = "What an edition of Neo4j does not do"
    why = (
        "The community edition has no cluster: each replica is a server with other data, and a Service asks one or"
        " another. The enterprise edition's image stops unless NEO4J_ACCEPT_LICENSE_AGREEMENT is `yes` or `eval`."
    )
    remedy = "Run one replica of the community edition; accept the licence of the enterprise edition by the variable."
    source = "https://neo4j.com/docs/operations-manual/current/introduction/#_neo4j_editions"

    def check(self, release: Release) -> Iterator[Finding]:
        """The servers by their edition; an image without a tag may be any."""
        for server in neo4j.servers(release):
            number = release.replicas(server.container.pod).least
            if server.is_enterprise and server.is_complete and not _accepts(release, server):
                yield self._licence(server)
            elif not server.is_enterprise and server.container.image.tag and number > 1:
                yield self._several(server, number)

    def _licence(self, server: Server) -> Finding:
        return self.finding(
            f"{server.container.locator} is the enterprise edition without NEO4J_ACCEPT_LICENSE_AGREEMENT: it stops.",
            on=server.container.pod.object,
            span=server.container.span("image"),
            locator=server.container.locator,
            subject=f"{server.container.locator}#licence",
        )

    def _several(self, server: Server, number: int) -> Finding:
        workload = server.container.pod.object
        return self.finding(
            f"{workload.kind} {workload.name} runs {number} servers of Neo4j's community edition: each has other data.",
            on=workload,
            span=workload.span(("spec", "replicas")) if workload.at(("spec", "replicas")) else server.container.span(),
            locator=server.container.locator,
            subject=f"{server.container.locator}#replicas",
        )


def _accepts(release: Release, server: Server) -> bool:
    variables = {each.name: each.text for each in release.environment(server.container)}
    if "NEO4J_ACCEPT_LICENSE_AGREEMENT" not in variables:
        return False
    text = variables["NEO4J_ACCEPT_LICENSE_AGREEMENT"]
    return text is None or text.value in ("yes", "eval")
