"""The scripts, on files in place of the kernel's."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.charts import release
from tests.charts.release import Manifest, containers

Render = Callable[..., dict[str, Manifest]]
FILES = ("fs/inotify/max_user_instances", "fs/inotify/max_user_watches", "vm/max_map_count")


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> Render:
    chart = release.chart(tmp_path_factory.mktemp("chart"), "node-tuning", "ha")
    return lambda **more: release.objects(chart, more)


@pytest.fixture
def kernel(tmp_path: Path) -> Path:
    for file, value in zip(FILES, ("128", "1048576", "65530"), strict=True):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(f"{value}\n")
    return tmp_path


def run(words: list[str], kernel: Path) -> "subprocess.CompletedProcess[str]":
    words = [word.replace("/proc/sys", str(kernel)) for word in words]
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)


def test_what_is_too_low_is_raised_what_is_higher_stays_and_the_pod_is_ready_then(
    objects: Render, kernel: Path
) -> None:
    pod = objects()["DaemonSet/release-node-tuning-node-kernel-settings"]["spec"]["template"]
    raising, watching = containers(pod)
    check = watching["readinessProbe"]["exec"]["command"]
    before = run(check, kernel)
    assert (before.returncode, before.stdout) == (1, "fs/inotify/max_user_instances is below 8192\n")
    done = run([*raising["command"], *raising["args"]], kernel)
    assert done.returncode == 0, done.stderr
    assert [(kernel / file).read_text().strip() for file in FILES] == ["8192", "1048576", "262144"]
    assert run(check, kernel).returncode == 0


def test_nothing_is_privileged_but_the_container_that_sets(objects: Render) -> None:
    pod = objects()["DaemonSet/release-node-tuning-node-kernel-settings"]["spec"]["template"]
    raising, watching = containers(pod)
    assert raising["securityContext"]["privileged"] is True
    assert "privileged" not in watching["securityContext"]
    assert watching["securityContext"]["runAsNonRoot"] is True
    assert not {"hostNetwork", "hostPID", "volumes"} & set(pod["spec"])


def test_zero_leaves_a_setting_alone(objects: Render, kernel: Path) -> None:
    found = objects(settings={"maxMapCount": 0})
    raising, _ = containers(found["DaemonSet/release-node-tuning-node-kernel-settings"]["spec"]["template"])
    assert run([*raising["command"], *raising["args"]], kernel).returncode == 0
    assert (kernel / "vm/max_map_count").read_text() == "65530\n"


def test_the_switch_takes_it_all_away(objects: Render) -> None:
    assert [name for name in objects(enabled=False) if not name.startswith("ServiceAccount/")] == []
