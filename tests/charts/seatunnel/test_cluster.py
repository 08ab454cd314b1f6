"""A job manager and a task manager of Flink with what the chart writes."""

import json
import re
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.charts import release
from tests.proof import Proof
from tests.services import flink
from tests.services.ports import free_port

HERE = Path(__file__).parent
PORTS = ("6121", "6122", "6123", "6124", "8081")
_SECONDS_TO_START = 180


@dataclass(frozen=True)
class Cluster:
    folder: Path
    rest: str
    metrics: dict[str, int]

    def get(self, path: str) -> dict[str, Any]:
        with urllib.request.urlopen(f"http://{self.rest}{path}", timeout=30) as answer:
            told: dict[str, Any] = json.loads(answer.read())
        return told


def written(config: str, folder: Path, ports: dict[str, int], metrics: int) -> Path:
    """A folder with config.yaml as on a machine of its own, with other ports."""
    for port in PORTS:
        config = config.replace(f'"{port}"', f'"{ports[port]}"')
    moved = config.replace("release-seatunnel-jobmanager", "127.0.0.1").replace("0.0.0.0", "127.0.0.1")
    folder.mkdir(parents=True)
    (folder / "config.yaml").write_text(moved.replace('"9249"', f'"{metrics}"'))
    return folder


def wait(started: "subprocess.Popen[bytes]", log: Path, until: Any) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while started.poll() is None and time.monotonic() < deadline:
        with suppress(OSError):
            if until():
                return
        time.sleep(0.3)
    raise RuntimeError(log.read_text()[-4000:])


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release.chart(tmp_path_factory.mktemp("chart"), "seatunnel", "dev")


@pytest.fixture(scope="module")
def cluster(chart: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    config = release.objects(chart)["ConfigMap/release-seatunnel-config"]["data"]["config.yaml"]
    ports = {port: free_port() for port in PORTS}
    metrics = {"jobmanager": free_port(), "taskmanager": free_port()}
    places = {name: written(config, folder / name, ports, port) for name, port in metrics.items()}
    logs = {name: folder / f"{name}.log" for name in places}
    made = Cluster(places["jobmanager"], f"127.0.0.1:{ports['8081']}", metrics)
    with flink.running(flink.JOB_MANAGER, places["jobmanager"], logs["jobmanager"]) as manager:
        wait(manager, logs["jobmanager"], lambda: made.get("/overview"))
        with flink.running(flink.TASK_MANAGER, places["taskmanager"], logs["taskmanager"]) as worker:
            wait(worker, logs["taskmanager"], lambda: made.get("/overview")["slots-total"] > 0)
            yield made


def test_a_task_manager_joins_with_its_slots(cluster: Cluster, proof: Proof) -> None:
    overview = cluster.get("/overview")
    assert (overview["taskmanagers"], overview["slots-total"]) == (1, 2)
    proof("seatunnel", "program", "Apache Flink without SeaTunnel's jobs")


def test_the_processes_have_the_memory_of_the_limits(cluster: Cluster) -> None:
    (worker,) = cluster.get("/taskmanagers")["taskmanagers"]
    assert worker["memoryConfiguration"]["totalProcessMemory"] == 2**30
    told = {one["key"]: one["value"] for one in cluster.get("/jobmanager/config")}
    assert told["jobmanager.memory.process.size"] == "1024m"


def test_nobody_uploads_code_by_the_web_interface(cluster: Cluster) -> None:
    assert cluster.get("/config")["features"]["web-submit"] is False
    assert cluster.get("/config")["features"]["web-cancel"] is False


def test_the_client_of_the_jobs_and_of_helm_test_finds_it(cluster: Cluster) -> None:
    assert "No running jobs" in flink.client(cluster.folder, "list", "--running", "-m", cluster.rest)


def test_the_metrics_are_those_that_alerts_use(cluster: Cluster) -> None:
    served = ""
    for port in cluster.metrics.values():
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
            served += answer.read().decode()
    known = release.values((HERE / "metrics.yaml").read_text())["seen on a run of Flink 1.20.3"]
    assert [name for name in known if not re.search(rf"^{name}[{{ ]", served, re.MULTILINE)] == []


@pytest.mark.parametrize("memory", ["1Gi", "1600Mi", "4G", "64Gi"])
def test_flink_accepts_the_memory_that_follows_from_a_limit(chart: Path, memory: str, tmp_path: Path) -> None:
    limits = {"resources": {"limits": {"memory": memory}}}
    found = release.objects(chart, {"jobManager": limits, "taskManager": limits})
    ports = {port: int(port) for port in PORTS}
    config = found["ConfigMap/release-seatunnel-config"]["data"]["config.yaml"]
    folder = written(config, tmp_path / "conf", ports, 9249)
    for process in (flink.JOB_MANAGER, flink.TASK_MANAGER):
        assert any(word.startswith("-Xmx") for word in flink.memory(process, folder)[0])
