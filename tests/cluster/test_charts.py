"""Every chart and profile on a real control plane; `dev` has one node, the others three."""

from pathlib import Path

import pytest

from hmco_charts.values import charts
from tests.cluster.control_plane import ControlPlane
from tests.cluster.release import Release, drain, earlier, level, settle, vanish, written
from tests.proof import Proof

CASES = pytest.mark.parametrize(
    ("name", "profile"), [(name, profile) for name, chart in charts().items() for profile in chart.profiles]
)
LATER = """\
commonLabels: {team: data}
commonAnnotations: {example.com/contact: data}
imagePullSecrets: [{name: registry}]
"""


def count(profile: str) -> int:
    """Nodes that a profile is for."""
    return 1 if profile == "dev" else 3


@CASES
def test_all_pods_run_and_move_from_node_to_node(
    plane: ControlPlane, name: str, profile: str, tmp_path: Path, proof: Proof
) -> None:
    release = Release(plane, name, f"{name}-{profile}", written(name, profile, tmp_path))
    plane.define(release.objects())
    with plane.nodes(count(profile)) as nodes, plane.namespaces({release.namespace: level(name)}) as namespaces:
        before = set(plane.inventory())
        release.upgrade()
        settle(plane, namespaces)
        release.admit_tests()
        for node in nodes:
            drain(plane, node, namespaces, is_served=len(nodes) > 1)
        release.uninstall()
        vanish(plane, before)
    if charts()[name].upstream is None:
        proof(name, "running", profile)
        proof(name, "level", level(name))


@CASES
def test_an_upgrade_and_the_way_back(
    plane: ControlPlane, name: str, profile: str, tmp_path: Path, proof: Proof
) -> None:
    release = Release(plane, name, f"{name}-{profile}-later", written(name, profile, tmp_path))
    plane.define(release.objects())
    (tmp_path / "later.yaml").write_text(LATER)
    with plane.nodes(count(profile)), plane.namespaces({release.namespace: level(name)}) as namespaces:
        release.upgrade(earlier(release.chart))
        settle(plane, namespaces)
        release.upgrade(release.chart, tmp_path / "later.yaml")
        settle(plane, namespaces)
        release.roll_back()
        settle(plane, namespaces)
        release.uninstall()
    proof(name, "upgrade", profile)
