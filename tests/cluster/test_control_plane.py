"""What the control plane refuses, warns of or cannot place is told; else its silence would prove nothing."""

from pathlib import Path

import pytest
import yaml

from tests.cluster.control_plane import ControlPlane, Manifest, wait
from tests.cluster.release import Release, problems, vanish

LABELS = {"app": "a"}


def pod(**spec: object) -> Manifest:
    container = {"name": "a", "image": "example/a:1", "ports": [{"containerPort": 80, "hostPort": 80}]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"containers": [container], **spec}}


def twice(pod: Manifest) -> Manifest:
    template = {"metadata": {"labels": LABELS}, "spec": pod["spec"]}
    spec = {"replicas": 2, "selector": {"matchLabels": LABELS}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}, "spec": spec}


def service(**selector: str) -> Manifest:
    spec = {"selector": selector, "ports": [{"port": 80}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}, "spec": spec}


def release(plane: ControlPlane, folder: Path, namespace: str, *manifests: Manifest) -> Release:
    (folder / "templates").mkdir()
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: a\nversion: 0.1.0\n")
    (folder / "templates/all.yaml").write_text(yaml.safe_dump_all(manifests))
    return Release(plane, "a", namespace, folder)


def test_a_pod_that_the_namespace_does_not_admit_is_told(plane: ControlPlane, tmp_path: Path) -> None:
    refused = release(plane, tmp_path, "strict", pod())
    with plane.namespaces({"strict": "restricted"}), pytest.raises(AssertionError, match="violates PodSecurity"):
        refused.upgrade()


def test_a_warning_is_told_by_helm_and_by_kubectl(plane: ControlPlane, tmp_path: Path) -> None:
    warned = release(plane, tmp_path, "warned", pod())
    with plane.nodes(1), plane.namespaces({"warned": "privileged"}):
        label = "pod-security.kubernetes.io/warn=restricted"
        plane.say("kubectl", "label", "--overwrite", "namespace", "warned", label)
        with pytest.raises(AssertionError, match="would violate PodSecurity"):
            warned.upgrade()
        with pytest.raises(AssertionError, match="would violate PodSecurity"):
            plane.create(pod() | {"metadata": {"name": "b", "namespace": "warned"}})


def test_a_pod_without_a_node_and_a_service_without_a_pod_are_told(plane: ControlPlane) -> None:
    with plane.nodes(1), plane.namespaces({"crowded": "privileged"}):
        for each in (twice(pod()), service(app="b")):
            plane.create(each | {"metadata": {"name": "a", "namespace": "crowded"}})
        found: list[str] = []

        def is_told() -> bool:
            found[:] = problems(plane, {"crowded"})
            return any("didn't have free ports" in one for one in found)

        wait(is_told, lambda: str(found))
        assert "Deployment/crowded/a 1 of 2 pods are ready" in found
        assert "Service/crowded/a has no ready endpoint: whoever connects is refused" in found


def test_what_a_release_leaves_behind_is_told(plane: ControlPlane, tmp_path: Path) -> None:
    hook = {"name": "a", "annotations": {"helm.sh/hook": "pre-install"}}
    leaving = release(plane, tmp_path, "left", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": hook})
    with plane.namespaces({"left": "restricted"}):
        before = set(plane.inventory())
        leaving.upgrade()
        leaving.uninstall()
        with pytest.raises(pytest.fail.Exception, match="ConfigMap/left/a"):
            vanish(plane, before, seconds=3)
