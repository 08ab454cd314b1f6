"""LKF006: lakeFS as on a laptop."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import lakefs
from hmco_charts.lint.programs.lakefs import DEVELOPMENT
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release


class LakefsDevelopmentMode(Rule):
    """Reports lakeFS servers that run with the options of a first try."""

    id = "LKF006"
    name = "lakefs-development-mode"
    severity = Severity.WARNING
    title = "lakeFS as on a laptop"
    why = (
        "`--quickstart` and `--local-settings` keep everything in the container's folder and take an encryption key"
        " from the source; `--quickstart` also makes an administrator whose keys are in the documentation."
    )
    remedy = "Configure a database, an object store and keys of your own, and leave the option out."
    source = "https://github.com/treeverse/lakeFS/blob/v1.84.0/pkg/config/defaults.go"

    def check(self, release: Release) -> Iterator[Finding]:
        """The options of every server."""
        for server in lakefs.servers(release):
            container = server.container
            for field, words in (("command", container.command), ("args", container.args)):
                for index, word in enumerate(words):
                    if word in DEVELOPMENT:
                        yield self.finding(
                            f"{container.locator} runs with `{word}`.",
                            on=container.pod.object,
                            span=container.span(field, index),
                            locator=container.locator,
                            subject=f"{container.locator}#{word}",
                        )
