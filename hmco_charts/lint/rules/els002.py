"""ELS002: nodes that do not look for each other."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import elasticsearch
from hmco_charts.lint.programs.elasticsearch import Node
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release

_TYPE = "discovery.type"
_MASTERS = ("cluster.initial_master_nodes", "cluster.initial_cluster_manager_nodes")
_SEEDS = ("discovery.seed_hosts", "discovery.seed_providers")
_OLD = ("discovery.zen.ping.unicast.hosts", "discovery.zen.hosts_provider")


class ElasticsearchDiscovery(Rule):
    """Reports several nodes that each form a cluster of their own, and settings that exclude each other."""

    id = "ELS002"
    name = "elasticsearch-discovery"
    profile = "min"
    title = "Elasticsearch nodes that do not look for each other"
    why = (
        "A node with `discovery.type: single-node` never joins another: behind one Service each replica has other data."
        " Without `discovery.seed_hosts` a node looks only on its own address."
    )
    remedy = (
        "Set `discovery.seed_hosts` to the headless Service and `cluster.initial_master_nodes` to the names of the"
        " pods, without `discovery.type`; or run one replica."
    )
    source = "https://www.elastic.co/guide/en/elasticsearch/reference/current/discovery-settings.html"

    def check(self, release: Release) -> Iterator[Finding]:
        """The nodes of each workload."""
        for node in elasticsearch.nodes(release):
            pod = node.container.pod
            is_several = release.replicas(pod).least > 1
            if node.is_single and is_several:
                yield self._at(node, _TYPE, "is single-node: each replica is a cluster of its own")
            elif node.is_single and any(node.settings.get(name) for name in _MASTERS):
                yield self._at(node, _TYPE, "does not go with initial masters: 'is not allowed', the node stops")
            elif is_several and node.is_complete and not any(name in node.settings for name in (*_SEEDS, *_OLD)):
                yield self._at(node, _SEEDS[0], "is not set: the replicas do not find each other")

    def _at(self, node: Node, name: str, fault: str) -> Finding:
        values = node.settings.get(name, ())
        place = values[0].text if values else None
        return self.finding(
            f"{name} of {node.container.locator} {fault}.",
            on=place.object if place else node.container.pod.object,
            span=place.span(values[0].start, values[0].end) if place else node.container.span(),
            locator=node.container.locator,
            subject=f"{node.container.locator}#{name}",
        )
