"""NEO004: heap and page cache of Neo4j that do not fit under the memory limit."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import neo4j
from hmco_charts.lint.programs.neo4j import Server
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.kubernetes import mapping
from hmco_charts.quantity import quantity, size

_HEAP, _PAGECACHE = "server.memory.heap.max_size", "server.memory.pagecache.size"
_DEFAULT = "512M"
"""The page cache that the image sets where nobody else does."""


class Neo4jMemory(Rule):
    """Reports servers that may fill more memory than they are given."""

    id = "NEO004"
    name = "neo4j-memory"
    profile = "min"
    title = "Heap and page cache of Neo4j beyond the memory limit"
    why = (
        "Neo4j keeps its page cache beside the heap. Where both together reach the limit, the kernel kills the"
        " container once they have filled, and recovery starts from the log."
    )
    remedy = "Leave about 1 GiB of the limit, a quarter of a small one, beside heap and page cache."
    source = "https://neo4j.com/docs/operations-manual/current/performance/memory-configuration/"

    def check(self, release: Release) -> Iterator[Finding]:
        """The servers with a heap that is told and a memory limit."""
        for server in neo4j.servers(release):
            limit = quantity(mapping(mapping(server.container.spec.get("resources")).get("limits")).get("memory"))
            heap, pagecache = size(server.value(_HEAP)), size(server.value(_PAGECACHE) or _DEFAULT)
            if limit and heap and pagecache and heap + pagecache >= limit:
                yield self._finding(server)

    def _finding(self, server: Server) -> Finding:
        heap = server.settings[_HEAP]
        text = heap.text
        return self.finding(
            f"Heap and page cache of {server.container.locator} together reach its memory limit.",
            on=text.object if text else server.container.pod.object,
            span=text.span(heap.start, heap.start + len(heap.value)) if text else server.container.span(),
            locator=server.container.locator,
            subject=f"{server.container.locator}#memory",
        )
