"""DSC003: DolphinScheduler's own heap in a smaller container."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import dolphinscheduler
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.kubernetes import mapping
from hmco_charts.quantity import quantity

_GIBIBYTE = 1024**3
_HEAPS = {"master": 4, "worker": 4, "api": 1, "alert-server": 1}


class DolphinschedulerHeap(Rule):
    """Reports servers without JAVA_OPTS whose limit is not larger than the heap of their start script."""

    id = "DSC003"
    name = "dolphinscheduler-heap"
    title = "A heap larger than DolphinScheduler's container"
    why = (
        "The image has the JVM ignore the container's limit (-XX:-UseContainerSupport), and without JAVA_OPTS its start"
        " script takes 4 GiB of heap for masters and workers, 1 GiB for the others, from the start: the container is"
        " killed for its memory (OOMKilled)."
    )
    remedy = "Set JAVA_OPTS with an -Xmx of at least 512 MiB below the limit."
    source = "https://github.com/apache/dolphinscheduler/blob/3.2.2/dolphinscheduler-master/src/main/bin/start.sh"

    def check(self, release: Release) -> Iterator[Finding]:
        """The limits of servers whose environment is known and has no JAVA_OPTS."""
        for server in dolphinscheduler.servers(release):
            container, heap = server.container, _HEAPS[server.part]
            limit = quantity(mapping(mapping(container.spec.get("resources")).get("limits")).get("memory"))
            is_own = server.environment.is_complete and "JAVA_OPTS" not in server.environment.variables
            if is_own and not container.command and limit and limit <= heap * _GIBIBYTE:
                yield self.finding(
                    f"{container.locator} takes {heap} GiB of heap, as it has no JAVA_OPTS; its limit is not larger.",
                    on=container.pod.object,
                    span=container.span("resources", "limits", "memory"),
                    locator=container.locator,
                    subject=f"{container.locator}#JAVA_OPTS",
                )
