"""LOK006: a log agent that forgets how far it has read."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import monitoring
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_USUAL = "/var/log/positions.yaml"
_FLAG = "positions.file"


class PromtailPositions(Rule):
    """Reports Promtail agents whose positions go with the pod."""

    id = "LOK006"
    name = "promtail-positions"
    severity = Severity.WARNING
    title = "A log agent that forgets how far it has read"
    why = (
        "Promtail notes in the file of its positions how far it has read. On an emptyDir, or in the container's own"
        " file system, the note goes with the pod: the next one sends every file of the node again."
    )
    remedy = "Keep it on the node: a hostPath such as /run/promtail."
    source = "https://grafana.com/docs/loki/latest/send-data/promtail/configuration/#positions"

    def check(self, release: Release) -> Iterator[Finding]:
        """The file of every agent of a DaemonSet, as far as it is known where it lies."""
        for server in monitoring.servers(release, "promtail"):
            file = server.configuration
            if not file or server.pod.object.kind != "DaemonSet" or file.at("scrape_configs") is None:
                continue
            told = server.flags[_FLAG].value if _FLAG in server.flags else file.at("positions", "filename")
            path = told if isinstance(told, str) else _USUAL
            volume = monitoring.volume(release, server.container, path)
            if volume is None or "emptyDir" in volume.source:
                where = f"the emptyDir {volume.name}" if volume else "the container's own file system"
                place = ("positions",) if file.at("positions") is not None else ("scrape_configs",)
                yield self.finding(
                    f"{path} lies in {where} and goes with the pod.",
                    on=file.text.object,
                    span=file.span(place, key=True),
                    locator=file.locator(place),
                    subject=f"{server.container.locator}#positions",
                )
