from pathlib import Path

import pytest

from hmco_charts.errors import ChartError
from hmco_charts.helm import Engine
from hmco_charts.publish import publish
from tests.helm.conftest import WriteChart
from tests.services.certificate import certificate
from tests.services.registry import registry


def test_a_published_chart_is_pulled(helm: Engine, write_chart: WriteChart, tmp_path: Path) -> None:
    chart = write_chart({"templates/a.yaml": "a: 1\n"})
    with registry(tmp_path) as running:
        publish(chart, f"oci://{running.host}/charts", plain_http=True)
        archive = helm.pull(f"oci://{running.host}/charts/demo:0.1.0", tmp_path / "new", plain_http=True)
        assert helm.pull(f"oci://{running.host}/charts/demo", tmp_path / "new", plain_http=True) == archive
        with pytest.raises(ChartError) as caught:
            helm.pull(f"oci://{running.host}/charts/demo:9.9.9", tmp_path, plain_http=True)
    assert archive == tmp_path / "new" / "demo-0.1.0.tgz"
    assert helm.render(archive) == {"demo/templates/a.yaml": "a: 1\n"}
    assert caught.value.remedy == "Check the reference: repository, name and version."


def test_a_registry_with_tls_needs_its_authority(helm: Engine, write_chart: WriteChart, tmp_path: Path) -> None:
    tls = certificate(tmp_path)
    with registry(tmp_path, tls=tls) as running:
        publish(write_chart({}), f"oci://{running.host}/charts", ca_file=tls.certificate)
        reference = f"oci://{running.host}/charts/demo:0.1.0"
        archive = helm.pull(reference, tmp_path / "new", ca_file=tls.certificate)
        with pytest.raises(ChartError) as caught:
            helm.pull(reference, tmp_path)
    assert archive == tmp_path / "new" / "demo-0.1.0.tgz"
    assert caught.value.remedy == "Name the registry's certificate authority with --ca-file."


def test_a_registry_that_is_down_is_an_error(helm: Engine, tmp_path: Path) -> None:
    with pytest.raises(ChartError) as caught:
        helm.pull("oci://127.0.0.1:9/charts/demo:0.1.0", tmp_path, plain_http=True)
    assert caught.value.what == (
        'failed to perform "FetchReference" on source: Get …: dial tcp 127.0.0.1:9: connect: connection refused'
    )
    assert caught.value.remedy == "Check the registry's address and that it runs."
