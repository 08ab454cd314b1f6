"""The rendered configuration, a dump and its restore with Neo4j itself."""

import subprocess
from pathlib import Path

import pytest

from tests.charts import release
from tests.charts.release import Manifest, containers, run
from tests.proof import Proof
from tests.services import neo4j
from tests.services.certificate import certificate
from tests.services.ports import free_port

PASSWORD = "of32lettersanddigits"


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Manifest]:
    return release.objects(release.chart(tmp_path_factory.mktemp("chart"), "neo4j", "ha"), {"backup": {"retention": 2}})


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return neo4j.admin(tmp_path_factory.mktemp("programs"))


class Server:
    """A home with the rendered configuration."""

    def __init__(self, objects: dict[str, Manifest], programs: Path, folder: Path) -> None:
        self.objects, self.programs, self.home = objects, programs, folder / "home"
        for name in ("conf", "certificates", "run", "data", "logs"):
            (self.home / name).mkdir(parents=True)
        self.ports = dict(zip(("7687", "7473", "7474"), [free_port() for _ in range(3)], strict=True))
        self.configure()
        issued = certificate(folder)
        (self.home / "certificates" / "tls.crt").write_text(issued.certificate.read_text())
        (self.home / "certificates" / "tls.key").write_text(issued.key.read_text())

    def configure(self, more: str = "") -> None:
        text: str = self.objects["ConfigMap/release-neo4j-config"]["data"]["neo4j.conf"]
        text = text.replace("/var/lib/neo4j", str(self.home)).replace("0.0.0.0", "127.0.0.1")
        for told, port in self.ports.items():
            text = text.replace(f"listen_address=:{told}", f"listen_address=:{port}")
        (self.home / "conf" / "neo4j.conf").write_text(text + more)

    def query(self, *queries: str, password: str = PASSWORD) -> "subprocess.CompletedProcess[str]":
        return neo4j.query(self.home, f"bolt+ssc://localhost:{self.ports['7687']}", password, *queries)

    def run(self, pod: Manifest, name: str, kept: Path, **more: str) -> "subprocess.CompletedProcess[str]":
        (container,) = (one for one in containers(pod) if one["name"] == name)
        folders = {"/backup": kept, "/data/databases": self.home / "data" / "databases"}
        instead = {"NEO4J_HOME": str(self.home), **more}
        return run(container, secrets={}, folders=folders, path=self.programs, instead=instead)

    def dump(self, kept: Path) -> "subprocess.CompletedProcess[str]":
        return self.run(self.objects["StatefulSet/release-neo4j"]["spec"]["template"], "dump", kept)

    def restore(self, kept: Path, **more: str) -> "subprocess.CompletedProcess[str]":
        job = self.objects["CronJob/release-neo4j-restore"]["spec"]["jobTemplate"]["spec"]["template"]
        return self.run(job, "restore", kept, **more)

    def set_password(self) -> None:
        words = [self.programs / "neo4j-admin", "dbms", "set-initial-password", PASSWORD]
        subprocess.run(
            words, env={"NEO4J_HOME": str(self.home), "PATH": "/usr/bin:/bin"}, check=True, capture_output=True
        )


@pytest.fixture(scope="module")
def server(objects: dict[str, Manifest], programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Server:
    made = Server(objects, programs, tmp_path_factory.mktemp("server"))
    made.set_password()
    done = made.query("CREATE (:City {name: 'Graz'})")
    assert done.returncode == 0, done.stderr
    return made


def test_the_server_takes_its_configuration_and_serves_by_tls(server: Server, proof: Proof) -> None:
    done = server.query(
        "SHOW SETTINGS YIELD name, value WHERE name STARTS WITH 'server.memory.heap' RETURN value",
        "MATCH (city:City) RETURN city.name",
    )
    assert (done.returncode, done.stdout.splitlines()) == (
        0,
        ["[{value=1.20GiB}, {value=1.20GiB}]", "[{city.name=Graz}]"],
    )
    proof("neo4j", "program", "Neo4j")


def test_another_password_is_refused(server: Server) -> None:
    done = server.query("RETURN 1", password="neo4j")
    assert done.returncode != 0
    assert "The client is unauthorized due to authentication failure" in done.stderr


@pytest.mark.parametrize("name", ["PORT", "server.memory.heap.max.size", "SERVER.MEMORY.PAGECACHE.SIZE"])
def test_a_setting_that_it_does_not_know_stops_the_server(server: Server, name: str) -> None:
    server.configure(f"\n{name}=1\n")
    try:
        done = server.query("RETURN 1")
    finally:
        server.configure()
    assert done.returncode != 0
    assert f"No declared setting with name: {name}" in done.stderr


def test_a_new_pod_dumps_and_the_restore_brings_data_and_password_to_an_empty_server(
    server: Server, objects: dict[str, Manifest], programs: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    for old in ("release-neo4j-20010101T000000Z", "release-neo4j-20020101T000000Z", "stale.part"):
        (kept / old).mkdir(parents=True)
    done = server.dump(kept)
    assert done.returncode == 0
    newest = done.stdout.split()[-1]
    assert done.stdout.splitlines()[-1] == f"wrote {newest}"
    assert sorted(path.name for path in kept.iterdir()) == ["release-neo4j-20020101T000000Z", Path(newest).name]
    assert sorted(path.name for path in Path(newest).iterdir()) == ["neo4j.dump", "system.dump"]

    second = Server(objects, programs, tmp_path)
    assert second.dump(kept).stdout == "there is nothing to dump yet\n"
    done = second.restore(kept)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, f"restored all from {newest}")
    assert second.query("MATCH (city:City) RETURN city.name").stdout == "[{city.name=Graz}]\n"
    assert second.restore(kept, DATABASE="neo4j", RUN=Path(newest).name).returncode == 0
