"""A coordinator and a worker with what the chart writes, and each of its catalogs read by its connector."""

import copy
import hashlib
import os
import re
import subprocess
import urllib.error
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.charts import release
from tests.charts.placed import Pod
from tests.proof import Proof
from tests.services import postgresql, trino
from tests.services.certificate import certificate
from tests.services.ports import free_port

HERE = Path(__file__).parent
SCENARIOS = HERE.parents[2] / "chart_templates/trino/ci"
SMALL = {"resources": {"limits": {"memory": "1536Mi"}, "requests": {"memory": "1536Mi"}}}
LIMIT = 1536


@dataclass(frozen=True)
class Node:
    pod: Pod
    url: str
    process: "subprocess.Popen[bytes]"

    def client(self, user: str = "somebody", password: str = "", url: str = "") -> trino.Client:
        return trino.Client(url or self.url, user, password)


class AnySecret(dict[tuple[str, str], str]):
    """Secrets that hold what a test gives, and else a long text."""

    def __missing__(self, key: tuple[str, str]) -> str:
        return "a-secret-that-is-long-enough-for-all-its-uses"


@contextmanager
def node(
    objects: Mapping[str, Any], part: str, root: Path, ports: Mapping[str, int], secrets: AnySecret
) -> Iterator[Node]:
    """A node as its pod has it, beside other nodes on one machine: with ports of its own."""
    template = copy.deepcopy(objects[f"Deployment/release-trino-{part}"]["spec"]["template"])
    (container,) = template["spec"]["containers"]
    container["command"] = ["launcher", "run", "--etc-dir", "/etc/trino", f"-Dnode.id={part}"]  # the image's run-trino
    home = trino.jdk()
    path = f"{home}/bin:{trino.server()}/bin"
    pod = Pod(objects, template, root / part, {}, Path(path), secrets, {"JAVA_HOME": str(home)})
    pod.place()
    for init in template["spec"].get("initContainers", []):
        assert pod.run(init["name"]).returncode == 0
    for file in (pod.root / "config").iterdir():
        file.write_text(_beside_others(file.read_text(), part, ports))
    with pod.running(part) as process:
        started = Node(pod, f"http://127.0.0.1:{ports[part]}", process)
        trino.wait(started.client().has_started, process, pod.root / f"{part}.log")
        yield started


def _beside_others(text: str, part: str, ports: Mapping[str, int]) -> str:
    moved = text.replace("/usr/lib/trino", str(trino.server())).replace("http.port=8080", f"http.port={ports[part]}")
    moved = re.sub(r"//(localhost|release-trino-coordinator):8080", f"//127.0.0.1:{ports['coordinator']}", moved)
    return moved.replace("https.port=8443", f"https.port={ports.get('https', 0)}")


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release.chart(tmp_path_factory.mktemp("chart"), "trino", "ha")


@pytest.fixture(scope="module")
def cluster(chart: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Node, Node]]:
    trino.jdk()
    folder = tmp_path_factory.mktemp("cluster")
    with postgresql.postgresql() as database:
        with database.connect(postgresql.ADMIN, postgresql.PASSWORD, "postgres") as connection:
            connection.execute("CREATE TABLE orders AS SELECT generate_series(1, 7) AS id")
        told = release.values((SCENARIOS / "catalogs-values.yaml").read_text())
        told["catalogs"]["sales"]["postgresql"] |= {
            "host": "127.0.0.1",
            "port": database.port,
            "database": "postgres",
            "username": postgresql.ADMIN,
            "sslMode": "disable",
            "sslRootCert": {},
        }
        told |= {"coordinator": SMALL, "worker": {**SMALL, "replicaCount": 1, "terminationGracePeriodSeconds": 20}}
        objects = release.objects(chart, told)
        authority = certificate(folder).certificate.read_text()
        authorities = {(f"{name}-ca", "ca.crt"): authority for name in ("search", "mysql", "kafka")}
        secrets = AnySecret({("sales", "password"): postgresql.PASSWORD, **authorities})
        ports = {"coordinator": free_port(), "worker": free_port()}
        with (
            node(objects, "coordinator", folder, ports, secrets) as coordinator,
            node(objects, "worker", folder, ports, secrets) as worker,
        ):
            client = coordinator.client()
            nodes = "SELECT count(*) FROM system.runtime.nodes WHERE state = 'active'"
            trino.wait(
                lambda: client.rows(nodes) == [[2]], coordinator.process, coordinator.pod.root / "coordinator.log"
            )
            yield coordinator, worker


def test_each_kind_of_catalog_is_read_by_its_connector(cluster: tuple[Node, Node]) -> None:
    told = release.values((SCENARIOS / "catalogs-values.yaml").read_text())["catalogs"]
    assert {name for (name,) in cluster[0].client().rows("SHOW CATALOGS")} == {*told, "system"}


def test_a_query_is_executed_by_the_worker_alone(cluster: tuple[Node, Node], proof: Proof) -> None:
    client = cluster[0].client()
    assert client.rows("SELECT count(*) FROM tpch.tiny.nation") == [[25]]
    client.rows("CREATE TABLE memory.default.kept AS SELECT * FROM tpch.tiny.region")
    assert client.rows("SELECT count(*) FROM memory.default.kept") == [[5]]
    executed = "SELECT DISTINCT node_id FROM system.runtime.tasks WHERE split_scheduled_time_ms IS NOT NULL"
    assert ["worker"] in client.rows(executed)
    proof("trino", "program", "Trino")


def test_postgresql_is_asked_with_the_password_of_the_secret(cluster: tuple[Node, Node]) -> None:
    assert cluster[0].client().rows("SELECT sum(id) FROM sales.public.orders") == [[28]]


def test_the_heap_and_the_memory_of_queries_are_those_of_the_limits(cluster: tuple[Node, Node]) -> None:
    heap, query = LIMIT * 75 // 100, LIMIT * 75 // 100 * 30 // 100
    for one in cluster:
        config = (one.pod.root / "config/config.properties").read_text()
        assert f"query.max-memory-per-node={query}MB" in config
        assert f"-Xmx{heap}M" in (one.pod.root / "config/jvm.config").read_text()
    (free,) = re.findall(
        r"^trino_memory_type_MemoryPool_name_general_MaxBytes (\S+)",
        cluster[1].client("metrics").text("/metrics"),
        re.MULTILINE,
    )
    assert float(free) > query * 2**20


def test_metrics_are_for_their_user_alone_and_are_those_that_alerts_use(cluster: tuple[Node, Node]) -> None:
    served = cluster[0].client("metrics").text("/metrics")
    known = release.values((HERE / "metrics.yaml").read_text())["seen on a run of Trino 476"]
    assert [name for name in known if not re.search(rf"^{name} ", served, re.MULTILINE)] == []
    with pytest.raises(urllib.error.HTTPError, match="403"):
        cluster[0].client().text("/metrics")


def test_nobody_else_may_ask_a_worker_to_leave(cluster: tuple[Node, Node]) -> None:
    words = ["curl", "-s", "-o", os.devnull, "-w", "%{http_code}", "-X", "PUT", "-d", '"SHUTTING_DOWN"']
    words += ["-H", "Content-Type: application/json", "-H", "X-Trino-User: somebody", f"{cluster[1].url}/v1/info/state"]
    assert subprocess.run(words, capture_output=True, text=True, check=True).stdout == "403"


def test_a_worker_leaves_by_its_hook_and_then_has_ended(cluster: tuple[Node, Node]) -> None:
    coordinator, worker = cluster
    hook = worker.pod.container("worker")["lifecycle"]["preStop"]["exec"]["command"]
    moved = [word.replace("http://localhost:8080", worker.url) for word in hook]
    subprocess.run(moved, check=True, timeout=60)
    worker.process.wait(20)
    assert "Shutdown requested" in worker.pod.log("worker")
    left = "trino_metadata_name_DiscoveryNodeManager_ActiveNodeCount 1.0"
    log = coordinator.pod.root / "coordinator.log"
    trino.wait(lambda: left in coordinator.client("metrics").text("/metrics"), coordinator.process, log)


def test_passwords_are_asked_for_over_tls_and_rules_hold(chart: Path, tmp_path: Path) -> None:
    made = certificate(tmp_path)
    salt, iterations = b"a-salt-of-16-byt", 1000
    hashed = hashlib.pbkdf2_hmac("sha1", b"a password", salt, iterations, 64).hex()
    secrets = AnySecret(
        {
            ("server", "tls.crt"): made.certificate.read_text(),
            ("server", "tls.key"): made.key.read_text(),
            ("users", "password.db"): "\n".join(
                f"{user}:{iterations}:{salt.hex()}:{hashed}" for user in ("ann", "bob")
            ),
        }
    )
    told = {
        "authentication": {"type": "password", "password": {"file": {"name": "users"}}},
        "coordinator": SMALL,
        "tls": {"type": "existingSecret", "existingSecret": {"name": "server"}},
        "worker": {"replicaCount": 0},
        "catalogRules": [{"user": "ann", "catalog": "tpch", "allow": "read-only"}],
    }
    ports = {"coordinator": free_port(), "https": free_port()}
    with node(release.objects(chart, told), "coordinator", tmp_path, ports, secrets) as started:
        secured = f"https://127.0.0.1:{ports['https']}"
        assert started.client("ann", "a password", secured).rows("SHOW CATALOGS") == [["system"], ["tpch"]]
        assert started.client("bob", "a password", secured).rows("SHOW CATALOGS") == [["system"]]
        with pytest.raises(urllib.error.HTTPError, match="401"):
            started.client("ann", "another", secured).rows("SELECT 1")
        with pytest.raises(urllib.error.HTTPError, match="403"):
            started.client("ann").rows("SELECT 1")


def test_exchange_and_results_in_s3_are_read_by_their_plugins(chart: Path, tmp_path: Path) -> None:
    store = {"endpoint": "http://127.0.0.1:9", "accessKey": {"name": "store"}, "secretKey": {"name": "store"}}
    told = {
        "coordinator": SMALL,
        "worker": {"replicaCount": 0},
        "exchange": {"enabled": True, "directory": "s3://trino/exchange", "s3": store},
        "spooling": {
            "enabled": True,
            "directory": "s3://trino/results",
            "s3": store,
            "sharedSecretKey": {"name": "spooling"},
        },
    }
    secrets = AnySecret({("spooling", "spooling-key"): "bG9uZyBlbm91Z2ggdG8gYmUgYSBrZXkgb2YgMjU2IGI="})
    with node(release.objects(chart, told), "coordinator", tmp_path, {"coordinator": free_port()}, secrets) as started:
        assert "Loaded exchange manager filesystem" in started.pod.log("coordinator")
        assert "Loaded spooling manager filesystem" in started.pod.log("coordinator")
