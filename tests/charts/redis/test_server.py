"""The rendered scripts and configurations with real Redis servers and Sentinels."""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.charts import release
from tests.charts.redis.pods import Cluster, cluster, wait_for
from tests.charts.release import Manifest, containers, run
from tests.proof import Proof
from tests.services.install import need
from tests.services.ports import free_port

ADMIN = 'admin\'s "p@ss" \\ %41 $HOME #!'
SECRETS = {
    ("redis-admin", "password"): ADMIN,
    ("redis-exporter", "password"): "of the exporter",
    ("app", "password"): 'app\'s "p@ss" \\x41 `id` $HOME',
    ("reporter", "password"): "of the reporter",
    ("nameless", "password"): "of those without a name",
}
USERS = {
    "app": {"password": {"name": "app"}, "keys": ["app:*"]},
    "reporter": {"password": {"name": "reporter"}, "commands": ["-@all", "+@read", "+ping"]},
}
VALUES: dict[str, Any] = {
    "backup": {"enabled": True, "retention": 2},
    "users": USERS,
    "sentinel": {"downAfterMilliseconds": 2000, "failoverTimeout": 5000},
    "configuration": {"databases": 3},
}
Render = Callable[..., dict[str, Manifest]]


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> Render:
    chart = release.chart(tmp_path_factory.mktemp("chart"), "redis", "ha")
    return lambda **more: release.objects(chart, VALUES | more)


@pytest.fixture(scope="module")
def alone(objects: Render, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One server without TLS."""
    told = objects(replicaCount=1, tls={"type": "none"})
    with cluster(told, SECRETS, tmp_path_factory.mktemp("alone")) as running:
        yield running


@pytest.fixture
def three(objects: Render, tmp_path: Path) -> Iterator[Cluster]:
    """Three servers and their Sentinels with TLS, which have found each other."""
    with cluster(objects(), SECRETS, tmp_path) as running:
        wait_for(["master", "slave", "slave"], lambda: [pod.role() for pod in running.pods])
        wait_for([("2", "2")] * 3, lambda: [seen(running, pod.number) for pod in running.pods])
        wait_for("2", lambda: running.pods[0].ask("wait", "2", "100"))
        wait_for("OK", lambda: running.pods[0].ask("set", "app:ready", "1"))
        yield running


def seen(running: Cluster, number: int) -> tuple[str, ...]:
    """How many replicas and other Sentinels a Sentinel has found; it looks for replicas every ten seconds."""
    told = running.pods[number].ask("sentinel", "master", "main", port=running.sentinel_port).splitlines()
    found = dict(zip(told[::2], told[1::2], strict=False))
    return tuple(found.get(name, "") for name in ("num-slaves", "num-other-sentinels"))


def test_nobody_comes_in_without_a_name_and_its_password(alone: Cluster) -> None:
    (pod,) = alone.pods
    assert pod.ask("ping", user="", password="") == "NOAUTH Authentication required."
    for user, password in (("", ADMIN), ("default", ""), ("app", ADMIN), ("nobody", "x"), ("_admin", "x")):
        assert "PONG" not in pod.ask("ping", user=user, password=password)
    assert pod.ask("ping") == "PONG"


def test_a_user_keeps_to_its_keys_and_commands(alone: Cluster) -> None:
    (pod,) = alone.pods
    secret = SECRETS["app", "password"]
    assert pod.ask("set", "app:a", "1", user="app", password=secret) == "OK"
    for words in (("set", "b", "1"), ("config", "get", "masterauth"), ("flushall",), ("acl", "list")):
        assert pod.ask(*words, user="app", password=secret).startswith("NOPERM")
    assert pod.ask("get", "app:a", user="reporter", password="of the reporter") == "1"
    assert pod.ask("set", "app:a", "2", user="reporter", password="of the reporter").startswith("NOPERM")


def test_no_password_stands_in_a_file_or_the_log(alone: Cluster) -> None:
    (pod,) = alone.pods
    texts = [path.read_bytes() for path in pod.folder.rglob("*") if path.is_file()]
    assert not any(secret.encode() in text for secret in SECRETS.values() for text in texts)
    assert "user app on #" in (pod.folder / "run/users.acl").read_text()


def test_the_configuration_is_that_of_the_values(alone: Cluster, proof: Proof) -> None:
    (pod,) = alone.pods
    wanted = {
        "maxmemory": str(512 << 20),
        "databases": "3",
        "appendonly": "yes",
        "save": "",
        "maxmemory-policy": "noeviction",
    }
    assert {name: pod.ask("config", "get", name).partition("\n")[2] for name in wanted} == wanted
    proof("redis", "program", "Redis")


def test_probes_pass_while_it_serves_and_tell_a_wrong_password_from_death(alone: Cluster) -> None:
    (pod,) = alone.pods
    names = ("startupProbe", "livenessProbe", "readinessProbe")
    assert [pod.probe(name) for name in names] == [True, True, True]
    assert [pod.probe(name, REDISCLI_AUTH="wrong") for name in names] == [True, True, False]
    pod.stop()
    assert [pod.probe(name) for name in names] == [False, False, False]
    pod.start()
    wait_for(True, lambda: pod.probe("readinessProbe"))


def test_data_outlive_the_pod_and_a_changed_password_counts_when_it_starts(alone: Cluster) -> None:
    (pod,) = alone.pods
    pod.ask("set", "kept", "1")
    pod.stop(signal.SIGTERM)
    alone.secrets = SECRETS | {("app", "password"): "changed"}
    pod.start()
    wait_for(True, lambda: pod.probe("readinessProbe"))
    assert pod.ask("get", "kept") == "1"
    assert pod.ask("ping", user="app", password="changed") == "PONG"
    assert "WRONGPASS" in pod.ask("ping", user="app", password=SECRETS["app", "password"])
    alone.secrets = SECRETS


def test_programs_without_a_name_use_the_default_user_where_there_is_one(objects: Render, tmp_path: Path) -> None:
    told = objects(replicaCount=1, tls={"type": "none"}, users={"default": {"password": {"name": "nameless"}}})
    with cluster(told, SECRETS, tmp_path) as running:
        (pod,) = running.pods
        assert pod.ask("ping", user="", password=SECRETS["nameless", "password"]) == "PONG"
        assert pod.ask("ping", user="", password="").startswith("NOAUTH")


def test_the_exporter_gives_the_metrics_that_the_alerts_need(alone: Cluster) -> None:
    program = need(lambda: shutil.which("prometheus-redis-exporter"), "prometheus-redis-exporter")
    (pod,) = alone.pods
    (exporter,) = [one for one in containers(alone.workload["spec"]["template"]) if one["name"] == "exporter"]
    here = {
        "REDIS_ADDR": f"redis://{pod.host}:{alone.port}",
        "REDIS_EXPORTER_WEB_LISTEN_ADDRESS": f"127.0.0.1:{free_port()}",
    }
    process = subprocess.Popen([program], env=release.environment(exporter, SECRETS, here), stderr=subprocess.DEVNULL)
    try:
        known = release.values((Path(__file__).parent / "metrics.yaml").read_text())
        wanted = set(known["seen on a run of redis_exporter 1.45 beside Redis 7.0"])
        wait_for(set(), lambda: wanted - metrics(here["REDIS_EXPORTER_WEB_LISTEN_ADDRESS"]))
    finally:
        process.terminate()
        process.wait()


def metrics(address: str) -> set[str]:
    done = subprocess.run(["curl", "-s", f"http://{address}/metrics"], capture_output=True, text=True, check=False)
    return {line.split("{")[0].split(" ")[0] for line in done.stdout.splitlines() if line and line[0] != "#"}


def test_sentinels_make_a_replica_the_master_and_the_old_one_follows_it(three: Cluster) -> None:
    first, *others = three.pods
    assert first.ask("set", "app:a", "1") == "OK"
    assert others[0].ask("set", "app:a", "2").startswith("READONLY")
    assert first.ask("wait", "2", "5000") == "2"
    first.stop(signal.SIGKILL)
    wait_for({"master", "slave"}, lambda: {pod.role() for pod in others})
    (second,) = [pod for pod in others if pod.role() == "master"]
    wait_for({second.host}, three.masters)
    wait_for("OK", lambda: second.ask("set", "app:b", "2"))

    first.start()
    wait_for("slave", first.role)
    wait_for("1\n2", lambda: first.ask("mget", "app:a", "app:b"))
    assert three.masters() == {second.host}


def test_servers_that_all_stopped_remember_who_was_master(three: Cluster) -> None:
    first, second, third = three.pods
    wait_for("OK", lambda: second.ask("sentinel", "failover", "main", port=three.sentinel_port))
    wait_for("slave", first.role)
    (chosen,) = [pod for pod in (second, third) if pod.role() == "master"]
    wait_for({chosen.host}, three.masters)
    wait_for("OK", lambda: chosen.ask("set", "app:a", "kept"))
    wait_for("kept", lambda: first.ask("get", "app:a"))
    for pod in three.pods:
        pod.stop()
    for pod in three.pods:
        pod.start("server", "sentinel")
    wait_for(True, lambda: all(pod.probe("readinessProbe", "sentinel") for pod in three.pods))
    wait_for(sorted(["master", "slave", "slave"]), lambda: sorted(pod.role() for pod in three.pods))
    assert (chosen.role(), three.masters()) == ("master", {chosen.host})
    assert chosen.ask("get", "app:a") == "kept"


def test_a_program_asks_the_sentinels_and_cannot_command_them(three: Cluster) -> None:
    secret = SECRETS["app", "password"]
    assert three.masters("app", secret) == {three.pods[0].host}
    pod, port = three.pods[0], three.sentinel_port
    assert pod.ask("sentinel", "failover", "main", user="app", password=secret, port=port).startswith("NOPERM")
    assert pod.ask("sentinel", "masters", user="", password="", port=port) == "NOAUTH Authentication required."


def test_a_master_without_replicas_takes_no_writes(three: Cluster) -> None:
    first, *others = three.pods
    for pod in others:
        pod.stop(signal.SIGKILL)
    wait_for(True, lambda: first.ask("set", "app:a", "1").startswith("NOREPLICAS"))


def test_a_backup_is_restored_into_the_running_master(three: Cluster, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    for old in ("release-redis-20010101T000000Z.rdb", "release-redis-20020101T000000Z.rdb", "stale.part"):
        (kept / old).touch()
    first = three.pods[0]
    first.ask("eval", "return redis.call('set', 'odd\\n\\0' .. string.char(255) .. 'name', 'x')", "0")
    first.ask("set", "app:a", "1", "ex", "1000")
    first.ask("-n", "2", "rpush", "list", "1", "2")
    done = cron(three, "backup", kept)
    older, newest = sorted(path.name for path in kept.iterdir())
    assert (done.returncode, done.stdout) == (0, f"wrote {kept}/{newest}\n")
    assert older == "release-redis-20020101T000000Z.rdb"

    first.ask("flushall")
    assert first.ask("set", "later", "1") == "OK"
    done = cron(three, "restore", kept)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, f"restored {newest}")
    assert (first.ask("dbsize"), first.ask("exists", "later"), first.ask("get", "app:a")) == ("3", "0", "1")
    assert 900 < int(first.ask("ttl", "app:a")) <= 1000
    assert first.ask("-n", "2", "lrange", "list", "0", "-1") == "1\n2"
    assert sorted(path.name for path in kept.iterdir()) == [older, newest]

    done = cron(three, "restore", kept, RUN="absent.rdb")
    assert (done.returncode, done.stderr) == (1, f"there is no backup {kept}/absent.rdb\n")
    assert first.ask("dbsize") == "3"


def cron(running: Cluster, name: str, kept: Path, **more: str) -> "subprocess.CompletedProcess[str]":
    retained = running.objects[f"CronJob/release-redis-{name}"]
    (container,) = containers(retained["spec"]["jobTemplate"]["spec"]["template"])
    with tempfile.TemporaryDirectory() as scratch:  # a socket's path has 107 characters at most
        script = container["args"][0].replace("/tmp/", f"{scratch}/").replace("/backup", str(kept))
        told = container | {"args": [running.here(script)]}
        here = {"SERVICE": running.pods[0].host, **more}
        return run(told, secrets=SECRETS, folders={}, path=Path("/usr/bin"), instead=here)
