"""ELS004: a heap that leaves Elasticsearch too little beside it."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding, Severity
from hmco_charts.lint.programs import elasticsearch
from hmco_charts.lint.programs.elasticsearch import Node
from hmco_charts.lint.programs.memory import Claim, claims
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.kubernetes import mapping
from hmco_charts.quantity import quantity


class ElasticsearchHeap(Rule):
    """Reports heaps of more than half of the memory limit, though below it."""

    id = "ELS004"
    name = "elasticsearch-heap"
    severity = Severity.WARNING
    title = "A heap of more than half of Elasticsearch's memory"
    why = (
        "Beside the heap Elasticsearch takes up to half as much again for its network buffers, and the kernel counts"
        " the pages of files that it reads: with more than half of the limit the container is killed under load."
    )
    remedy = "Give the heap half of the limit at most, or leave it out: Elasticsearch then takes that much itself."
    source = "https://www.elastic.co/guide/en/elasticsearch/reference/current/advanced-configuration.html"

    def check(self, release: Release) -> Iterator[Finding]:
        """The heaps of nodes with a memory limit; SCH005 has those that reach it."""
        for node in elasticsearch.nodes(release):
            limit = quantity(mapping(mapping(node.container.spec.get("resources")).get("limits")).get("memory"))
            for claim in claims(release, node.container):
                if limit and claim.what == "-Xmx" and limit / 2 < claim.bytes < limit:
                    yield self._finding(node, claim)

    def _finding(self, node: Node, claim: Claim) -> Finding:
        return self.finding(
            f"{claim.what} of {node.container.locator} is more than half of the memory limit.",
            on=claim.text.object,
            span=claim.text.span(claim.start, claim.end),
            locator=node.container.locator,
            subject=f"{node.container.locator}#{claim.what}",
        )
