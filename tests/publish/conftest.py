import http.client
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from hmco_charts.publish import registry as client
from tests.services.certificate import Certificate, certificate
from tests.services.proxy import FaultProxy, fault_proxy
from tests.services.registry import Registry, basic_auth, registry

CHART = """\
apiVersion: v2
name: vault
version: 1.2.3
appVersion: "1.13.3"
description: A chart
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home: no login of the person who runs the tests is ever used."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    for name in ("DOCKER_CONFIG", "HELM_CONFIG_HOME", "HELM_REGISTRY_CONFIG", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return folder


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses before further tries, in seconds; none of them is waited for."""
    waited: list[float] = []
    monkeypatch.setattr(client, "time", SimpleNamespace(sleep=waited.append))
    return waited


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    return write_chart(tmp_path / "chart")


def write_chart(folder: Path, **files: str) -> Path:
    contents = {
        "Chart.yaml": CHART,
        "values.yaml": "replicas: 3\n",
        "templates/config.yaml": "kind: ConfigMap\n",
    }
    for path, text in (contents | files).items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    with registry(tmp_path_factory.mktemp("plain")) as running:
        yield running


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory, pair: Certificate) -> Iterator[Registry]:
    """TLS and basic auth."""
    folder = tmp_path_factory.mktemp("tls")
    with registry(folder, tls=pair, auth=basic_auth(folder)) as running:
        yield running


@pytest.fixture
def proxy(plain: Registry) -> Iterator[FaultProxy]:
    with fault_proxy(plain.host) as running:
        yield running


@pytest.fixture
def path(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A path that no other test uses."""
    return f"{tmp_path.parent.name}/{tmp_path.name}".replace("_", "-").strip("-").lower().replace("--", "-")


@pytest.fixture
def status(plain: Registry, path: str) -> Callable[[], int]:
    """The registry's own word on version 1.2.3 of the chart: 200 or 404."""

    def ask() -> int:
        connection = http.client.HTTPConnection(plain.host)
        accept = {"Accept": "application/vnd.oci.image.manifest.v1+json"}
        connection.request("GET", f"/v2/{path}/vault/manifests/1.2.3", headers=accept)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status

    return ask
