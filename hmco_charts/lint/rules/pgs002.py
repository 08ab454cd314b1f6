"""PGS002: a PostgreSQL server that asks nobody for a password."""

import re
from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import databases
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Release, Text

_METHOD, _INITDB = "POSTGRES_HOST_AUTH_METHOD", "POSTGRES_INITDB_ARGS"
_TRUSTS = re.compile(r"(?:--auth(?:-host)?[= ]|-A ?)[\"']?trust\b")
_HOST = re.compile(
    r"^[ \t]*host(?:ssl|nossl)?[ \t]+\S+[ \t]+\S+[ \t]+(?P<address>\S+)(?:[ \t]+[0-9.]+)?[ \t]+(?P<method>trust)\b",
    re.MULTILINE,
)
_LOOPBACK = ("127.", "::1", "localhost", "samehost")


class PostgresqlTrust(Rule):
    """Reports PostgreSQL servers that let anybody who reaches them in, as the superuser too."""

    id = "PGS002"
    name = "postgresql-trust"
    title = "A PostgreSQL server that asks for no password"
    why = (
        "With the method `trust` whoever reaches the port is whom he says he is, the superuser included; a superuser"
        " also runs programs on the server (COPY … TO PROGRAM)."
    )
    remedy = "Use scram-sha-256."
    source = "https://www.postgresql.org/docs/current/auth-trust.html"

    def check(self, release: Release) -> Iterator[Finding]:
        """The image's variables, and lines of pg_hba.conf for other addresses than the loopback."""
        for server in databases.servers(release):
            if server.product == "postgresql":
                for variable in release.environment(server.container):
                    if variable.text and _is_open(variable.name, variable.text.value):
                        yield self._variable(server.container, variable.name, variable.text)
        for text in release.texts:
            if text.name.endswith("pg_hba.conf"):
                yield from self._lines(text)

    def _variable(self, container: Container, name: str, text: Text) -> Finding:
        return self.finding(
            f"{name} lets everybody in without a password.",
            on=text.object,
            span=text.object.span(text.path),
            locator=f"{container.locator}/env/{name}",
            subject=f"{container.locator}#{name}",
        )

    def _lines(self, text: Text) -> Iterator[Finding]:
        for line in _HOST.finditer(text.value):
            if not line["address"].startswith(_LOOPBACK):
                yield self.finding(
                    f"`{text.name}` lets everybody from {line['address']} in without a password.",
                    on=text.object,
                    span=text.span(line.start("method"), line.end("method")),
                    locator=text.locator(line.start("method")),
                    subject=f"{text.name}#{line['address']}",
                )


def _is_open(name: str, value: str) -> bool:
    return (name == _METHOD and value == "trust") or (name == _INITDB and bool(_TRUSTS.search(value)))
