"""PRM004: a scrape job that drops everything it finds."""

from collections.abc import Iterator
from typing import Any

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import monitoring
from hmco_charts.lint.programs.monitoring import Configuration
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.kubernetes import items, mapping
from hmco_charts.yamlio import Path

_STEPS = {"relabel_configs": "target", "metric_relabel_configs": "sample"}
_ANYTHING = (None, ".*", "(.*)", "^.*$", "^(.*)$")
_EMPTY_FITS = (*_ANYTHING, "", "^$")


class PrometheusDropsAll(Rule):
    """Reports relabelling after which nothing is left."""

    id = "PRM004"
    name = "prometheus-drops-all"
    title = "A scrape job that drops everything"
    why = (
        "The regular expression of a step is `(.*)` where none is written, so that `drop` drops all; and a `keep`"
        " without source labels compares the empty text. Prometheus takes the file, and nothing is scraped."
    )
    remedy = "Write the regular expression, and the source labels that it is about."
    source = "https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config"

    def check(self, release: Release) -> Iterator[Finding]:
        """The steps of every job of every server."""
        for server in monitoring.servers(release, "prometheus"):
            if server.configuration:
                yield from self._jobs(server.configuration)

    def _jobs(self, file: Configuration) -> Iterator[Finding]:
        for number, job in enumerate(items(file.at("scrape_configs"))):
            for kind, what in _STEPS.items():
                for index, step in enumerate(items(mapping(job).get(kind))):
                    if _drops_all(mapping(step)):
                        name = mapping(job).get("job_name")
                        yield self._step(file, ("scrape_configs", number, kind, index), name, what)

    def _step(self, file: Configuration, path: Path, job: Any, what: str) -> Finding:
        place = (*path, "action")
        return self.finding(
            f"Job {job} drops every {what}.",
            on=file.text.object,
            span=file.span(place),
            locator=file.locator(place),
            subject=f"{file.text.name}#{job}/{path[-2]}",
        )


def _drops_all(step: dict[str, Any]) -> bool:
    action, regex = str(step.get("action")).lower(), step.get("regex")
    if action == "drop":
        return regex in _ANYTHING
    return action == "keep" and not step.get("source_labels") and isinstance(regex, str) and _is_plain(regex)


def _is_plain(regex: str) -> bool:
    """Whether an expression without a special character is sure not to fit the empty text."""
    return regex not in _EMPTY_FITS and not set(regex) & set("*?{|")
