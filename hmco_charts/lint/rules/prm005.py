"""PRM005: variables of the environment in a file in which Prometheus replaces none."""

import re
from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import monitoring
from hmco_charts.lint.programs.monitoring import Configuration
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_VARIABLE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}|\$[A-Z][A-Z0-9_]{2,}\b|\$\([A-Z_][A-Z0-9_]*\)")
_EXPANDED = "external_labels"
_OF_RELABELLING = ("replacement", "target_label", "regex")


class PrometheusVariable(Rule):
    """Reports `${PASSWORD}` and the like in Prometheus' file."""

    id = "PRM005"
    name = "prometheus-variable"
    profile = "min"
    title = "A variable that Prometheus does not replace"
    why = (
        "Prometheus replaces variables of its environment in `external_labels` and nowhere else: a password"
        " `${PASSWORD}` is sent as these letters, and every scrape is refused."
    )
    remedy = "Mount the Secret, and name its file: `password_file`, `credentials_file`, `key_file`."
    source = "https://prometheus.io/docs/prometheus/latest/configuration/configuration/#configuration-file"

    def check(self, release: Release) -> Iterator[Finding]:
        """The texts of every server's file."""
        for server in monitoring.servers(release, "prometheus"):
            if server.configuration:
                yield from self._texts(server.configuration)

    def _texts(self, file: Configuration) -> Iterator[Finding]:
        for path, value in file.texts():
            found = _VARIABLE.search(value)
            if found and _EXPANDED not in path and path[-1] not in _OF_RELABELLING:
                keys = ".".join(step for step in path if isinstance(step, str))
                yield self.finding(
                    f"`{keys}` holds `{found[0]}`, which Prometheus takes as it is written.",
                    on=file.text.object,
                    span=file.span(path),
                    locator=file.locator(path),
                    subject=f"{file.text.name}#{keys}/{found[0]}",
                )
