"""DSC002: the database's password where DolphinScheduler's tasks can read it."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import dolphinscheduler
from hmco_charts.lint.programs.version import Version
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_VARIABLE = "SPRING_DATASOURCE_PASSWORD"
_FIRST = Version(3, 2, 2)


class DolphinschedulerWorkerPassword(Rule):
    """Reports workers that are given the password of the metadata database."""

    id = "DSC002"
    name = "dolphinscheduler-worker-password"
    severity = Severity.WARNING
    title = "A password that DolphinScheduler's tasks can read"
    why = (
        "Tasks run in the worker's container and see its environment: whoever may write a shell task reads the password"
        " of the database with all users, data sources and workflows. Since 3.2.2 a worker uses no database."
    )
    remedy = "Leave the SPRING_DATASOURCE_… variables out of the worker."
    source = "https://github.com/apache/dolphinscheduler/blob/3.2.2/dolphinscheduler-worker/src/main/resources/application.yaml"

    def check(self, release: Release) -> Iterator[Finding]:
        """The variables of workers of these versions."""
        for server in dolphinscheduler.servers(release):
            container = server.container
            version = Version.parse(container.image.tag)
            names = [each.name for each in release.environment(container)]
            if server.part == "worker" and version and version >= _FIRST and _VARIABLE in names:
                own = [each.name for each in container.environment]
                place = ("env", own.index(_VARIABLE)) if _VARIABLE in own else ("envFrom",)
                yield self.finding(
                    f"{container.locator} has {_VARIABLE}, which every task can read.",
                    on=container.pod.object,
                    span=container.span(*place),
                    locator=container.locator,
                    subject=f"{container.locator}#{_VARIABLE}",
                )
