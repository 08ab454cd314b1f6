"""Schemas over http: asked for once, within limits, and told where they cannot be had."""

import http.server
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hmco_charts.conformance import download
from hmco_charts.conformance.locations import Location, SchemaUnavailableError


class Server(http.server.ThreadingHTTPServer):
    asked: list[str]
    statuses: list[int]


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        status = self.server.statuses.pop(0) if self.server.statuses else 200
        body = json.dumps({"type": "object"}).encode() if status == 200 else b""
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with Server(("127.0.0.1", 0), Handler) as made:
        made.asked, made.statuses = [], []
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def find(server: Server) -> object:
    location = Location.of(f"http://127.0.0.1:{server.server_port}/{{{{.Group}}}}/{{{{.ResourceKind}}}}.json")
    return location.find("example.com/v1", "Toy", minor=37, is_strict=True)


def test_a_schema_is_asked_for_once_and_kept(server: Server) -> None:
    assert find(server).schema == find(server).schema == {"type": "object"}
    assert server.asked == ["/example.com/toy.json"]


def test_what_is_not_there_is_kept_too(server: Server) -> None:
    server.statuses = [404]
    assert (find(server), find(server)) == (None, None)
    assert len(server.asked) == 1


def test_a_passing_fault_is_tried_again(server: Server) -> None:
    server.statuses = [503, 503]
    assert find(server).schema == {"type": "object"}
    assert len(server.asked) == 3


def test_a_fault_that_stays_is_told(server: Server) -> None:
    server.statuses = [403]
    with pytest.raises(SchemaUnavailableError, match=r"toy[.]json: the server answered 403$"):
        find(server)


def test_a_server_that_never_answers_is_left(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(download, "_TIMEOUT", (0.2, 0.2))
    monkeypatch.setattr(download, "_TRIES", 0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        location = Location.of(f"http://127.0.0.1:{silent.getsockname()[1]}/a.json")
        with pytest.raises(SchemaUnavailableError, match=r"no answer in time$"):
            location.find("example.com/v1", "Toy", minor=37, is_strict=True)
        monkeypatch.setattr(download.requests, "Session", None)  # the host is not asked again
        with pytest.raises(SchemaUnavailableError, match=r"no answer in time$"):
            location.find("example.com/v1", "Doll", minor=37, is_strict=True)


def test_references_stay_on_the_host_of_the_location() -> None:
    with pytest.raises(SchemaUnavailableError, match="another host"):
        Location.of("http://127.0.0.1:1/a.json").retrieve("http://example.com/part.json")
