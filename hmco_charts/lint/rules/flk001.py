"""FLK001: memory with which Flink does not start, or is killed."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import flink
from hmco_charts.lint.programs.flink import Process, Setting
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.kubernetes import mapping
from hmco_charts.quantity import quantity

_MEBIBYTE = 2**20
_LEAST = {"jobmanager": 576 * _MEBIBYTE, "taskmanager": 768 * _MEBIBYTE}
"""What metaspace, overhead and Flink's own parts take where nothing else is said."""


class FlinkMemory(Rule):
    """Reports sizes of processes that Flink cannot read, cannot divide, or that the container does not have."""

    id = "FLK001"
    name = "flink-memory"
    profile = "min"
    title = "Memory with which Flink does not start, or is killed"
    why = (
        "Flink divides `process.size` into heap, metaspace, network and more: where it is too little it stops with"
        " 'memory configuration failed'. It has units of its own (m, g), and knows no Gi. Where it is more than the"
        " container's limit, the kernel kills the process when it uses what it was promised."
    )
    remedy = "Set `process.size` to the container's memory limit, 1g at least."
    source = "https://nightlies.apache.org/flink/flink-docs-release-1.20/docs/deployment/memory/mem_setup/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The size of each process that is told one."""
        for process in flink.processes(release):
            for role, least in _LEAST.items():
                setting = process.settings.get(f"{role}.memory.process.size")
                if setting and process.role in ("", role) and "$" not in setting.value:
                    yield from self._size(process, setting, role, least)

    def _size(self, process: Process, setting: Setting, role: str, least: int) -> Iterator[Finding]:
        size, limit = setting.bytes, _limit(process)
        if size is None:
            yield self._at(process, setting, f"`{setting.value}` is no size as Flink writes it (m, g): it stops")
        elif size < least and not _is_divided(process, role):
            told = f"{setting.name} is {size // _MEBIBYTE}m, Flink needs {least // _MEBIBYTE}m at least: it stops"
            yield self._at(process, setting, told)
        elif limit and size > limit:
            told = f"{setting.name} is {size // _MEBIBYTE}m, the container's limit {int(limit) // _MEBIBYTE}Mi"
            yield self._at(process, setting, told)

    def _at(self, process: Process, setting: Setting, told: str) -> Finding:
        return self.finding(
            f"{told}.",
            on=setting.object,
            span=setting.place,
            locator=setting.locator,
            subject=f"{process.name}#{setting.name}",
        )


def _limit(process: Process) -> float | None:
    """Bytes that the container may use; `None` where that is not limited, or not known."""
    resources = mapping(process.container.spec.get("resources")) if process.container else {}
    return quantity(mapping(resources.get("limits")).get("memory"))


def _is_divided(process: Process, role: str) -> bool:
    """Whether other sizes are set, so that the usual division does not count."""
    return any(name.startswith(f"{role}.memory.") and not name.endswith("process.size") for name in process.settings)
