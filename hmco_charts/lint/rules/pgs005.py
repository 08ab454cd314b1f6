"""PGS005: probes by pg_isready that say too much."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import postgresql
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Release
from hmco_charts.objects.kubernetes import items, mapping, text

_PROBES = ("startupProbe", "livenessProbe", "readinessProbe")
_SWALLOWED = ("|| true", "|| :", "; true", "; exit 0", "|| exit 0")


class PostgresqlProbe(Rule):
    """Reports probes of PostgreSQL whose result does not tell whether the server is there."""

    id = "PGS005"
    name = "postgresql-probe"
    severity = Severity.WARNING
    title = "A probe by pg_isready that says too much"
    why = (
        "On an empty volume the image first starts a server for its own use, on the socket alone. `pg_isready` without"
        " `-h` asks that one: the pod counts as ready, and is stopped and started again under its first clients."
    )
    remedy = "Probe by TCP: `pg_isready -h 127.0.0.1 -U postgres`."
    source = "https://github.com/docker-library/postgres/blob/master/docker-entrypoint.sh"

    def check(self, release: Release) -> Iterator[Finding]:
        """The probes of every server that run pg_isready."""
        for server in postgresql.servers(release):
            for probe in _PROBES:
                words = items(mapping(mapping(server.container.spec.get(probe)).get("exec")).get("command"))
                command = " ".join(map(text, words))
                if "pg_isready" in command and (fault := _fault(probe, command)):
                    yield self._at(server.container, probe, fault)

    def _at(self, container: Container, probe: str, fault: str) -> Finding:
        return self.finding(
            f"{probe} of {container.locator} {fault}.",
            on=container.pod.object,
            span=container.span(probe, "exec", "command"),
            locator=f"{container.locator}/{probe}",
            subject=f"{container.locator}#{probe}",
        )


def _fault(probe: str, command: str) -> str:
    if any(each in command for each in _SWALLOWED):
        return "succeeds whatever pg_isready says"
    by_tcp = any(word in command for word in (" -h", "--host", "PGHOST"))
    return "" if by_tcp or probe == "livenessProbe" else "asks by the socket, where the first start answers too early"
