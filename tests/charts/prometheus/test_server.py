"""The rendered configuration with a real Prometheus and Alertmanager.

Debian's Prometheus is built without Kubernetes discovery and older than the chart's: what it cannot know is left out.
"""

import json
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hmco_charts import resources
from hmco_charts.values.prometheus import Prometheus
from tests.charts import release
from tests.charts.release import Manifest, containers
from tests.proof import Proof
from tests.services import promtool
from tests.services.install import need
from tests.services.ports import free_port

SCENARIO = resources.directory("chart_templates") / "prometheus/ci/everything-values.yaml"
METRICS = Path(__file__).with_name("metrics.yaml")
Render = Callable[..., dict[str, Manifest]]


def program(name: str, package: str) -> str:
    return need(lambda: shutil.which(name), package)


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> Render:
    chart = release.chart(tmp_path_factory.mktemp("chart"), "prometheus", "dev")

    def of(scenario: Path | None = None, **more: Any) -> dict[str, Manifest]:
        told = release.values(scenario.read_text("utf-8")) if scenario else {}
        return release.objects(chart, told | more, namespace="monitoring")

    return of


def without_discovery(text: str) -> dict[str, Any]:
    configuration = release.values(text)
    for job in configuration["scrape_configs"]:
        job.pop("kubernetes_sd_configs", None)
    return configuration


def written(objects: dict[str, Manifest], folder: Path) -> Path:
    """The server's folder of configuration, with empty files in place of Secrets."""
    data = objects["ConfigMap/release-prometheus-config"]["data"]
    (folder / "own.rules.yaml").write_text(data["own.rules.yaml"])
    configuration = without_discovery(data["prometheus.yaml"])
    configuration["rule_files"] = [str(folder / "*.rules.yaml")]
    (folder / "prometheus.yaml").write_text(json.dumps(configuration))
    return folder / "prometheus.yaml"


@pytest.mark.parametrize("scenario", [None, SCENARIO], ids=["defaults", "everything"])
def test_promtool_takes_the_configuration(objects: Render, tmp_path: Path, scenario: Path | None) -> None:
    data = objects(scenario)["ConfigMap/release-prometheus-config"]["data"]
    promtool.configuration(data["prometheus.yaml"], tmp_path)


def test_promtool_takes_the_rules(objects: Render, tmp_path: Path) -> None:
    written(objects(SCENARIO), tmp_path)
    words = [program("promtool", "prometheus"), "check", "rules", tmp_path / "own.rules.yaml"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, "8 rules found" in done.stdout) == (0, True), done.stdout + done.stderr


def test_amtool_takes_every_receiver(objects: Render, tmp_path: Path) -> None:
    text = objects(SCENARIO)["ConfigMap/release-prometheus-alertmanager-config"]["data"]["alertmanager.yaml"]
    assert "url_file: /etc/alertmanager-secrets/robot/url" in text
    # Alertmanager reads `url_file` of a webhook since 0.26; Debian has 0.25.
    older = text.replace("- url_file: /etc/alertmanager-secrets/robot/url", "- url: http://robot")
    (tmp_path / "alertmanager.yaml").write_text(older)
    words = [program("amtool", "prometheus-alertmanager"), "check-config", tmp_path / "alertmanager.yaml"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, "5 receivers" in done.stdout) == (0, True), done.stdout + done.stderr


@contextmanager
def started(words: list[str], ready: str) -> Iterator[None]:
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as server:
        try:
            eventually(lambda: server.poll() is not None or answers(ready))
            assert server.poll() is None, server.stderr.read() if server.stderr else ""
            yield
        finally:
            server.terminate()
            server.communicate(timeout=60)


def eventually(happens: Callable[[], bool]) -> None:
    for _ in range(300):
        if happens():
            return
        time.sleep(0.2)
    pytest.fail("it did not happen within a minute")


def answers(url: str) -> bool:
    try:
        return bool(urllib.request.urlopen(url, timeout=5).status == 200)
    except (urllib.error.URLError, OSError):
        return False


def arguments(
    objects: dict[str, Manifest], name: str, folders: dict[str, str], unknown: tuple[str, ...] = ()
) -> list[str]:
    (server,) = containers(objects[f"StatefulSet/{name}"]["spec"]["template"])
    words = [word for word in server["args"] if not word.startswith(unknown or ("?",))]
    for mount, folder in folders.items():
        words = [re.sub(rf"={mount}\b", f"={folder}", word) for word in words]
    return words


def served(url: str) -> set[str]:
    text = urllib.request.urlopen(url, timeout=5).read().decode()
    return set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE))


def known(source: str) -> set[str]:
    return set(release.values(METRICS.read_text("utf-8"))[source])


def test_prometheus_starts_with_its_arguments_scrapes_and_gives_the_metrics_of_its_alerts(
    objects: Render, tmp_path: Path, proof: Proof
) -> None:
    port = free_port()
    off = {"enabled": False}
    found = objects(
        scrape={"interval": "1s"},
        targets={"here": {"targets": [f"127.0.0.1:{port}"]}},
        discovery={"annotations": off, "apiServer": off, "kubelet": off},
        metrics={"enabled": False},
        alertmanager=off,
    )
    written(found, tmp_path)
    folders = {"/etc/prometheus": str(tmp_path), "/prometheus": str(tmp_path / "data")}
    words = arguments(found, "release-prometheus", folders, ("--enable-feature=auto-reload-config",))
    here = f"http://127.0.0.1:{port}"
    command = [program("prometheus", "prometheus"), *words, f"--web.listen-address=127.0.0.1:{port}"]
    with started(command, f"{here}/-/ready"):
        assert answers(f"{here}/-/healthy")
        wanted = known("seen on a run of Prometheus 2.42")
        eventually(lambda: not wanted - served(f"{here}/metrics"))
        flags = json.loads(urllib.request.urlopen(f"{here}/api/v1/status/flags", timeout=5).read())["data"]
        # 6553 MiB, four fifths of 8 GiB.
        assert flags["storage.tsdb.retention.size"] == "6GiB409MiB"
        assert (flags["web.enable-lifecycle"], flags["web.enable-admin-api"]) == ("false", "false")
        targets = json.loads(urllib.request.urlopen(f"{here}/api/v1/targets", timeout=5).read())["data"]
        assert [target["labels"]["job"] for target in targets["activeTargets"]] == ["static/here"]
    proof("prometheus", "program", "Prometheus")


def test_alertmanager_starts_with_its_arguments_and_gives_the_metrics_of_its_alerts(
    objects: Render, tmp_path: Path
) -> None:
    found = objects()
    text = found["ConfigMap/release-prometheus-alertmanager-config"]["data"]["alertmanager.yaml"]
    (tmp_path / "alertmanager.yaml").write_text(text)
    folders = {"/etc/alertmanager": str(tmp_path), "/alertmanager": str(tmp_path / "data")}
    port = free_port()
    words = arguments(found, "release-prometheus-alertmanager", folders)
    command = [
        program("prometheus-alertmanager", "prometheus-alertmanager"),
        *words,
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with started(command, f"http://127.0.0.1:{port}/-/ready"):
        assert known("seen on a run of Alertmanager 0.25") - served(f"http://127.0.0.1:{port}/metrics") == set()


def test_a_monitor_says_what_a_service_monitor_says(objects: Render) -> None:
    text = objects(SCENARIO)["ConfigMap/release-prometheus-config"]["data"]["prometheus.yaml"]
    job = next(job for job in release.values(text)["scrape_configs"] if job["job_name"] == "vault")
    assert job["kubernetes_sd_configs"] == [{"role": "endpointslice", "namespaces": {"names": ["security"]}}]
    kept = [(one["source_labels"], one["regex"]) for one in job["relabel_configs"] if one.get("action") == "keep"]
    assert kept == [
        (["__meta_kubernetes_service_label_app_kubernetes_io_name"], "vault"),
        (["__meta_kubernetes_service_label_vault_internal"], "true"),
        (["__meta_kubernetes_endpointslice_port_name"], "https-internal"),
    ]
    assert job["authorization"] == {"credentials_file": "/etc/prometheus-secrets/vault/token"}
    assert job["tls_config"]["ca_file"] == "/etc/prometheus-secrets/vault/ca.crt"


def test_every_file_of_a_secret_that_is_named_is_mounted(objects: Render) -> None:
    found = objects(SCENARIO)
    for name, file in (
        ("release-prometheus", "prometheus.yaml"),
        ("release-prometheus-alertmanager", "alertmanager.yaml"),
    ):
        text = found[f"ConfigMap/{name}-config"]["data"][file]
        pod = found[f"StatefulSet/{name}"]["spec"]["template"]["spec"]
        (secrets,) = (volume for volume in pod["volumes"] if volume["name"] == "secrets")
        (mount,) = (one["mountPath"] for one in pod["containers"][0]["volumeMounts"] if one["name"] == "secrets")
        mounted = {
            f"{mount}/{item['path']}" for one in secrets["projected"]["sources"] for item in one["secret"]["items"]
        }
        assert set(re.findall(r"_file: (/etc/\S+-secrets/\S+)", text)) == mounted


def test_rights_are_those_of_what_is_discovered(objects: Render) -> None:
    def rights(**discovery: Any) -> dict[str, list[list[str]]]:
        found = objects(discovery=discovery)
        return {
            one["kind"]: [rule.get("resources") or rule["nonResourceURLs"] for rule in one["rules"]]
            for one in found.values()
            if one["kind"] in ("Role", "ClusterRole")
        }

    everything = [["pods", "services"], ["endpointslices"], ["nodes"], ["nodes/metrics"], ["/metrics"]]
    assert rights() == {"ClusterRole": everything}
    off = {"enabled": False}
    assert rights(kubelet=off, apiServer=off) == {"ClusterRole": everything[:2]}


def test_with_namespaces_each_has_a_role_and_the_cluster_none_for_pods(objects: Render) -> None:
    found = objects(discovery={"namespaces": ["data"]})
    places = {one["metadata"]["namespace"] for one in found.values() if one["kind"] == "Role"}
    assert places == {"data", "default", "monitoring"}
    (cluster,) = (one for one in found.values() if one["kind"] == "ClusterRole")
    assert [rule.get("resources") for rule in cluster["rules"]] == [["nodes"], ["nodes/metrics"], None]


def test_a_server_that_takes_series_is_not_shown_to_the_world() -> None:
    ingress = {"enabled": True, "hosts": [{"host": "prometheus.example.org"}]}
    with pytest.raises(ValidationError, match=r"ingress\.enabled must be false where remoteWriteReceiver is true"):
        Prometheus.model_validate({"remoteWriteReceiver": True, "ingress": ingress})
