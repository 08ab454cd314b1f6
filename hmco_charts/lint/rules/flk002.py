"""FLK002: Flink's state on the disk of one pod."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import flink
from hmco_charts.lint.programs.flink import Process, Setting
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_FOLDERS = (
    *("execution.checkpointing.dir", "state.checkpoints.dir"),
    *("execution.checkpointing.savepoint-dir", "state.savepoints.dir"),
    *("high-availability.storageDir",),
)
_OF_ONE_POD = ("emptyDir", "configMap", "secret", "ephemeral", "hostPath")


class FlinkLocalState(Rule):
    """Reports checkpoints, savepoints and records of high availability that only one pod can read."""

    id = "FLK002"
    name = "flink-local-state"
    title = "Flink's state on the disk of one pod"
    why = (
        "Task managers write checkpoints, the job manager reads them, and another task manager restores from them:"
        " all must reach the same folder. A `file:` folder of the pod itself is another one in each, and is gone with"
        " the pod: the first restart fails, or begins from nothing."
    )
    remedy = "Use an object store (`s3://…`) or a volume that all pods mount (ReadWriteMany)."
    source = "https://nightlies.apache.org/flink/flink-docs-release-1.20/docs/ops/state/checkpoints/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The folders of every process; those that a claim is mounted over may be shared."""
        for process in flink.processes(release):
            for name in _FOLDERS:
                setting = process.settings.get(name)
                if setting and _is_local(process, setting):
                    yield self.finding(
                        f"{name} of {process.name} is {setting.value}, on the disk of each pod alone.",
                        on=setting.object,
                        span=setting.place,
                        locator=setting.locator,
                        subject=f"{process.name}#{name}",
                        severity=None if name.startswith("high-availability") else Severity.WARNING,
                    )


def _is_local(process: Process, setting: Setting) -> bool:
    scheme, _, path = setting.value.strip().partition(":")
    if scheme != "file" or "$" in setting.value or process.container is None:
        return False
    volume, _ = process.container.in_volume(path.removeprefix("//"))
    found = process.container.pod.volume(volume) if volume else {}
    return not volume or any(kind in found for kind in _OF_ONE_POD)
