"""DSC005: files of DolphinScheduler's tasks that its pods do not share."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import dolphinscheduler
from hmco_charts.lint.programs.dolphinscheduler import Server
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_TYPE, _FOLDER = "RESOURCE_STORAGE_TYPE", "RESOURCE_STORAGE_UPLOAD_BASE_PATH"


class DolphinschedulerLocalFiles(Rule):
    """Reports servers with `RESOURCE_STORAGE_TYPE=LOCAL` beside others, and no volume that they share."""

    id = "DSC005"
    name = "dolphinscheduler-local-files"
    title = "Files of DolphinScheduler's tasks that its pods do not share"
    why = (
        "What is uploaded through the API lies in the API's own container, and tasks look for it in the worker's: they"
        " fail with a file that is not there. `LOCAL` is for one machine."
    )
    remedy = "Use S3 or HDFS, or mount one ReadWriteMany claim at the folder in API and workers."
    source = "https://github.com/apache/dolphinscheduler/blob/3.2.2/dolphinscheduler-common/src/main/resources/common.properties"

    def check(self, release: Release) -> Iterator[Finding]:
        """The API and the workers of releases that have both."""
        local = [each for each in dolphinscheduler.servers(release) if each.told(_TYPE) == "LOCAL"]
        if {"api", "worker"} <= {each.part for each in local}:
            for server in local:
                if server.part in ("api", "worker") and not _is_shared(server):
                    yield self._on(server)

    def _on(self, server: Server) -> Finding:
        container = server.container
        return self.finding(
            f"{container.locator} keeps files of tasks in its own container (`{_TYPE}=LOCAL`).",
            on=container.pod.object,
            span=container.span(),
            locator=container.locator,
            subject=f"{container.locator}#{_TYPE}",
        )


def _is_shared(server: Server) -> bool:
    """Whether the folder lies in a volume that other pods may have too, or is not known."""
    folder = server.told(_FOLDER)
    if not folder:
        return _FOLDER in server.environment.variables or not server.environment.is_complete
    volume = server.container.pod.volume(server.container.in_volume(folder)[0])
    return bool(volume.keys() - {"name", "emptyDir"})
