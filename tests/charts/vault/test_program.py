"""Vault itself, started with the rendered configuration and environment, and the Jobs of the chart against it."""

import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.charts.release import Manifest, containers, run
from tests.charts.vault.database import ROLE_PASSWORD, Bootstrap, overlay
from tests.proof import Proof
from tests.services import vault
from tests.services.certificate import certificate
from tests.services.postgresql import Postgresql
from tests.services.token import signed
from tests.services.vault import Server, eventually, initialise, servers

Render = Callable[..., dict[str, Manifest]]


def probe(objects: dict[str, Manifest], name: str) -> str:
    (server,) = (
        each for each in containers(objects["StatefulSet/vault"]["spec"]["template"]) if each["name"] == "server"
    )
    path: str = server[name]["httpGet"]["path"]
    return path


def status(objects: dict[str, Manifest], server: Server) -> int:
    """What the pod of `helm test` ends with."""
    (pod,) = (each for each in objects.values() if each["kind"] == "Pod")
    here = {name: server.variables[name] for name in ("VAULT_ADDR", "VAULT_CACERT") if name in server.variables}
    (container,) = containers(pod)
    words = {**container, "command": [str(vault.program()), *container["command"][1:]]}
    return run(words, secrets={}, folders={}, path=vault.program().parent, instead=here).returncode


@pytest.fixture
def alone(objects: Render, tmp_path: Path) -> Iterator[Server]:
    with servers(objects(profile="dev"), tmp_path, {}) as (server,):
        yield server


def test_probes_and_the_test_of_the_release_tell_a_sealed_server(alone: Server, objects: Render, proof: Proof) -> None:
    rendered = objects(profile="dev")
    asked = [probe(rendered, name) for name in ("livenessProbe", "readinessProbe")]
    answers = [[alone.ask("GET", path)[0] for path in asked]]
    key, _ = initialise(alone)
    answers.append([alone.ask("GET", path)[0] for path in asked])
    assert status(rendered, alone) == 2
    alone.unseal(key)
    alone.wait(200)
    answers.append([alone.ask("GET", path)[0] for path in asked])
    assert answers == [[204, 501], [204, 503], [200, 200]]
    assert status(rendered, alone) == 0
    proof("vault", "program", f"Vault {vault.VERSION}")


def ready(server: Server) -> tuple[str, str]:
    """The key and the root token of a server that serves."""
    key, token = initialise(server)
    server.unseal(key)
    server.wait(200)
    return key, token


def test_what_is_written_survives_a_restart(alone: Server) -> None:
    key, token = ready(alone)
    assert alone.ask("POST", "/v1/sys/mounts/kv", {"type": "kv"}, token)[0] == 204
    assert alone.ask("POST", "/v1/kv/app", {"colour": "green"}, token)[0] == 204
    alone.stop()
    alone.start()
    assert alone.health == 503
    alone.unseal(key)
    alone.wait(200)
    assert alone.ask("GET", "/v1/kv/app", token=token)[1]["data"] == {"colour": "green"}


def test_the_metrics_of_the_alerts_are_there_without_a_token(alone: Server) -> None:
    ready(alone)
    code, told = alone.ask("GET", "/v1/sys/metrics?format=prometheus")
    assert code == 200
    assert {"vault_core_unsealed", "vault_core_active"} <= set(re.findall(r"^# TYPE (\S+)", told, re.MULTILINE))


def test_three_pods_form_a_cluster_that_one_may_leave(objects: Render, tmp_path: Path) -> None:
    with servers(objects(profile="ha"), tmp_path, {}, 3) as found:
        first, *others = found
        key, token = ready(first)
        for server in others:
            server.wait(503)  # it has joined, and knows that it is sealed
            server.unseal(key)
            server.wait(429)
        assert eventually(lambda: voters(first, token) == {"vault-0", "vault-1", "vault-2"})
        first.stop()
        assert eventually(lambda: sorted(server.health for server in others) == [200, 429])


def voters(server: Server, token: str) -> set[str]:
    told = server.ask("GET", "/v1/sys/storage/raft/configuration", token=token)[1]["data"]["config"]["servers"]
    return {each["node_id"] for each in told if each["voter"]}


def job_of_backup(rendered: dict[str, Manifest]) -> Manifest:
    pod = rendered["CronJob/vault-backup"]["spec"]["jobTemplate"]["spec"]["template"]
    (found,) = containers(pod)
    return found


def of_the_cluster(server: Server, token: str, folder: Path) -> None:
    """What NOTES shows, with an authority of the test in the place of the API server's, and a token that it signed."""
    issued = certificate(folder)
    public = issued.private_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    policy = 'path "sys/storage/raft/snapshot" { capabilities = ["read"] }'
    role = {"role_type": "jwt", "user_claim": "sub", "bound_audiences": ["vault"], "token_policies": ["backup"]}
    for path, body in (
        ("sys/auth/kubernetes", {"type": "jwt"}),
        ("auth/kubernetes/config", {"jwt_validation_pubkeys": [public]}),
        ("sys/policies/acl/backup", {"policy": policy}),
        ("auth/kubernetes/role/backup", role),
    ):
        assert server.ask("POST", f"/v1/{path}", body, token)[0] in {200, 204}
    now = int(time.time())
    claims = {"sub": "system:serviceaccount:security:vault-backup", "aud": "vault", "nbf": now - 10, "exp": now + 600}
    (folder / "token").write_text(signed(issued, claims), "utf-8")


def colour(server: Server, token: str, told: str = "") -> str:
    """What Vault holds, after it was told otherwise."""
    if told:
        assert server.ask("POST", "/v1/kv/app", {"colour": told}, token)[0] == 204
    found: str = server.ask("GET", "/v1/kv/app", token=token)[1]["data"]["colour"]
    return found


def restore(server: Server, token: str, file: Path, *options: str) -> None:
    words = [vault.program(), "operator", "raft", "snapshot", "restore", *options, file]
    done = subprocess.run(words, env={**server.variables, "VAULT_TOKEN": token}, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_snapshot_is_restored_by_the_same_cluster_and_by_a_new_one(objects: Render, tmp_path: Path) -> None:
    rendered = objects({"backup": {"enabled": True, "retention": 1}}, profile="dev")
    for name in ("old", "new", "token", "kept"):
        (tmp_path / name).mkdir()
    with servers(rendered, tmp_path / "old", {}) as (old,), servers(rendered, tmp_path / "new", {}) as (new,):
        (key, token), (new_key, new_token) = ready(old), ready(new)
        of_the_cluster(old, token, tmp_path / "token")
        assert old.ask("POST", "/v1/sys/mounts/kv", {"type": "kv"}, token)[0] == 204
        assert colour(old, token, "green") == "green"
        folders = {"/var/run/secrets/backup": tmp_path / "token", "/backup": tmp_path / "kept"}
        here = {"VAULT_ADDR": old.url, "HOME": str(tmp_path)}
        for _ in range(2):
            done = run(job_of_backup(rendered), secrets={}, folders=folders, path=named(tmp_path), instead=here)
            assert (done.returncode, done.stderr) == (0, "")
        (snapshot,) = (tmp_path / "kept").iterdir()
        colour(old, token, "red")
        restore(old, token, snapshot)
        assert eventually(lambda: old.health == 200 and colour(old, token) == "green")
        restore(new, new_token, snapshot, "-force")
        assert eventually(lambda: new.health == 503)
        assert new.ask("PUT", "/v1/sys/unseal", {"key": new_key})[0] != 200 or new.health == 503
        new.unseal(key)
        new.wait(200)
        assert colour(new, token) == "green"


def named(folder: Path) -> Path:
    """A folder in which the program has its name."""
    (folder / "bin").mkdir(exist_ok=True)
    if not (folder / "bin/vault").exists():
        (folder / "bin/vault").symlink_to(vault.program())
    return folder / "bin"


SECRETS = {("vault-postgresql", "password"): ROLE_PASSWORD}


def test_two_pods_share_a_database_that_the_job_prepared(
    bootstrap: Bootstrap, objects: Render, database: Postgresql, tmp_path: Path
) -> None:
    assert bootstrap("shared").returncode == 0
    told: dict[str, Any] = overlay(database, "shared", "vault") | {"tls": {"type": "none"}}
    with servers(objects(told, profile="ha-postgresql"), tmp_path, SECRETS, 2) as (first, second):
        key, token = ready(first)
        second.unseal(key)
        second.wait(429)
        assert first.ask("POST", "/v1/sys/mounts/kv", {"type": "kv"}, token)[0] == 204
        assert second.ask("POST", "/v1/kv/app", {"colour": "red"}, token)[0] == 204
        first.stop()
        second.wait(200)
        assert second.ask("GET", "/v1/kv/app", token=token)[1]["data"] == {"colour": "red"}
        assert ROLE_PASSWORD not in first.log + second.log


def test_a_dump_is_restored_with_no_pod_running(
    bootstrap: Bootstrap, objects: Render, database: Postgresql, tmp_path: Path
) -> None:
    assert bootstrap("restored").returncode == 0
    told: dict[str, Any] = overlay(database, "restored", "vault") | {"tls": {"type": "none"}}
    rendered = objects(told, profile="ha-postgresql")
    with servers(rendered, tmp_path, SECRETS) as (server,):
        key, token = ready(server)
        assert server.ask("POST", "/v1/sys/mounts/kv", {"type": "kv"}, token)[0] == 204
        colour(server, token, "green")
        (tmp_path / "kept").mkdir()
        folders = {"/backup": tmp_path / "kept"}
        assert run(job_of_backup(rendered), secrets=SECRETS, folders=folders, path=database.programs).returncode == 0
        (dump,) = (tmp_path / "kept").iterdir()
        colour(server, token, "red")
        server.stop()
        url = f"postgresql://restored@{database.host}:{database.port}/restored"
        words = [database.programs / "pg_restore", "--clean", "--if-exists", "--no-owner", f"--dbname={url}", dump]
        subprocess.run(words, env={"PGPASSWORD": ROLE_PASSWORD}, check=True)
        server.start()
        server.unseal(key)
        server.wait(200)
        assert colour(server, token) == "green"
