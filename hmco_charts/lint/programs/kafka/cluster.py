"""Which nodes form a cluster, and how many brokers it has."""

from hmco_charts.lint.programs.kafka.node import Node, nodes
from hmco_charts.objects import Release
from hmco_charts.objects.release import same_namespace

_SHARED = ("controller.quorum.voters", "controller.quorum.bootstrap.servers", "zookeeper.connect")


def brokers(release: Release, node: Node) -> int:
    """The most brokers that the cluster of a node can have: its pods, or more where its quorum says so."""
    members = [each for each in nodes(release) if _are_together(each, node) and not each.is_controller_only]
    pods = sum(release.replicas(each.container.pod).most for each in members)
    return max(pods, _voters(node))


def _are_together(one: Node, other: Node) -> bool:
    if not same_namespace(one.container.pod.object, other.container.pod.object):
        return False
    pairs = [(one.fixed(name), other.fixed(name)) for name in _SHARED]
    return all(left == right or left is None or right is None for left, right in pairs)


def _voters(node: Node) -> int:
    """The controllers that the node knows, where it is one itself and so each may be a broker too."""
    voters = node.fixed("controller.quorum.voters")
    is_combined = node.roles is not None and node.roles >= {"broker", "controller"}
    return len(voters.split(",")) if voters and is_combined else 0
