"""LOK005: variables in the file of Loki or Promtail that are not replaced."""

import re
from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import monitoring
from hmco_charts.lint.programs.monitoring import Configuration
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_VARIABLE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*(?::[^}]*)?\}")
_OF_STEPS = ("replacement", "expression", "regex", "source", "template", "selector")


class LokiVariable(Rule):
    """Reports `${KEY}` in files of Loki and Promtail that are read as they are."""

    id = "LOK005"
    name = "loki-variable"
    profile = "min"
    title = "A variable that Loki does not replace"
    why = (
        "Loki and Promtail replace variables of their environment with `-config.expand-env=true` alone. Without it the"
        " key of the object store is `${S3_SECRET_KEY}`, these letters, and the store refuses it."
    )
    remedy = "Start with -config.expand-env=true; a `$` that is meant must then be written `$$`."
    source = "https://grafana.com/docs/loki/latest/configure/#use-environment-variables-in-the-configuration"

    def check(self, release: Release) -> Iterator[Finding]:
        """The texts of the file of every server and agent that is started without the option."""
        for product in ("loki", "promtail"):
            for server in monitoring.servers(release, product):
                if server.configuration and not server.is_on("config.expand-env"):
                    yield from self._texts(server.configuration)

    def _texts(self, file: Configuration) -> Iterator[Finding]:
        for path, value in file.texts():
            found = _VARIABLE.search(value)
            if found and path[-1] not in _OF_STEPS:
                keys = ".".join(step for step in path if isinstance(step, str))
                yield self.finding(
                    f"`{keys}` holds `{found[0]}`, which is taken as it is written.",
                    on=file.text.object,
                    span=file.span(path),
                    locator=file.locator(path),
                    subject=f"{file.text.name}#{keys}/{found[0]}",
                )
