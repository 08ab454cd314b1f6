"""Nodes of Kafka as rendered, on the loopback: formatted twice, started, provisioned twice, and used by clients."""

import re
import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from hmco_charts.yamlio import merge
from tests.charts import release
from tests.charts.placed import Pod
from tests.proof import Proof
from tests.services.certificate import certificate
from tests.services.java import jars, java
from tests.services.ports import free_port

_SECONDS = 90
_DOMAIN = "data.svc.cluster.local"
_NAMES = [
    f"stream-kafka-headless.{_DOMAIN}",
    f"stream-kafka-0.stream-kafka-headless.{_DOMAIN}",
    f"stream-kafka-controller-0.stream-kafka-controller-headless.{_DOMAIN}",
]
_CLASSES = {
    "kafka-server-start.sh": "kafka.Kafka",
    "kafka-storage.sh": "kafka.tools.StorageTool",
    "kafka-topics.sh": "org.apache.kafka.tools.TopicCommand",
    "kafka-configs.sh": "org.apache.kafka.tools.ConfigCommand",
    "kafka-metadata-quorum.sh": "org.apache.kafka.tools.MetadataQuorumCommand",
    "kafka-consumer-groups.sh": "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
    "kafka-console-producer.sh": "org.apache.kafka.tools.ConsoleProducer",
    "kafka-console-consumer.sh": "org.apache.kafka.tools.consumer.ConsoleConsumer",
}
_PASSWORD = 'al\\ice = "p@ss, [w]ord;"'
_KNOWN = yaml.safe_load((Path(__file__).parent / "metrics.yaml").read_text())
USERS = {"alice": {"password": {"name": "alice"}}}
TOPICS = {"orders": {"partitions": 3, "cleanupPolicy": "compact,delete", "retentionMs": 3_600_000}, "a.b": {}}


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of Kafka's distribution, as short as they can be."""
    folder = tmp_path_factory.mktemp("programs")
    for name, each in _CLASSES.items():
        start = f'exec {java()} $KAFKA_HEAP_OPTS $KAFKA_OPTS $KAFKA_LOG4J_OPTS -cp "{jars("kafka")}/*" {each} "$@"'
        (folder / name).write_text(f"#!/bin/sh\n{start}\n")
        (folder / name).chmod(0o755)
    return folder


class Cluster:
    """A release's pods on this machine: its nodes, the Job and the pod of `helm test`."""

    def __init__(self, folder: Path, programs: Path, overlay: dict[str, Any]) -> None:
        names = ("client", "internal", "external", "controller")
        self.ports = {name: free_port() for name in names}
        listeners = {name: {"port": self.ports[name]} for name in names[:3]}
        listeners["internal"]["controllerPort"] = self.ports["controller"]
        self.values = merge({"listeners": listeners, "topics": TOPICS}, overlay)
        self.chart = release.chart(folder, "kafka", "dev")
        self.upgrade({})
        self.folder, self.programs = folder, programs
        (folder / "hosts").write_text("".join(f"127.0.0.1 {name}\n" for name in _NAMES))
        signed = certificate(folder, *_NAMES)
        tls = {"tls.crt": signed.certificate, "tls.key": signed.key, "ca.crt": signed.certificate}
        self.secrets = {("kafka-tls", key): file.read_text() for key, file in tls.items()}
        self.secrets["alice", "password"] = _PASSWORD

    def upgrade(self, overlay: dict[str, Any]) -> None:
        """Renders the release with other values."""
        self.objects = release.objects(self.chart, merge(self.values, overlay), name="stream", namespace="data")

    def pod(self, name: str, ordinal: int = 0) -> Pod:
        """A pod of the object whose name begins so, with its volumes."""
        told = next(one for key, one in self.objects.items() if key.startswith(name))
        spec = told["spec"].get("jobTemplate", told)["spec"]
        template = spec.get("template", told)
        fields = {
            "metadata.name": f"{told['metadata']['name']}-{ordinal}",
            "limits.memory": "512",
            "status.hostIP": "127.0.0.1",
        }
        quick = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
        java_options = {"JDK_JAVA_OPTIONS": f"-Djdk.net.hosts.file={self.folder / 'hosts'} {quick}"}
        made = Pod(
            self.objects,
            template,
            self.folder / (told["metadata"]["name"] if told["kind"] == "StatefulSet" else told["kind"]),
            fields,
            self.programs,
            self.secrets,
            java_options,
        )
        made.place()
        return made

    @contextmanager
    def running(self) -> Iterator[None]:
        """Formats and starts every node, the controllers first."""
        with ExitStack() as stack:
            for name in sorted((key for key in self.objects if key.startswith("StatefulSet/")), reverse=True):
                pod = self.pod(name)
                for container in pod.template["spec"]["initContainers"]:
                    done = pod.run(container["name"])
                    assert done.returncode == 0, done.stdout + done.stderr
                component = "controller" if name.endswith("-controller") else "broker"
                stack.enter_context(pod.running(component))
            _wait(self.ports["client"], pod)
            yield


def _wait(port: int, pod: Pod) -> None:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise AssertionError(pod.log("broker")[-3000:])


def described(cluster: Cluster, job: Pod) -> dict[str, dict[str, str]]:
    told = execute(cluster, job, "kafka-topics.sh", "--describe", internal=True)
    lines = [line for line in told.splitlines() if "PartitionCount" in line]
    return {(found := dict(re.findall(r"(\w+): (\S+)", line)))["Topic"]: found for line in lines}


def execute(cluster: Cluster, pod: Pod, tool: str, *words: str, internal: bool = False) -> str:
    name = pod.template["spec"]["containers"][0]["name"]
    bootstrap = f"stream-kafka-headless.{_DOMAIN}:{cluster.ports['internal']}"
    options = ["--bootstrap-server", bootstrap, "--command-config", "/etc/kafka/server/client.properties"]
    done = pod.execute(name, [tool, *(options if internal else ()), *words])
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory, programs: Path) -> Iterator[Cluster]:
    """One node that runs, with Prometheus' agent."""
    (jar,) = jars("jmx-exporter").glob("*.jar")
    agent = {"image": {"repository": "example/agent"}, "path": str(jar), "port": free_port()}
    overlay = {"metrics": {"enabled": True, "agent": agent}, "users": USERS}
    cluster = Cluster(tmp_path_factory.mktemp("node"), programs, overlay)
    with cluster.running():
        yield cluster


def test_a_node_that_has_data_is_not_formatted_again(node: Cluster) -> None:
    again = node.pod("StatefulSet/stream-kafka").run("format")
    assert again.returncode == 0
    assert "already formatted" in (again.stdout + again.stderr).lower()


def test_topics_are_made_once_and_their_partitions_grow(node: Cluster, proof: Proof) -> None:
    for partitions in (3, 3, 5):
        node.upgrade({"topics": {"orders": {"partitions": partitions}}})
        job = node.pod("Job/")
        done = job.run("provision")
        assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "users and topics are ready"), done.stderr
    found = described(node, job)
    assert {name: (one["PartitionCount"], one["ReplicationFactor"]) for name, one in found.items()} == {
        "orders": ("5", "1"),
        "a.b": ("1", "1"),
    }
    told = {"min.insync.replicas=1", "cleanup.policy=compact,delete", "retention.ms=3600000"}
    assert {each for each in told if each not in found["orders"]["Configs"]} == set()
    client = node.pod("Pod/").run("client")
    assert (client.returncode, client.stdout.split()[-2:]) == (0, ["a.b", "orders"]), client.stderr
    proof("kafka", "program", "Apache Kafka")


def test_a_group_of_consumers_reads_what_was_written(node: Cluster) -> None:
    job, client = node.pod("Job/"), f"localhost:{node.ports['client']}"
    topic = ("--bootstrap-server", client, "--topic", "greetings")
    execute(node, job, "kafka-topics.sh", "--create", *topic)
    execute(node, job, "sh", "-c", f"echo hello | kafka-console-producer.sh {' '.join(topic)}")
    reading = ("--group", "readers", "--from-beginning", "--max-messages", "1", "--timeout-ms", "30000")
    assert execute(node, job, "kafka-console-consumer.sh", *topic, *reading) == "hello\n"


def test_a_lost_topic_comes_back_with_its_settings_records_and_offsets(node: Cluster) -> None:
    job, server = node.pod("Job/"), f"localhost:{node.ports['client']}"
    topic = ("--bootstrap-server", server, "--topic", "_schemas")
    reading = ("--from-beginning", "--timeout-ms", "20000", "--group", "registry")
    settings = ("--partitions", "2", "--config", "cleanup.policy=compact,delete", "--config", "segment.ms=60000")
    keyed = "--reader-property parse.key=true --reader-property key.separator=:"
    write = f"kafka-console-producer.sh {' '.join(topic)} {keyed}"
    execute(node, job, "kafka-topics.sh", "--create", *topic, *settings)
    execute(node, job, "sh", "-c", f"printf 'a:{{\"v\": 1}}\\nb:2\\n' | {write}")
    execute(node, job, "kafka-console-consumer.sh", *topic, *reading)
    node.upgrade({"backup": {"enabled": True, "records": ["_schemas"]}})
    backup = node.pod("CronJob/stream-kafka-backup")
    done = backup.run("backup")
    assert done.returncode == 0, done.stdout + done.stderr
    execute(node, job, "kafka-topics.sh", "--delete", *topic)
    execute(node, job, "kafka-consumer-groups.sh", "--bootstrap-server", server, "--delete", "--group", "registry")
    restore = replace(node.pod("CronJob/stream-kafka-restore"), variables={**backup.variables, "GROUP": "registry"})
    done = restore.run("restore")
    assert "restored _schemas of stream-kafka-" in done.stdout, done.stdout + done.stderr
    found = described(node, job)["_schemas"]
    assert (found["PartitionCount"], found["ReplicationFactor"]) == ("2", "1")
    assert {"cleanup.policy=compact,delete", "segment.ms=60000"} <= set(re.split(r",(?=[a-z.]+=)", found["Configs"]))
    told = execute(
        node, job, "kafka-console-consumer.sh", *topic, *reading[:3], "--formatter-property", "print.key=true"
    )
    assert sorted(told.splitlines()) == ['a\t{"v": 1}', "b\t2"]
    groups = ("--bootstrap-server", server, "--describe", "--group", "registry")
    assert "_schemas" in execute(node, job, "kafka-consumer-groups.sh", *groups)


def test_the_agent_gives_the_metrics_that_alerts_and_dashboards_use(node: Cluster) -> None:
    port = node.values["metrics"]["agent"]["port"]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    seen = {line.partition("{")[0].partition(" ")[0] for line in text.splitlines() if not line.startswith("#")}
    assert set(_KNOWN["seen on a run of Kafka 4.4.0 with the agent 1.0.1"]) - seen == set()


SECURE = {
    "tls": {"type": "existingSecret", "existingSecret": {"name": "kafka-tls"}},
    "quorum": {"type": "separate", "separate": {"replicaCount": 1}},
    "users": USERS,
    "listeners": {
        "client": {"protocol": "SASL_SSL"},
        "internal": {"protocol": "SSL"},
        "external": {"type": "nodePort", "protocol": "SSL"},
    },
}


def test_with_tls_a_user_with_the_right_password_is_served_and_another_is_not(tmp_path: Path, programs: Path) -> None:
    cluster = Cluster(tmp_path, programs, SECURE)
    with cluster.running():
        job = cluster.pod("Job/")
        done = job.run("provision")
        assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "users and topics are ready"), done.stderr
        assert _PASSWORD not in done.stdout + done.stderr
        assert cluster.pod("Pod/").run("client").returncode == 0
        answers = {password: _list_as(cluster, job, "alice", password) for password in (_PASSWORD, "wrong")}
        assert answers[_PASSWORD].stdout.split() == ["a.b", "orders"], answers[_PASSWORD].stderr
        assert answers["wrong"].returncode != 0
        assert "SaslAuthenticationException" in answers["wrong"].stdout + answers["wrong"].stderr


def _list_as(cluster: Cluster, job: Pod, user: str, password: str) -> Any:
    quoted = password.replace("\\", "\\\\\\\\").replace('"', '\\\\"')
    login = f'org.apache.kafka.common.security.scram.ScramLoginModule required username="{user}" password="{quoted}";'
    trust = f"ssl.truststore.type=PEM\nssl.truststore.location={job.root}/tls/ca.crt\n"
    file = job.root / "tmp" / "alice.properties"
    file.write_text(f"security.protocol=SASL_SSL\nsasl.mechanism=SCRAM-SHA-512\nsasl.jaas.config={login}\n{trust}")
    bootstrap = f"{_NAMES[1]}:{cluster.ports['client']}"
    words = ["kafka-topics.sh", "--bootstrap-server", bootstrap, "--command-config", "/tmp/alice.properties", "--list"]
    return job.execute("provision", words)
