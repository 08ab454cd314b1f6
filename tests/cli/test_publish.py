"""`hmco-charts publish`, and what was published used by reference."""

import json
from pathlib import Path

import pytest

from tests.services.certificate import certificate
from tests.services.registry import Registry, registry


@pytest.fixture
def plain(tmp_path: Path):
    with registry(tmp_path) as running:
        yield running


def test_a_chart_is_published_once_and_used_by_reference(run, plain: Registry, tmp_path: Path) -> None:
    target = f"oci://{plain.host}/charts"
    first = run("publish", "vault", "--to", target, "--plain-http")
    assert (first.returncode, first.stdout.partition("@")[0]) == (0, f"pushed: {target}/vault:0.1.0")
    again = run("publish", "vault", "--to", target, "--plain-http")
    assert again.stdout == first.stdout.replace("pushed", "unchanged")
    reference = first.stdout.split()[1]
    manifests = run("template", reference, "--plain-http")
    assert manifests.stdout == run("template", "vault").stdout
    checked = run("lint", reference, "--plain-http", "--format", "json")
    assert (checked.returncode, json.loads(checked.stdout)["findings"]) == (0, [])


def test_other_content_under_a_version_is_refused_and_forced_only_loudly(run, plain: Registry, tmp_path: Path) -> None:
    target = f"oci://{plain.host}/charts"
    run("publish", "vault", "--to", target, "--plain-http")
    run("render", "vault", "--profile", "dev")
    refused = run("publish", "charts/vault", "--to", target, "--plain-http")
    assert refused.returncode == 4
    assert "vault:0.1.0" in refused.stderr
    forced = run("publish", "charts/vault", "--to", target, "--plain-http", "--force")
    assert forced.returncode == 0
    assert forced.stderr.startswith("warning: ")


def test_a_registry_with_tls_needs_its_authority(run, tmp_path: Path) -> None:
    tls = certificate(tmp_path)
    with registry(tmp_path, tls=tls) as running:
        target = f"oci://{running.host}/charts"
        unknown = run("publish", "vault", "--to", target)
        known = run("publish", "vault", "--to", target, "--ca-file", tls.certificate)
    assert (unknown.returncode, known.returncode) == (4, 0)
    assert "--ca-file" in unknown.stderr


def test_a_registry_that_is_down_is_told(run) -> None:
    result = run("publish", "vault", "--to", "oci://127.0.0.1:9/charts", "--plain-http")
    assert result.returncode == 4
    assert result.stderr.startswith("error: ")
    assert "127.0.0.1:9" in result.stderr
