"""A chart's dependencies, fetched from a real registry and held to what was fetched first."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from hmco_charts import helm
from hmco_charts.errors import ChartError
from hmco_charts.publish import publish
from hmco_charts.publish.dependencies import LOCK, Vendored, vendor
from hmco_charts.publish.fault import NotFoundError
from tests.publish.conftest import write_chart
from tests.services.registry import Registry, registry

STUB = "apiVersion: v2\nname: stub\nversion: 1.0.0\ndescription: A stub\n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Registry]:
    (tmp_path / "registry").mkdir()
    with registry(tmp_path / "registry") as running:
        publish(stub(tmp_path / "stub"), f"oci://{running.host}/charts", plain_http=True)
        yield running


def stub(folder: Path, version: str = "1.0.0", text: str = "kind: ConfigMap\n") -> Path:
    files = {"Chart.yaml": STUB.replace("1.0.0", version), "templates/config.yaml": text}
    return write_chart(folder, **files)


def wrapper(folder: Path, store: Registry, version: str = "1.0.0") -> Path:
    entry = f"{{name: stub, version: '{version}', repository: 'oci://{store.host}/charts', condition: stub.enabled}}"
    told = f"apiVersion: v2\nname: wrapper\nversion: 0.1.0\ndependencies: [{entry}]\n"
    return write_chart(folder, **{"Chart.yaml": told, "values.yaml": "stub: {enabled: true}\n"})


def test_a_chart_renders_when_its_dependency_was_fetched(tmp_path: Path, store: Registry) -> None:
    chart = wrapper(tmp_path / "wrapper", store)
    with pytest.raises(ChartError, match="missing in charts/ directory: stub"):
        helm.engine().render(chart)
    (found,) = vendor(chart, plain_http=True)
    archive = (chart / "charts/stub-1.0.0.tgz").read_bytes()
    assert found == Vendored("stub", "1.0.0", f"sha256:{hashlib.sha256(archive).hexdigest()}")
    assert "wrapper/charts/stub/templates/config.yaml" in helm.engine().render(chart)


def test_fetching_again_gives_the_same(tmp_path: Path, store: Registry) -> None:
    chart = wrapper(tmp_path / "wrapper", store)
    assert vendor(chart, plain_http=True) == vendor(chart, plain_http=True)
    assert [path.name for path in (chart / "charts").iterdir()] == ["stub-1.0.0.tgz"]


def test_another_archive_of_the_same_version_is_refused_and_the_old_one_stays(tmp_path: Path, store: Registry) -> None:
    chart = wrapper(tmp_path / "wrapper", store)
    vendor(chart, plain_http=True)
    before = (chart / "charts/stub-1.0.0.tgz").read_bytes()
    changed = stub(tmp_path / "changed", text="kind: Secret\n")
    publish(changed, f"oci://{store.host}/charts", plain_http=True, force=True)
    with pytest.raises(ChartError, match=r"stub 1\.0\.0 is another archive than the one that was locked"):
        vendor(chart, plain_http=True)
    assert (chart / "charts/stub-1.0.0.tgz").read_bytes() == before


def test_a_new_version_takes_the_place_of_the_old(tmp_path: Path, store: Registry) -> None:
    vendor(wrapper(tmp_path / "wrapper", store), plain_http=True)
    publish(stub(tmp_path / "next", "1.1.0"), f"oci://{store.host}/charts", plain_http=True)
    chart = wrapper(tmp_path / "wrapper", store, "1.1.0")
    vendor(chart, plain_http=True)
    assert [path.name for path in (chart / "charts").iterdir()] == ["stub-1.1.0.tgz"]
    assert "1.0.0" not in (chart / LOCK).read_text()


def test_a_mirror_may_stand_in_for_the_repository(tmp_path: Path, store: Registry) -> None:
    chart = wrapper(tmp_path / "wrapper", store)
    told = (chart / "Chart.yaml").read_text().replace(f"oci://{store.host}/charts", "https://charts.example.org")
    (chart / "Chart.yaml").write_text(told)
    vendor(chart, source=f"oci://{store.host}/charts", plain_http=True)
    assert helm.engine().render(chart)


def test_what_is_not_there_is_told_by_its_name(tmp_path: Path, store: Registry) -> None:
    chart = wrapper(tmp_path / "wrapper", store, "9.9.9")
    with pytest.raises(NotFoundError, match=r"/charts/stub:9\.9\.9"):
        vendor(chart, plain_http=True)
    assert not (chart / LOCK).exists()


def test_a_range_of_versions_is_no_version(tmp_path: Path, store: Registry) -> None:
    with pytest.raises(ChartError, match="dependency stub has no exact version: "):
        vendor(wrapper(tmp_path / "wrapper", store, "~1.0.0"), plain_http=True)


def test_a_lock_that_cannot_be_read_is_told(tmp_path: Path, store: Registry) -> None:
    chart = wrapper(tmp_path / "wrapper", store)
    (chart / LOCK).write_text("- {name: stub}\n")
    with pytest.raises(ChartError, match="an entry has no name, version and digest"):
        vendor(chart, plain_http=True)


def test_a_repository_with_an_index_gives_one_too(tmp_path: Path) -> None:
    archive = helm.engine().package(stub(tmp_path / "stub"), tmp_path)
    with serving(tmp_path) as url:
        entry = f"{{apiVersion: v2, name: stub, version: 1.0.0, urls: ['{url}/{archive.name}']}}"
        (tmp_path / "index.yaml").write_text(f"apiVersion: v1\nentries: {{stub: [{entry}]}}\n")
        wanted = f"{{name: stub, version: 1.0.0, repository: '{url}'}}"
        told = f"apiVersion: v2\nname: wrapper\nversion: 0.1.0\ndependencies: [{wanted}]\n"
        chart = write_chart(tmp_path / "wrapper", **{"Chart.yaml": told})
        vendor(chart)
    assert (chart / "charts/stub-1.0.0.tgz").read_bytes() == archive.read_bytes()


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """A web server of a folder."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
