"""NEO002: a password of Neo4j with which the image stops, or none at all."""

import re
from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import neo4j
from hmco_charts.lint.programs.neo4j import Server
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release, Text

_FORM = re.compile(r"([^/]+)/([^/]+)/?(true)?", re.IGNORECASE)
_SHORTEST = 8
_LENGTH = "dbms.security.auth_minimum_password_length"


class Neo4jAuth(Rule):
    """Reports values of NEO4J_AUTH that the start script or Neo4j refuses, and `none`."""

    id = "NEO002"
    name = "neo4j-auth"
    profile = "min"
    title = "A password of Neo4j that its image refuses"
    why = (
        "NEO4J_AUTH is `neo4j/PASSWORD`: the user is always neo4j, the password has eight characters at least, is not"
        " neo4j, and holds no slash, for which the script stops and shows it in the log. With `none` everyone who"
        " reaches the server may read and change all data."
    )
    remedy = "Give `neo4j/PASSWORD` from a Secret, with letters and digits only."
    source = "https://github.com/neo4j/docker-neo4j/blob/master/docker-image-src/5/coredb/docker-entrypoint.sh"

    def check(self, release: Release) -> Iterator[Finding]:
        """The values of servers that are in the input."""
        for server in neo4j.servers(release):
            text = next((one.text for one in release.environment(server.container) if one.name == "NEO4J_AUTH"), None)
            if text and text.value == "none":
                yield self._at(server, text, "is `none`: all who reach it may do everything", Severity.WARNING)
            elif text and text.value and (fault := _fault(text.value, _shortest(server))):
                yield self._at(server, text, f"{fault}: the container stops")

    def _at(self, server: Server, text: Text, fault: str, severity: Severity | None = None) -> Finding:
        return self.finding(
            f"NEO4J_AUTH of {server.container.locator} {fault}.",
            on=text.object,
            span=text.span(0, len(text.value)),
            locator=server.container.locator,
            subject=f"{server.container.locator}#NEO4J_AUTH",
            severity=severity,
        )


def _shortest(server: Server) -> int:
    told = server.value(_LENGTH)
    return int(told) if told.isdigit() else _SHORTEST


def _fault(value: str, shortest: int) -> str:
    """What is wrong, never the value; what only the running pod knows (`$(NAME)`) is taken for right."""
    match = _FORM.fullmatch(value)
    if not match:
        return "is not `neo4j/PASSWORD` with a password without a slash"
    user, password = match[1], match[2]
    if "$" in value:
        return "" if user == "neo4j" or "$" in user else "names a user other than neo4j"
    if user != "neo4j":
        return "names a user other than neo4j"
    if password == "neo4j":  # noqa: S105
        return "has the default password"
    return f"has a password of fewer than {shortest} characters" if len(password) < shortest else ""
