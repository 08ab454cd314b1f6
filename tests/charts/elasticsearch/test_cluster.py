"""The rendered configuration, snapshots and their restore with Elasticsearch's own server."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.charts import release
from tests.charts.release import Manifest, containers, run
from tests.proof import Proof
from tests.services.elasticsearch import Node, nodes, until_healthy

SECRETS = {("elasticsearch-admin", "password"): 'of "the\\ admin'}
FILES = {"backup": {"enabled": True, "retention": 2, "repository": {"type": "fs", "fs": {"existingClaim": "kept"}}}}
OLD = [f"release-elasticsearch-200{number}0101t000000z" for number in (1, 2)]


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Manifest]:
    return release.objects(release.chart(tmp_path_factory.mktemp("chart"), "elasticsearch", "ha"), FILES)


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("snapshots")


@pytest.fixture(scope="module")
def cluster(
    objects: dict[str, Manifest], snapshots: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Node]]:
    text = objects["ConfigMap/release-elasticsearch-config"]["data"]["elasticsearch.yml"]
    text = text.replace("/usr/share/elasticsearch/snapshots", str(snapshots))
    names = [f"release-elasticsearch-{number}" for number in range(3)]
    with nodes(
        dict.fromkeys(names, text), tmp_path_factory.mktemp("nodes"), "release-elasticsearch-headless"
    ) as started:
        until_healthy(started[0], 3)
        yield started


def cron(
    objects: dict[str, Manifest], name: str, node: Node, folder: Path, snapshots: Path, **more: str
) -> subprocess.CompletedProcess[str]:
    job = objects[f"CronJob/release-elasticsearch-{name}"]["spec"]["jobTemplate"]["spec"]["template"]
    folders = {"/tmp": folder, "/usr/share/elasticsearch/snapshots": snapshots}
    instead = {"ELASTICSEARCH_URL": node.url} | more
    return run(containers(job)[0], secrets=SECRETS, folders=folders, path=Path("/usr/bin"), instead=instead)


def test_three_nodes_form_one_cluster_and_become_ready(cluster: list[Node], proof: Proof) -> None:
    assert len({node.get("/_cluster/state/metadata")["cluster_uuid"] for node in cluster}) == 1
    last = time.monotonic() + 30
    while not all(node.is_ready() for node in cluster) and time.monotonic() < last:
        time.sleep(0.5)
    assert all(node.is_ready() for node in cluster)
    proof("elasticsearch", "program", "Elasticsearch")


def test_nodes_read_their_settings(cluster: list[Node]) -> None:
    told = cluster[1].get("/_nodes/_local/settings?flat_settings=true")
    ((name, settings),) = ((node["name"], node["settings"]) for node in told["nodes"].values())
    assert (name, settings["cluster.name"]) == ("release-elasticsearch-1", "release-elasticsearch")
    assert (settings["node.store.allow_mmap"], settings["network.publish_host"]) == ("false", "127.0.0.1")


def test_snapshots_are_taken_the_oldest_removed_and_an_index_restored(
    cluster: list[Node], objects: dict[str, Manifest], tmp_path: Path, snapshots: Path
) -> None:
    node = cluster[0]
    for index in ("orders", "customers"):
        assert node.put(f"/{index}/_doc/1?refresh=true", {"text": "first"})["result"] == "created"
    done = cron(objects, "backup", node, tmp_path, snapshots)
    assert (done.returncode, done.stderr) == (0, "")
    newest = done.stdout.split()[-1]
    for old in OLD:
        assert node.put(f"/_snapshot/backup/{old}?wait_for_completion=true")
    time.sleep(1)  # a snapshot is named after the second
    done = cron(objects, "backup", node, tmp_path, snapshots)
    assert (done.returncode, done.stderr) == (0, "")
    last = done.stdout.split()[-1]
    kept = {one["snapshot"] for one in node.get("/_snapshot/backup/_all")["snapshots"]}
    assert kept <= {newest, last}
    assert len(kept) == 2

    for index in ("orders", "customers"):
        assert node.put(f"/{index}/_doc/1?refresh=true", {"text": "second"})["result"] == "updated"
    done = cron(objects, "restore", node, tmp_path, snapshots, INDICES="ord*")
    assert (done.returncode, done.stderr, done.stdout) == (0, "", f"restored orders of {last}\n")
    until_healthy(node, 3)
    assert [node.get(f"/{index}/_doc/1")["_source"]["text"] for index in ("orders", "customers")] == [
        "first",
        "second",
    ]
    done = cron(objects, "restore", node, tmp_path, snapshots, INDICES="absent*")
    assert (done.returncode, done.stdout) == (1, "")
    told, *there = done.stderr.splitlines()
    assert told == f"there is no index absent* in the snapshot {last}, which has:"
    assert set(there) == {"customers", "orders"}


def test_a_backup_that_fails_says_why_and_no_password(
    cluster: list[Node], objects: dict[str, Manifest], tmp_path: Path
) -> None:
    done = cron(objects, "backup", cluster[0], tmp_path, tmp_path)
    assert done.returncode != 0
    assert "PUT /_snapshot/backup: 500" in done.stderr
    assert "the\\ admin" not in done.stdout + done.stderr
