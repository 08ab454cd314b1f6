"""NEO001: variables that make settings of Neo4j which there are not."""

import re
from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import neo4j
from hmco_charts.lint.programs.neo4j import Server, Setting
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_PARTED = re.compile(
    r"\b(?:max\.size|initial\.size|(?:listen|advertised)\.address|default\.(?:listen|advertised|database)"
    r"|auth\.enabled|auth\.minimum|strict\.validation|retention\.policy|tx\.log|tls\.level|client\.auth"
    r"|base\.directory|private\.key|public\.certificate)(?:\.|$)"
)


class Neo4jUnknownSetting(Rule):
    """Reports variables beginning with NEO4J_ whose name is that of no setting."""

    id = "NEO001"
    name = "neo4j-unknown-setting"
    profile = "min"
    title = "A variable that is no setting of Neo4j"
    why = (
        "The start script makes a setting of every variable that begins with NEO4J_: `_` becomes a dot, `__` becomes"
        " `_`, capitals stay. Neo4j stops on one that it does not know: 'Unrecognized setting. No declared setting with"
        " name'. So do variables that are meant for clients, such as NEO4J_URI."
    )
    remedy = (
        "Write the setting's name with `__` for its `_` and in its own small letters,"
        " `NEO4J_server_memory_heap_max__size`; give variables of clients to the clients alone."
    )
    source = "https://neo4j.com/docs/operations-manual/current/docker/configuration/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The variables of servers that refuse unknown settings."""
        for server in neo4j.servers(release):
            for setting in server.settings.values() if server.is_strict else ():
                fault = _fault(server, setting) if setting.variable else ""
                if fault:
                    yield self._at(server, setting, fault)

    def _at(self, server: Server, setting: Setting, fault: str) -> Finding:
        own = {each.name: each for each in server.container.environment}
        variable = own.get(setting.variable)
        return self.finding(
            f"{setting.variable} of {server.container.locator} is the setting `{setting.name}`, {fault}:"
            " Neo4j does not start.",
            on=server.container.pod.object,
            span=server.container.pod.object.span((*variable.path, "name")) if variable else server.container.span(),
            locator=server.container.locator,
            subject=f"{server.container.locator}#{setting.variable}",
        )


def _fault(server: Server, setting: Setting) -> str:
    first = setting.name.partition(".")[0]
    if first in ("apoc", "gds"):
        return ""
    if "." not in setting.name:
        return "and no setting is a single word"
    if any(letter.isupper() for letter in first):
        return "and settings begin in small letters"
    if _PARTED.search(setting.name):
        return "and the setting's own `_` is written `__`"
    is_enterprise = setting.name.startswith("server.metrics.") and not server.is_enterprise
    return "which only the enterprise edition has" if is_enterprise and server.container.image.tag else ""
