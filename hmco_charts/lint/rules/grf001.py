"""GRF001: several Grafana servers, each with a database of its own."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import grafana
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release


class GrafanaSeparateDatabases(Rule):
    """Reports Grafana servers with several replicas on SQLite."""

    id = "GRF001"
    name = "grafana-separate-databases"
    title = "Several Grafana pods, each with a database of its own"
    why = (
        "SQLite, which Grafana takes where nothing else is said, is a file: pods with volumes of their own know other"
        " users, sessions and dashboards, and on a shared volume they lock each other out ('database is locked')."
    )
    remedy = "Use PostgreSQL or MySQL, or one replica with `strategy: Recreate`."
    source = "https://grafana.com/docs/grafana/latest/setup-grafana/set-up-for-high-availability/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The database of servers with more than one replica."""
        for server in grafana.servers(release):
            told = server.told("database.type")
            by_url = server.told("database.url")
            is_file = told.value == "sqlite3" if told else server.is_complete
            if is_file and not by_url and release.replicas(server.container.pod).most > 1:
                pod = server.container.pod
                yield self.finding(
                    f"{pod.object.kind} {pod.object.name} runs several servers, each with a SQLite file.",
                    on=told.object if told else pod.object,
                    span=told.span if told else pod.object.span(("spec", "replicas")),
                    locator=told.locator if told else server.container.locator,
                    subject=f"{server.container.locator}#database.type",
                )
