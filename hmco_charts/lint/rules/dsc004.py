"""DSC004: a probe of DolphinScheduler that succeeds on any answer."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Group, Severity
from hmco_charts.lint.programs import dolphinscheduler
from hmco_charts.lint.programs.command import base
from hmco_charts.lint.programs.http_callers import PROBES
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Release
from hmco_charts.objects.kubernetes import items, mapping, text


class DolphinschedulerProbe(Rule):
    """Reports probes by curl without `--fail`."""

    id = "DSC004"
    name = "dolphinscheduler-probe"
    severity = Severity.WARNING
    title = "A probe of DolphinScheduler that succeeds on any answer"
    why = (
        "`curl -s` ends with 0 whatever the status of the answer: a server whose actuator says 503, as its database is"
        " gone, counts as ready. The makers' chart probes so."
    )
    remedy = "Use `httpGet`, or `curl --fail`."
    source = "https://curl.se/docs/manpage.html#-f"

    def check(self, release: Release) -> Iterator[Finding]:
        """The probes of all servers that run curl alone: one finding, as the charts that do it do it everywhere."""
        for container in (server.container for server in dolphinscheduler.servers(release)):
            for probe in _by_curl(container):
                where = f"{probe} of {container.locator}"
                yield self.finding(
                    f"{where} succeeds on any answer: curl has no `--fail`.",
                    on=container.pod.object,
                    span=container.span(probe, "exec", "command"),
                    locator=f"{container.locator}/{probe}",
                    subject=f"{container.locator}#{probe}",
                    group=Group((), where),
                )


def _by_curl(container: Container) -> Iterator[str]:
    for probe in PROBES:
        words = items(mapping(mapping(container.spec.get(probe)).get("exec")).get("command"))
        if words and base(text(words[0])) == "curl" and not any(_fails(text(word)) for word in words):
            yield probe


def _fails(word: str) -> bool:
    """Whether an option has curl fail on an error's status: `-f`, also among others as in `-sf`."""
    return word.startswith("--fail") or (word.startswith("-") and not word.startswith("--") and "f" in word)
