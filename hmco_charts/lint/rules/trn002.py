"""TRN002: memory that a Trino node does not have, or that is no size."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import trino
from hmco_charts.lint.programs.trino import Node, Setting
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_PER_NODE, _HEADROOM = "query.max-memory-per-node", "memory.heap-headroom-per-node"
_USER, _TOTAL = "query.max-memory", "query.max-total-memory"
_SIZES = (_PER_NODE, _HEADROOM, _USER, _TOTAL)
_HEADROOM_SHARE = 0.3
_MEBIBYTE = 2**20


class TrinoMemory(Rule):
    """Reports limits of queries that keep a node from starting."""

    id = "TRN002"
    name = "trino-memory"
    profile = "min"
    title = "Memory of queries with which Trino does not start"
    why = (
        "What a query may take of a node and the headroom (memory.heap-headroom-per-node, else 3 tenths of the heap)"
        " must fit into the heap: else 'Invalid memory configuration'. query.max-memory must not be more"
        " than query.max-total-memory. Sizes have Trino's units (MB, GB), not those of Kubernetes (Mi, Gi)."
    )
    remedy = "Lower the limit, or raise the heap with the container's memory limit."
    source = "https://trino.io/docs/current/admin/properties-resource-management.html"

    def check(self, release: Release) -> Iterator[Finding]:
        """The sizes of each node."""
        for node in trino.nodes(release):
            for name in _SIZES:
                setting = node.config.get(name)
                if setting and setting.value.strip().rstrip("kKMGTPi").isdigit() and setting.bytes is None:
                    yield self._at(node, setting, f"`{setting.value}` is no size as Trino writes it (MB, GB): it stops")
            yield from self._per_node(node)
            user, total = node.config.get(_USER), node.config.get(_TOTAL)
            if user and total and user.bytes and total.bytes and user.bytes > total.bytes:
                yield self._at(node, user, f"{_USER} is more than {_TOTAL}: Trino stops")

    def _per_node(self, node: Node) -> Iterator[Finding]:
        setting, headroom = node.config.get(_PER_NODE), node.config.get(_HEADROOM)
        kept = headroom.bytes if headroom else int((node.heap or 0) * _HEADROOM_SHARE)
        if setting and setting.bytes and node.heap and kept is not None and setting.bytes + kept > node.heap:
            asked, heap = (setting.bytes + kept) // _MEBIBYTE, node.heap // _MEBIBYTE
            told = f"{_PER_NODE} and the headroom are {asked} MB, the heap {heap} MB: 'Invalid memory configuration'"
            yield self._at(node, setting, told)

    def _at(self, node: Node, setting: Setting, told: str) -> Finding:
        return self.finding(
            f"{told}.",
            on=setting.text.object,
            span=setting.span,
            locator=setting.text.locator(setting.start),
            subject=f"{node.container.locator}#{setting.name}",
        )
