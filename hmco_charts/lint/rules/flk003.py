"""FLK003: high availability of Flink without a place for its records."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import flink
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_TYPES = ("high-availability.type", "high-availability")
_FOLDERS = ("high-availability.storageDir", "high-availability.zookeeper.storageDir")
_OFF = ("none", "")


class FlinkHighAvailability(Rule):
    """Reports high availability that is on without `high-availability.storageDir`."""

    id = "FLK003"
    name = "flink-high-availability"
    profile = "min"
    title = "High availability of Flink without a place for its records"
    why = (
        "ZooKeeper or a ConfigMap only holds who leads; jobs and the places of checkpoints are files. Without"
        " `high-availability.storageDir` Flink stops with 'Configuration is missing the mandatory parameter'."
    )
    remedy = "Set `high-availability.storageDir` to a folder in an object store."
    source = "https://nightlies.apache.org/flink/flink-docs-release-1.20/docs/deployment/ha/overview/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The processes that have it on."""
        for process in flink.processes(release):
            setting = process.first(*_TYPES)
            if setting and setting.value.strip().lower() not in _OFF and not process.first(*_FOLDERS):
                yield self.finding(
                    f"{process.name} has {setting.name} without high-availability.storageDir: it stops.",
                    on=setting.object,
                    span=setting.place,
                    locator=setting.locator,
                    subject=f"{process.name}#{setting.name}",
                )
