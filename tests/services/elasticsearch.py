"""Elasticsearch's server on this machine, configured but for what belongs to modules that are not published."""

import re
import shutil
import socket
import subprocess
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.services.install import need
from tests.services.java import jars
from tests.services.ports import free_port

_START = Path(__file__).with_name("StartElasticsearch.java")
_TRANSPORT = re.compile(r"netty-|transport-netty4|elasticsearch-ssl-config")
_UNPUBLISHED = re.compile(r"^(?:xpack|ingest\.geoip|s3)\..*\n", re.MULTILINE)
_ON_ANY_DISK = "cluster.routing.allocation.disk.threshold_enabled: false\n"
"""Nodes have copies of shards though this machine's disk is nearly full, as that of a pod is not."""
_LOGGING = """\
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %m%n
"""


@dataclass(frozen=True)
class Node:
    """A node that was started.

    Attributes:
        url: Where clients reach it.
        readiness: The port that is open while it is part of a cluster.
        log: The file that it writes to.
    """

    url: str
    readiness: int
    log: Path

    def get(self, path: str) -> Any:
        return self._call("GET", path)

    def put(self, path: str, document: object = None) -> Any:
        return self._call("PUT", path, document)

    def _call(self, method: str, path: str, document: object = None) -> Any:
        answer = requests.request(method, f"{self.url}{path}", json=document, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def is_ready(self) -> bool:
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", self.readiness)) == 0


@contextmanager
def nodes(configurations: Mapping[str, str], folder: Path, headless: str) -> Iterator[list[Node]]:
    """Nodes by name, with their `elasticsearch.yml`, in which the name `headless` means all of them."""
    java = need(lambda: shutil.which("javac") and shutil.which("java"), "default-jdk-headless")
    ports = {name: [free_port() for _ in range(3)] for name in configurations}
    seeds = ", ".join(f'"127.0.0.1:{transport}"' for _, transport, _ in ports.values())
    started: list[subprocess.Popen[bytes]] = []
    found: list[Node] = []
    try:
        for name, text in configurations.items():
            home = folder / name
            placed = _UNPUBLISHED.sub("", text).replace(f'"{headless}"', seeds).replace("0.0.0.0", "127.0.0.1")
            placed = placed.replace("/usr/share/elasticsearch", str(home))
            for told, port in zip(("9200", "9300", "9399"), ports[name], strict=True):
                placed = re.sub(rf"(?<=port: ){told}$", str(port), placed, flags=re.MULTILINE)
            _furnish(home, f"{placed}\n{_ON_ANY_DISK}")
            node = Node(f"http://127.0.0.1:{ports[name][0]}", ports[name][2], folder / f"{name}.log")
            started.append(_start(java, home, name, node.log))
            found.append(node)
        yield found
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(30)


def until_healthy(node: Node, number: int, seconds: int = 120) -> None:
    """Waits until so many nodes make a cluster, and each shard has its copies."""
    last = time.monotonic() + seconds
    while not _is_healthy(node, number):
        assert time.monotonic() < last, node.log.read_text()[-3000:]
        time.sleep(0.5)


def _is_healthy(node: Node, number: int) -> bool:
    try:
        node.get(f"/_cluster/health?wait_for_nodes={number}&wait_for_status=green&timeout=10s")
    except requests.RequestException:
        return False
    return True


def _furnish(home: Path, configuration: str) -> None:
    module = home / "modules" / "transport-netty4"
    for path in (home / "config", home / "lib", home / "plugins", module):
        path.mkdir(parents=True, exist_ok=True)
    for jar in jars("elasticsearch").iterdir():
        target = module if _TRANSPORT.match(jar.name) else home / "lib"
        (target / jar.name).symlink_to(jar)
        if jar.name.startswith("transport-netty4"):
            with zipfile.ZipFile(jar) as archive:
                descriptor = archive.read("META-INF/es-plugins/transport-netty4/plugin-descriptor.properties")
            (module / "plugin-descriptor.properties").write_bytes(descriptor)
    (home / "config" / "elasticsearch.yml").write_text(configuration)
    (home / "config" / "log4j2.properties").write_text(_LOGGING)


def _start(java: str, home: Path, name: str, log: Path) -> "subprocess.Popen[bytes]":
    modules = ["-p", str(home / "lib"), "--add-modules=org.elasticsearch.server,ALL-MODULE-PATH"]
    exports = ["--add-exports=org.elasticsearch.server/org.elasticsearch.common.logging=ALL-UNNAMED"]
    environment = {"NODE_NAME": name, "POD_IP": "127.0.0.1"}
    with log.open("wb") as output:
        return subprocess.Popen(
            [java, "-Xmx256m", "-XX:TieredStopAtLevel=1", *modules, *exports, str(_START), str(home)],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
