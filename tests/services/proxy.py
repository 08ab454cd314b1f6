"""A proxy in front of a real registry that breaks chosen requests."""

import http.client
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


Forward = Callable[[], Reply]
Act = Callable[[Forward], Reply | None]


@dataclass
class Fault:
    method: str
    part: str
    act: Act
    times: int


class FaultProxy:
    """Forwards to a registry, except for the requests that a fault was set for.

    Attributes:
        host: Address to talk to.
        seen: `METHOD kind` of each request, in order.
    """

    def __init__(self, upstream: str, host: str) -> None:
        self.host = host
        self.upstream = upstream
        self.seen: list[str] = []
        self.stopping = threading.Event()
        self._faults: list[Fault] = []

    def fault(self, method: str, part: str, act: Act, times: int = 1_000) -> None:
        """Breaks the next `times` requests of a method whose path holds `part`."""
        self._faults.append(Fault(method, part, act, times))

    def act(self, method: str, path: str, forward: Forward) -> Reply | None:
        kind = next(kind for kind in ("uploads", "blobs", "manifests") if f"/{kind}/" in path)
        self.seen.append(f"{method} {kind}")
        for fault in self._faults:
            if fault.method == method and fault.part in path and fault.times > 0:
                fault.times -= 1
                return fault.act(forward)
        return forward()


def cut(_: Forward) -> None:
    """The connection ends before the registry sees the request."""


def cut_after(forward: Forward) -> None:
    """The registry does its work, the answer gets lost."""
    forward()


def cut_body(forward: Forward) -> Reply:
    """The connection ends in the middle of the answer's body."""
    reply = forward()
    return replace(reply, body=reply.body[: len(reply.body) // 2])


def answers(status: int, code: str = "UNKNOWN", **headers: str) -> Act:
    body = f'{{"errors":[{{"code":"{code}","message":"said by the proxy"}}]}}'.encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: Reply(status, {"Content-Length": str(len(body))} | named, body)


def with_headers(**headers: str) -> Act:
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def act(forward: Forward) -> Reply:
        reply = forward()
        return replace(reply, headers=dict(reply.headers) | named)

    return act


@contextmanager
def fault_proxy(upstream: str) -> Iterator[FaultProxy]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.proxy = FaultProxy(upstream, f"127.0.0.1:{server.server_port}")  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.proxy  # type: ignore[attr-defined]
    finally:
        server.proxy.stopping.set()  # type: ignore[attr-defined]
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def handle_any(self) -> None:
        self.close_connection = True
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        reply = self.server.proxy.act(self.command, self.path, lambda: self._forward(body))  # type: ignore[attr-defined]
        if reply is None:
            # lingering for no time makes the kernel send a reset instead of an orderly end
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        self.send_response_only(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(reply.body)

    do_GET = do_HEAD = do_POST = do_PUT = handle_any  # noqa: N815  the base class wants these names

    def _forward(self, body: bytes) -> Reply:
        connection = http.client.HTTPConnection(self.server.proxy.upstream, timeout=20)  # type: ignore[attr-defined]
        try:
            connection.request(self.command, self.path, body, dict(self.headers))
            answer = connection.getresponse()
            headers = {name: value for name, value in answer.getheaders() if name != "Connection"}
            return Reply(answer.status, headers, answer.read())
        finally:
            connection.close()

    def log_message(self, *_: object) -> None:
        pass
