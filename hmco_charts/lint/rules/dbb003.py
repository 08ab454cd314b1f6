"""DBB003: an init script that will not run, as the database's volume already holds data."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.programs import databases
from hmco_charts.lint.programs.databases import INIT_FOLDER, Server
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release, Text
from hmco_charts.objects.kubernetes import items, mapping


class InitScriptNeverRuns(Rule):
    """Reports init scripts that came or changed after the database's first start."""

    id = "DBB003"
    name = "init-script-never-runs"
    severity = Severity.WARNING
    title = "An init script that never runs"
    why = (
        "The image executes /docker-entrypoint-initdb.d only while its data directory is empty. On a volume that is"
        " kept, a script that is added or changed later is never executed: the new user or table does not appear."
    )
    remedy = "Put the change into a Job that may run again on every upgrade."
    source = "https://github.com/docker-library/docs/blob/master/postgres/README.md#initialization-scripts"

    def check(self, release: Release) -> Iterator[Finding]:
        """The scripts of servers with a kept volume; those that an upgrade brings are sure not to run."""
        for server in databases.servers(release):
            if _keeps_data(server):
                for file in release.files(server.container):
                    if file.path.startswith(INIT_FOLDER):
                        yield from self._script(release, server, file.text)

    def _script(self, release: Release, server: Server, text: Text) -> Iterator[Finding]:
        is_new = release.previous is not None and _was_there(release.previous, server)
        if is_new and release.previous and _is_unchanged(release.previous, text):
            return
        yield self.finding(
            f"{server.pod.object.kind} {server.pod.object.name} keeps its data, so `{text.name}` "
            + ("is not executed by this upgrade." if is_new else "is executed at the very first start only."),
            on=text.object,
            span=text.object.span(text.path, key=True),
            locator="/".join(map(str, text.path)),
            subject=f"{text.name}#{server.pod.object.name}",
            severity=None if is_new else Severity.INFO,
            confidence=None if is_new else Confidence.LOW,
        )


def _keeps_data(server: Server) -> bool:
    has_templates = bool(items(server.pod.object.at(("spec", "volumeClaimTemplates"))))
    return has_templates or any(mapping(volume.get("persistentVolumeClaim")) for volume in server.pod.volumes)


def _was_there(previous: Release, server: Server) -> bool:
    workload = server.pod.object
    return any(each.namespace == workload.namespace for each in previous.named(workload.kind, workload.name))


def _is_unchanged(previous: Release, text: Text) -> bool:
    holders = previous.named(text.object.kind, text.object.name)
    return any(
        each.name == text.name and each.value == text.value
        for holder in holders
        for each in previous.file_texts(holder)
    )
