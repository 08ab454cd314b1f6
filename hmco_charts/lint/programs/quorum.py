"""Programs whose members decide by majority, and how many members their configuration names.

Sources: HashiCorp raft, `zookeeperAdmin`, Apache Kafka `controller.quorum.voters`, Elasticsearch discovery settings.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from hmco_charts.formats import hcl
from hmco_charts.lint.programs import vault
from hmco_charts.objects import Container, Pod, Release, Text

_LISTS = {
    "ZOO_SERVERS": (" ", ";"),
    "ZOOKEEPER_SERVERS": (";",),
    "KAFKA_CONTROLLER_QUORUM_VOTERS": (",",),
    "KAFKA_CFG_CONTROLLER_QUORUM_VOTERS": (",",),
    "cluster.initial_master_nodes": (",",),
    "ETCD_INITIAL_CLUSTER": (",",),
}
_VOTERS = ("zookeeper", "cp-zookeeper", "etcd", "consul")


@dataclass(frozen=True)
class Members:
    """A list of the members in a container's environment."""

    container: Container
    text: Text
    variable: str
    number: int


def voting(release: Release) -> Iterator[Pod]:
    """The pods each of which is a voter: of Vault's raft storage, ZooKeeper and etcd."""
    rafts = {id(server.container.pod) for server in vault.servers(release) if _has_raft(server)}
    for pod in release.pods:
        if id(pod) in rafts or any(each.role == "container" and each.image.base in _VOTERS for each in pod.containers):
            yield pod


def members(release: Release) -> Iterator[Members]:
    """The lists of members that containers are given."""
    for container in release.containers:
        for variable in release.environment(container):
            if variable.text and variable.name in _LISTS and "$" not in variable.text.value:
                number = _count(variable.text.value, _LISTS[variable.name])
                yield Members(container, variable.text, variable.name, number)


def _count(value: str, separators: tuple[str, ...]) -> int:
    separator = next((each for each in separators if each in value.strip()), separators[0])
    return len([part for part in value.split(separator) if part.strip()])


def _has_raft(server: vault.Server) -> bool:
    blocks = [block for text in server.configurations for block in vault.storages(hcl.parse(text.value))]
    return any(block.labels[0] == "raft" for block in blocks)
