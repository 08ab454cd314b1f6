"""TRN005: a variable that a Trino node does not have."""

import re
from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import trino
from hmco_charts.lint.programs.environment import environment
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_VARIABLE = re.compile(r"\$\{ENV:([^}]*)\}")
_OF_THE_IMAGE = frozenset(("PATH", "HOME", "HOSTNAME", "JAVA_HOME", "LANG", "LC_ALL", "LANGUAGE", "PWD"))


class TrinoEnvironment(Rule):
    """Reports `${ENV:NAME}` on nodes whose container has no such variable."""

    id = "TRN005"
    name = "trino-environment"
    profile = "min"
    title = "A variable that a Trino node does not have"
    why = (
        "Trino stops with 'Environment variable is not set'. Catalogs are loaded on every node: workers need the"
        " variables of each catalog as the coordinator does."
    )
    remedy = "Give the variable to coordinator and workers, from a Secret."
    source = "https://trino.io/docs/current/security/secrets.html"

    def check(self, release: Release) -> Iterator[Finding]:
        """The variables in the properties of every node whose environment is known."""
        for node in trino.nodes(release):
            found = environment(release, node.container)
            if not found.is_complete:
                continue
            for path, settings in node.files.items():
                for setting in settings:
                    for name in _VARIABLE.findall(setting.value):
                        if name not in found.variables and name not in _OF_THE_IMAGE:
                            yield self.finding(
                                f"{node.container.locator} has no variable {name}, which {path} needs: Trino stops.",
                                on=setting.text.object,
                                span=setting.span,
                                locator=setting.text.locator(setting.start),
                                subject=f"{node.container.locator}#{path}#{name}",
                            )
