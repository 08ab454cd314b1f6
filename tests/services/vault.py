"""Vault itself, started with what a chart renders, as its containers would be."""

import json
import shutil
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.charts.release import Manifest, containers, environment
from tests.services.certificate import Certificate, certificate
from tests.services.go import built
from tests.services.ports import free_port

VERSION = "1.13.0"
"""A release of the incident's minor version, under the MPL, whose module builds outside of its repository."""
Secrets = Mapping[tuple[str, str], str]
_PEERS = "vault-internal.security.svc"
_PATIENCE = 60.0  # seconds


def program() -> Path:
    """The program."""
    return built("github.com/hashicorp/vault", f"v{VERSION}", ".")


@dataclass(frozen=True)
class Addresses:
    """The ports of a server on the loopback, for clients and for the others."""

    api: int = field(default_factory=free_port)
    cluster: int = field(default_factory=free_port)


@dataclass
class Server:
    """A server of a release.

    Attributes:
        folder: What its container has under `/vault`.
        url: Where it is asked.
        variables: Its environment.
    """

    folder: Path
    url: str
    variables: Mapping[str, str]
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def log(self) -> str:
        """What it has said so far."""
        return (self.folder / "log").read_text("utf-8")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            words = [program(), "server", f"-config={self.folder}/config/server.hcl"]
            self.process = subprocess.Popen(words, env=dict(self.variables), stdout=log, stderr=log)
        eventually(lambda: self._has_ended or self._answers)
        assert not self._has_ended, f"Vault did not start: {self.log}"

    @property
    def _has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    @property
    def _answers(self) -> bool:
        try:
            return bool(self.health)
        except (urllib.error.URLError, ConnectionError):
            return False

    def stop(self) -> None:
        """Stop it as the kubelet does."""
        if self.process:
            self.process.terminate()
            self.process.wait(timeout=30)

    def ask(self, method: str, path: str, body: Any = None, token: str = "") -> tuple[int, Any]:
        """The status and the answer to a request."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}{path}", data, {"X-Vault-Token": token}, method=method)
        authority = self.folder / "tls/ca.crt"
        tls = ssl.create_default_context(cafile=authority) if authority.exists() else None
        try:
            with urllib.request.urlopen(request, timeout=30, context=tls) as answer:
                return answer.status, _read(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, _read(error.read())

    @property
    def health(self) -> int:
        """200 where it is active, 429 on standby, 503 sealed, 501 not initialised."""
        return self.ask("GET", "/v1/sys/health")[0]

    def wait(self, health: int) -> None:
        """Wait until its health is told by a status."""
        assert eventually(lambda: self.health == health), f"health is {self.health}, not {health}: {self.log}"

    def unseal(self, key: str) -> None:
        """Give it the one key."""
        assert self.ask("PUT", "/v1/sys/unseal", {"key": key})[0] == 200


def _read(answer: bytes) -> Any:
    try:
        return json.loads(answer or b"null")
    except ValueError:
        return answer.decode()


def eventually(condition: Callable[[], bool]) -> bool:
    """Whether a condition holds within a minute."""
    end = time.monotonic() + _PATIENCE
    while not (holds := condition()) and time.monotonic() < end:
        time.sleep(0.1)
    return holds


def initialise(server: Server) -> tuple[str, str]:
    """The key and the root token of a new cluster."""
    status, told = server.ask("PUT", "/v1/sys/init", {"secret_shares": 1, "secret_threshold": 1})
    assert status == 200, told
    return told["keys"][0], told["root_token"]


@contextmanager
def servers(objects: Mapping[str, Manifest], folder: Path, secrets: Secrets, number: int = 1) -> Iterator[list[Server]]:
    """The running servers of a release `vault` in the namespace `security`, sealed."""
    issued = certificate(folder, "vault.security.svc")
    addresses = [Addresses() for _ in range(number)]
    found = [_laid_out(objects, folder / f"vault-{at}", addresses, at, secrets, issued) for at in range(number)]
    with ExitStack() as running:
        for server in found:
            running.callback(server.stop)
            server.start()
        yield found


def _laid_out(
    objects: Mapping[str, Manifest],
    folder: Path,
    addresses: Sequence[Addresses],
    ordinal: int,
    secrets: Secrets,
    issued: Certificate,
) -> Server:
    for name in ("config", "data", "tls", "audit"):
        (folder / name).mkdir(parents=True)
    configuration = objects["ConfigMap/vault-config"]["data"]["server.hcl"]
    has_tls = "tls_cert_file" in configuration
    if has_tls:
        for name, file in (("tls.crt", issued.certificate), ("tls.key", issued.key), ("ca.crt", issued.certificate)):
            shutil.copy(file, folder / "tls" / name)
    (folder / "config/server.hcl").write_text(_here(configuration, folder, addresses, ordinal), "utf-8")
    url = f"{'https' if has_tls else 'http'}://127.0.0.1:{addresses[ordinal].api}"
    return Server(folder, url, _variables(objects, folder, url, addresses[ordinal], ordinal, secrets))


def _here(configuration: str, folder: Path, addresses: Sequence[Addresses], ordinal: int) -> str:
    """The configuration with the addresses and folders of this machine, where no API server takes registrations."""
    own = addresses[ordinal]
    told = {
        **{
            f"vault-{at}.vault-internal.security.svc:8200": f"127.0.0.1:{each.api}" for at, each in enumerate(addresses)
        },
        "[::]:8200": f"127.0.0.1:{own.api}",
        "[::]:8201": f"127.0.0.1:{own.cluster}",
        '"/vault/': f'"{folder}/',
        'service_registration "kubernetes" {}': "",
    }
    for there, here in told.items():
        configuration = configuration.replace(there, here)
    return configuration


def container(objects: Mapping[str, Manifest]) -> Manifest:
    """The server's container."""
    pod = objects["StatefulSet/vault"]["spec"]["template"]
    (found,) = (each for each in containers(pod) if each["name"] == "server")
    return found


def _variables(
    objects: Mapping[str, Manifest], folder: Path, url: str, own: Addresses, ordinal: int, secrets: Secrets
) -> dict[str, str]:
    here = {
        "VAULT_K8S_POD_NAME": f"vault-{ordinal}",
        "VAULT_K8S_NAMESPACE": "security",
        "VAULT_RAFT_NODE_ID": f"vault-{ordinal}",
        "VAULT_ADDR": url,
        "VAULT_API_ADDR": url,
        "VAULT_CLUSTER_ADDR": f"https://127.0.0.1:{own.cluster}",
        "VAULT_CACERT": str(folder / "tls/ca.crt"),
        "HOME": str(folder),
    }
    names = {each["name"] for each in container(objects)["env"]}
    return environment(container(objects), secrets, {name: here[name] for name in here if name in names})
