"""A token service as Docker describes it, which signs what docker-registry accepts."""

import base64
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from tests.services.certificate import Certificate
from tests.services.registry import PASSWORD, USER

SERVICE, ISSUER = "registry.tests", "token.tests"
REFRESH_TOKEN = "refresh-me-7c1f"


@dataclass
class TokenService:
    """Attributes: `actions` that a login gets (nobody else gets any), and the requests it has `seen`."""

    realm: str
    signer: Certificate
    actions: set[str] = field(default_factory=lambda: {"pull", "push"})
    seen: list[str] = field(default_factory=list)

    def auth(self) -> dict[str, Any]:
        """The `auth` section of a registry that trusts this service."""
        return {
            "token": {
                "realm": self.realm,
                "service": SERVICE,
                "issuer": ISSUER,
                "rootcertbundle": str(self.signer.certificate),
            }
        }

    def token(self, scope: str, actions: set[str]) -> str:
        kind, name, wanted = scope.split(":")
        granted = sorted(set(wanted.split(",")) & actions)
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "sub": USER,
            "aud": SERVICE,
            "exp": now + 300,
            "nbf": now - 10,
            "iat": now,
            "jti": str(len(self.seen)),
            "access": [{"type": kind, "name": name, "actions": granted}],
        }
        return signed(self.signer, claims, {"x5c": [base64.b64encode(self.signer.der).decode()]})


def signed(signer: Certificate, claims: Mapping[str, Any], header: Mapping[str, Any] = MappingProxyType({})) -> str:
    """A JSON Web Token."""
    text = ".".join(
        _encoded(json.dumps(dict(part)).encode()) for part in ({"typ": "JWT", "alg": "RS256", **header}, claims)
    )
    signature = signer.private_key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{text}.{_encoded(signature)}"


@contextmanager
def token_service(signer: Certificate) -> Iterator[TokenService]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    service = TokenService(f"http://127.0.0.1:{server.server_port}/token", signer)
    server.service = service  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        given = self.headers.get("Authorization", "")
        known = f"Basic {base64.b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}"
        self._answer(parse_qs(urlsplit(self.path).query), known=given == known, refused=given not in {"", known})

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        known = form["refresh_token"] == [REFRESH_TOKEN] and form["grant_type"] == ["refresh_token"]
        self._answer(form, known=known, refused=not known)

    def _answer(self, wanted: dict[str, list[str]], *, known: bool, refused: bool) -> None:
        service: TokenService = self.server.service  # type: ignore[attr-defined]
        service.seen.append(f"{self.command} {wanted['service'][0]} {wanted['scope'][0]}")
        token = service.token(wanted["scope"][0], service.actions if known else set())
        body = b"{}" if refused else json.dumps({"access_token": token}).encode()
        self.send_response_only(401 if refused else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass
