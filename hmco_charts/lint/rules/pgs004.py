"""PGS004: several pods of PostgreSQL's image, each a database of its own."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import postgresql
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release


class PostgresqlReplicas(Rule):
    """Reports workloads with several pods of the official image that nothing makes replicas of each other."""

    id = "PGS004"
    name = "postgresql-replicas"
    title = "Several PostgreSQL servers that know nothing of each other"
    why = (
        "The official image has no replication: each pod is a server with data of its own, and a Service sends one"
        " connection here, the next there. What was written is then missing every second time."
    )
    remedy = "Run one replica, or an operator such as CloudNativePG."
    source = "https://github.com/docker-library/postgres/blob/master/docker-entrypoint.sh"

    def check(self, release: Release) -> Iterator[Finding]:
        """The servers that are not told to stream from another one."""
        for server in postgresql.servers(release):
            said = " ".join((*server.container.command, *server.container.args)).lower()
            replicates = "primary_conninfo" in said or any(
                each.role == "initContainer" and "basebackup" in str(each.spec) for each in server.pod.containers
            )
            if release.replicas(server.pod).most > 1 and not replicates:
                yield self.finding(
                    f"{server.pod.object.kind} {server.pod.object.name} runs several servers, each with its own data.",
                    on=server.pod.object,
                    span=server.pod.object.span(("spec", "replicas")),
                    locator=server.container.locator,
                    subject=f"{server.container.locator}#replicas",
                )
