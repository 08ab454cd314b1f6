"""ELS001: initial masters that are none of the nodes."""

import re
from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import elasticsearch
from hmco_charts.lint.programs.elasticsearch import Node, Value
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Release
from hmco_charts.objects.release import same_namespace

_MASTERS, _NAME, _ROLES = "cluster.initial_master_nodes", "node.name", "node.roles"
_IP = re.compile(r"[0-9.]+(?::[0-9]+)?|\[.*")
_POD_NAMES = ("", "${HOSTNAME}", "${POD_NAME}", "${NODE_NAME}", "$(POD_NAME)", "$(NODE_NAME)")


class ElasticsearchInitialMasters(Rule):
    """Reports entries of `cluster.initial_master_nodes` that no pod is called by."""

    id = "ELS001"
    name = "elasticsearch-initial-masters"
    profile = "min"
    title = "Initial masters that are none of the nodes"
    why = (
        "`cluster.initial_master_nodes` holds names of nodes, and a node of a StatefulSet is called as its pod. A new"
        " cluster forms once a majority of the list has been found: with names of hosts or of other pods it waits for"
        " ever, 'master not discovered yet'."
    )
    remedy = (
        "List the names of the pods, `NAME-0` to `NAME-N`, without their domain; leave the list out once it formed."
    )
    source = "https://www.elastic.co/guide/en/elasticsearch/reference/current/modules-discovery-bootstrap-cluster.html"

    def check(self, release: Release) -> Iterator[Finding]:
        """The lists of nodes that are called as their pods."""
        nodes = list(elasticsearch.nodes(release))
        for node in nodes:
            listed = node.settings.get(_MASTERS, ())
            is_told = listed and not any("$" in each.value or _IP.fullmatch(each.value) for each in listed)
            if is_told and _is_called_as_its_pod(node):
                yield from self._listed(node, listed, _names(release, nodes, node))

    def _listed(self, node: Node, listed: tuple[Value, ...], names: set[str]) -> Iterator[Finding]:
        hosts = [each for each in listed if each.value not in names and _host(each) in names]
        if hosts:
            others = f", as {len(hosts) - 1} more of the list" if len(hosts) > 1 else ""
            yield self._at(node, hosts[0], f"is an address, and no name of a node{others}")
        strange = [each for each in listed if _host(each) not in names]
        if len(strange) == len(listed) and _is_master(node):
            yield self._at(node, listed[0], "is no pod of a StatefulSet that is here, as all that are listed")

    def _at(self, node: Node, each: Value, fault: str) -> Finding:
        return self.finding(
            f"`{each.value}` in {_MASTERS} of {node.container.locator} {fault}: the cluster does not form.",
            on=each.text.object if each.text else node.container.pod.object,
            span=each.text.span(each.start, each.end) if each.text else node.container.span(),
            locator=node.container.locator,
            subject=f"{node.container.locator}#{each.value}",
        )


def _host(each: Value) -> str:
    return each.value.partition(".")[0].partition(":")[0]


def _is_called_as_its_pod(node: Node) -> bool:
    """A node without a name takes its host's, which is the pod's; a value of the downward API is not told."""
    return node.container.pod.object.kind == "StatefulSet" and node.fixed(_NAME) in _POD_NAMES


def _is_master(node: Node) -> bool:
    return _ROLES not in node.settings or any(each.value == "master" for each in node.settings[_ROLES])


def _names(release: Release, nodes: list[Node], near: Node) -> set[str]:
    """The pods of all StatefulSets with nodes in a namespace."""
    sets = (each.container.pod for each in nodes if each.container.pod.object.kind == "StatefulSet")
    return {
        f"{pod.object.name}-{number}"
        for pod in sets
        if same_namespace(pod.object, near.container.pod.object)
        for number in range(max(release.replicas(pod).most, 1))
    }
