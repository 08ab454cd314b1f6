"""LOK007: a log agent that cannot see the node's files."""

from collections.abc import Iterator
from typing import Any

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import monitoring
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.kubernetes import items, mapping, text

_NODE = "/var/log/"


class PromtailHostLogs(Rule):
    """Reports Promtail agents that read `/var/log` of the container, as no volume of the node is there."""

    id = "LOK007"
    name = "promtail-host-logs"
    title = "A log agent that cannot see the node's files"
    why = (
        "The logs of pods are files of the node under /var/log/pods. Where no hostPath is mounted there, the agent"
        " finds no file, says nothing of it, and is ready."
    )
    remedy = "Mount the hostPath /var/log/pods read-only."
    source = "https://grafana.com/docs/loki/latest/send-data/promtail/installation/#daemonset-recommended"

    def check(self, release: Release) -> Iterator[Finding]:
        """The paths of every agent's jobs for pods."""
        for server in monitoring.servers(release, "promtail"):
            file = server.configuration
            jobs = items(file.at("scrape_configs")) if file else []
            for number, job in enumerate(jobs):
                path = _path(mapping(job))
                if file and path and monitoring.volume(release, server.container, path) is None:
                    place = ("scrape_configs", number)
                    yield self.finding(
                        f"Job {mapping(job).get('job_name')} reads {path}, where no volume is mounted.",
                        on=file.text.object,
                        span=file.span((*place, "job_name")),
                        locator=file.locator(place),
                        subject=f"{server.container.locator}#{path}",
                    )


def _path(job: dict[str, Any]) -> str:
    """The fixed beginning of the paths that a job reads; empty where they are not of the node's logs."""
    steps = [mapping(each) for each in items(job.get("relabel_configs"))]
    told = [text(each.get("replacement")) for each in steps if each.get("target_label") == "__path__"]
    labels = (mapping(mapping(group).get("labels")) for group in items(job.get("static_configs")))
    told.extend(text(each.get("__path__")) for each in labels)
    fixed = (each.partition("*")[0].partition("$")[0].rstrip("/") for each in told)
    return next((each for each in fixed if f"{each}/".startswith(_NODE)), "")
