"""FLK006: checkpoints of Flink that no restart uses."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import flink
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_STRATEGIES = ("restart-strategy.type", "restart-strategy")
_NEVER = ("none", "off", "disable")
_INTERVAL = "execution.checkpointing.interval"


class FlinkRestart(Rule):
    """Reports a restart strategy of `none` beside checkpoints."""

    id = "FLK006"
    name = "flink-restart"
    severity = Severity.WARNING
    title = "Checkpoints of Flink that no restart uses"
    why = (
        "With `restart-strategy.type: none` the first exception of a task ends the job for good, whatever checkpoints"
        " it has; they are for a restart, which with checkpoints is what Flink does by itself."
    )
    remedy = "Remove the setting, or use `exponential-delay`."
    source = "https://nightlies.apache.org/flink/flink-docs-release-1.20/docs/ops/state/task_failure_recovery/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The processes that have checkpoints and never restart a job; the job manager says it for all."""
        for process in flink.processes(release):
            setting = process.first(*_STRATEGIES)
            is_off = setting is not None and setting.value.strip().lower() in _NEVER
            if setting and is_off and _INTERVAL in process.settings and process.role != "taskmanager":
                yield self.finding(
                    f"{process.name} keeps checkpoints, and `{setting.name}: {setting.value}` never restarts a job.",
                    on=setting.object,
                    span=setting.place,
                    locator=setting.locator,
                    subject=f"{process.name}#{setting.name}",
                )
