"""Three servers of ZooKeeper as rendered, on addresses of the loopback; each has ports of its own for clients."""

import shutil
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.charts import release
from tests.charts.placed import Pod
from tests.proof import Proof
from tests.services.certificate import certificate
from tests.services.install import need
from tests.services.java import jars, java
from tests.services.ports import free_port

_SECONDS = 60
_NAMES = [f"zk-zookeeper-{ordinal}.zk-zookeeper-headless.data.svc.cluster.local" for ordinal in range(3)]
_SERVICE = "zk-zookeeper.data.svc"
_KNOWN = yaml.safe_load((Path(__file__).parent / "metrics.yaml").read_text())


@dataclass(frozen=True)
class Ensemble:
    """Servers that run, and the pod of `helm test` beside the first.

    Attributes:
        pods: The servers' pods.
        ports: The ports that each has for itself, by the names of the values.
        client: The pod of `helm test`.
        job: Makes the pod of a CronJob, by its component; all have one volume of backups.
    """

    pods: list[Pod]
    ports: list[dict[str, int]]
    client: Pod
    job: Callable[[str], Pod]

    def command(self, words: str) -> "subprocess.CompletedProcess[str]":
        """A command of zkCli.sh, as the pod of `helm test` makes one."""
        (script,) = self.client.container("client")["args"]
        return self.client.execute("client", ["/bin/sh", "-euc", script.partition(" ls /")[0] + f" {words}"])

    def ask(self, ordinal: int, word: str) -> str:
        with socket.create_connection(("127.0.0.1", self.ports[ordinal]["client"]), 5) as connection:
            connection.sendall(word.encode())
            with connection.makefile("rb") as answer:
                return answer.read().decode()

    def modes(self) -> list[str]:
        answers = [self.ask(ordinal, "srvr") for ordinal in range(len(self.pods))]
        return [line.split()[1] for answer in answers for line in answer.splitlines() if line.startswith("Mode")]

    def metrics(self, ordinal: int) -> set[str]:
        url = f"http://127.0.0.1:{self.ports[ordinal]['metrics']}/metrics"
        with urllib.request.urlopen(url, timeout=10) as answer:
            text = answer.read().decode()
        return {line.partition("{")[0].partition(" ")[0] for line in text.splitlines() if not line.startswith("#")}


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of ZooKeeper's distribution, as short as they can be."""
    need(lambda: shutil.which("nc"), "netcat-openbsd")
    folder = tmp_path_factory.mktemp("programs")
    start = f'exec {java()} -cp "{jars("zookeeper")}/*" -Dlogback.configurationFile="${{ZOOCFGDIR:-.}}/logback.xml"'
    server = f'{start} -Xmx"$ZK_SERVER_HEAP"m $SERVER_JVMFLAGS org.apache.zookeeper.server.quorum.QuorumPeerMain'
    scripts = {
        "zkServer.sh": f'[ "$1" = start-foreground ] && {server} "$ZOOCFGDIR/zoo.cfg"',
        "zkCli.sh": f'{start} $CLIENT_JVMFLAGS org.apache.zookeeper.ZooKeeperMain "$@"',
    }
    for name, text in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    return folder


@contextmanager
def ensemble(folder: Path, programs: Path, overlay: dict[str, Any], started: int = 3) -> Iterator[Ensemble]:
    chart = release.chart(folder, "zookeeper", "ha")
    shared = {"quorum": free_port(), "election": free_port()}
    ports = [{name: free_port() for name in ("client", "secureClient", "metrics", "admin")} for _ in range(3)]
    hosts = folder / "hosts"
    hosts.write_text(
        "".join(f"127.0.0.{at} {name}\n" for at, name in enumerate([*_NAMES], 1)) + f"127.0.0.1 {_SERVICE}\n"
    )
    signed = certificate(folder, *_NAMES, _SERVICE)
    tls = {"tls.crt": signed.certificate, "tls.key": signed.key, "ca.crt": signed.certificate}
    secrets = {("zookeeper-tls", key): file.read_text() for key, file in tls.items()}

    def pod(ordinal: int, name: str) -> Pod:
        values = {"ports": shared | ports[ordinal], "quorumListenOnAllIps": False} | overlay
        objects = release.objects(chart, values, name="zk", namespace="data")
        spec = objects[name].get("spec", {})
        template = spec.get("jobTemplate", {}).get("spec", spec).get("template", objects[name])
        fields = {"metadata.name": f"zk-zookeeper-{ordinal}", "limits.memory": "256"}
        here = {
            "JDK_JAVA_OPTIONS": f"-Djdk.net.hosts.file={hosts} -Djava.net.preferIPv4Stack=true",
            "SERVERS": " ".join(f"localhost:{each['admin']}" for each in ports),
        }
        made = Pod(objects, template, folder / f"{name[:3]}-{ordinal}", fields, programs, secrets, here)
        made.place()
        return made

    pods = [pod(ordinal, "StatefulSet/zk-zookeeper") for ordinal in range(started)]
    with ExitStack() as stack:
        for each in pods:
            stack.enter_context(each.running("server"))
        client = pod(0, "Pod/zk-zookeeper-test")
        yield Ensemble(pods, ports, client, lambda component: pod(0, f"CronJob/zk-zookeeper-{component}"))


def wait(pods: list[Pod], probe: str) -> None:
    deadline = time.monotonic() + _SECONDS
    waiting = list(pods)
    while waiting and time.monotonic() < deadline:
        waiting = [pod for pod in waiting if not pod.probe("server", probe)]
        time.sleep(0.2)
    assert not waiting, waiting[0].log("server")


TLS = {"tls": {"type": "existingSecret", "existingSecret": {"name": "zookeeper-tls"}}}


@pytest.mark.parametrize("overlay", [{}, TLS], ids=["plain", "tls"])
def test_three_servers_form_a_quorum_and_serve_clients(
    tmp_path: Path, programs: Path, overlay: dict[str, Any], proof: Proof
) -> None:
    with ensemble(tmp_path, programs, overlay) as servers:
        wait(servers.pods, "readinessProbe")
        assert sorted(servers.modes()) == ["follower", "follower", "leader"]
        done = servers.client.run("client")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "[zookeeper]" in done.stdout
        seen = [servers.metrics(ordinal) for ordinal in range(3)]
        followers = [found for mode, found in zip(servers.modes(), seen, strict=True) if mode == "follower"]
        (leader,) = [found for mode, found in zip(servers.modes(), seen, strict=True) if mode == "leader"]
        assert set(_KNOWN["seen on a run of ZooKeeper 3.9.4"]) - followers[0] == set()
        assert ["synced_followers" in found for found in (leader, *followers)] == [True, False, False]
    proof("zookeeper", "program", "Apache ZooKeeper")


def test_a_server_without_a_quorum_is_alive_and_not_ready(tmp_path: Path, programs: Path) -> None:
    with ensemble(tmp_path, programs, {}, started=1) as servers:
        wait(servers.pods, "livenessProbe")
        assert not servers.pods[0].probe("server", "readinessProbe")
        assert servers.ask(0, "cons") == "cons is not executed because it is not in the whitelist.\n"


def _ask(connection: socket.socket) -> None:
    connection.sendall(b"srvr")
    connection.recv(1)


def test_with_tls_clients_without_a_certificate_are_refused(tmp_path: Path, programs: Path) -> None:
    with ensemble(tmp_path, programs, TLS | {"backup": {"enabled": False}}) as servers:
        wait(servers.pods, "readinessProbe")
        listening = {port for port in servers.ports[1].values() if _answers("127.0.0.2", port)}
        assert listening == {servers.ports[1]["secureClient"], servers.ports[1]["metrics"]}
        trusting = ssl.create_default_context(cafile=str(tmp_path / "certificate.pem"))
        address = ("127.0.0.1", servers.ports[0]["secureClient"])
        with (
            socket.create_connection(address, 5) as plain,
            trusting.wrap_socket(plain, server_hostname=_NAMES[0]) as connection,
            pytest.raises((ssl.SSLError, ConnectionError)),
        ):
            _ask(connection)


@pytest.mark.parametrize("overlay", [{}, TLS], ids=["plain", "tls"])
def test_a_snapshot_is_restored_on_every_server(tmp_path: Path, programs: Path, overlay: dict[str, Any]) -> None:
    with ensemble(tmp_path, programs, overlay | {"backup": {"enabled": True, "retention": 1}}) as servers:
        wait(servers.pods, "readinessProbe")
        backup = servers.job("backup")
        (backup.root / "backup" / "zk-zookeeper-20200101T000000Z.snapshot").write_text("older")
        assert servers.command("create /kept before").returncode == 0
        done = backup.run("backup")
        assert done.returncode == 0, done.stdout + done.stderr
        (kept,) = (backup.root / "backup").iterdir()
        assert done.stdout == f"wrote {kept}\n"
        assert servers.command("delete /kept").returncode == 0
        assert servers.command("create /later after").returncode == 0
        done = servers.job("restore").run("restore")
        assert done.stdout.count(f"restored {kept.name} on localhost:") == 3, done.stdout + done.stderr
        assert "[kept, zookeeper]" in servers.command("ls /").stdout


def test_without_a_certificate_nobody_takes_a_snapshot(tmp_path: Path, programs: Path) -> None:
    with ensemble(tmp_path, programs, TLS | {"backup": {"enabled": True}}) as servers:
        wait(servers.pods, "readinessProbe")
        url = f"https://localhost:{servers.ports[0]['admin']}/commands/snapshot?streaming=true"
        context = ssl.create_default_context(cafile=str(tmp_path / "certificate.pem"))
        asked = urllib.request.Request(url, headers={"Authorization": "ip 127.0.0.1"})
        with pytest.raises((urllib.error.URLError, ConnectionError, ssl.SSLError)):
            urllib.request.urlopen(asked, timeout=10, context=context)


def _answers(host: str, port: int) -> bool:
    with socket.socket() as connection:
        connection.settimeout(2)
        return connection.connect_ex((host, port)) == 0
