"""DSC006: logs of DolphinScheduler's tasks that go with the pod."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import dolphinscheduler
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_LOGS = "/opt/dolphinscheduler/logs"
_REMOTE = "REMOTE_LOGGING_ENABLE"


class DolphinschedulerTaskLogs(Rule):
    """Reports workers whose logs are neither on a volume that lasts nor sent elsewhere."""

    id = "DSC006"
    name = "dolphinscheduler-task-logs"
    severity = Severity.WARNING
    profile = "production"
    title = "Logs of DolphinScheduler's tasks that go with the pod"
    why = (
        "The logs of tasks lie in the worker that ran them, and the interface fetches them from there: when the pod is"
        " replaced, nobody can see any more why a task failed."
    )
    remedy = f"Mount a claim at {_LOGS} in a StatefulSet, or send logs to an object store (remote.logging.enable)."
    source = "https://dolphinscheduler.apache.org/en-us/docs/3.2.2/guide/remote-logging"

    def check(self, release: Release) -> Iterator[Finding]:
        """The workers without a volume for logs, or with one that the pod takes along."""
        for server in dolphinscheduler.servers(release):
            container = server.container
            name, _ = container.in_volume(_LOGS)
            is_lost = not name or "emptyDir" in container.pod.volume(name)
            if server.part == "worker" and is_lost and _REMOTE not in server.environment.variables:
                yield self.finding(
                    f"{container.locator} keeps the logs of its tasks in the pod.",
                    on=container.pod.object,
                    span=container.span(),
                    locator=container.locator,
                    subject=f"{container.locator}#{_LOGS}",
                )
