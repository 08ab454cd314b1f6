"""What the Jobs of backup and restore do with a server that hangs up."""

import socketserver
import threading
from pathlib import Path

import pytest

from tests.charts import release


class HangingUp(socketserver.TCPServer):
    """A server that closes each connection without an answer, and counts them."""

    connections = 0


class Connection(socketserver.BaseRequestHandler):
    """A connection, which is closed when it was counted."""

    server: HangingUp

    def handle(self) -> None:
        self.server.connections += 1


def test_a_restore_without_a_snapshot_says_what_it_looked_for(tmp_path: Path) -> None:
    found = release.objects(release.chart(tmp_path, "zookeeper", "dev"), {"backup": {"enabled": True}})
    job = found["CronJob/release-zookeeper-restore"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = job["containers"]
    done = release.run(container, secrets={}, folders={"/backup": tmp_path}, path=Path("/bin"), instead={"SERVERS": ""})
    assert (done.returncode, done.stderr) == (1, f"there is no backup {tmp_path}/release-zookeeper-*\n")


@pytest.mark.parametrize("job", ["backup", "restore"])
def test_a_server_that_hangs_up_is_asked_once(tmp_path: Path, job: str) -> None:
    chart = release.chart(tmp_path, "zookeeper", "dev")
    found = release.objects(chart, {"backup": {"enabled": True}})
    (container,) = found[f"CronJob/release-zookeeper-{job}"]["spec"]["jobTemplate"]["spec"]["template"]["spec"][
        "containers"
    ]
    (tmp_path / "release-zookeeper-20250101T000000Z.snapshot").write_text("ZKSN")
    with HangingUp(("localhost", 0), Connection) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        instead = {"SERVERS": f"127.0.0.1:{server.server_address[1]}"}
        folders = {"/backup": tmp_path, "/tmp/answer": tmp_path / "answer"}
        done = release.run(container, secrets={}, folders=folders, path=Path("/bin"), instead=instead)
        server.shutdown()
    assert done.returncode != 0
    assert server.connections == 1
