"""The wired platform of examples/hmco on the nodes that it names: the report's final state, "all pods Running"."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hmco_charts import generate
from hmco_charts.wiring import prepare
from tests.cluster.control_plane import ROOT, ControlPlane
from tests.cluster.release import Release, drain, earlier, settle, vanish
from tests.values.stub import stub


@pytest.mark.parametrize("name", ["platform.yaml", "platform-ha.yaml"])
def test_the_platform_runs_and_lives_on(plane: ControlPlane, name: str, tmp_path: Path) -> None:
    prepared = prepare(ROOT / "examples" / "hmco" / name)
    generate.write(prepared.tree, tmp_path / "out")
    releases = []
    for one in prepared.plan.releases:
        chart, values = tmp_path / "out/charts" / one.kind.name, tmp_path / "out/values" / f"{one.place.name}.yaml"
        stub(one.kind, chart / "charts")
        releases.append(Release(plane, one.place.name, one.place.namespace, chart, (values,)))
    for release in releases:
        plane.define(release.objects())
    levels = {
        one.place.namespace: prepared.survey.levels.get(one.place.namespace, "") for one in prepared.plan.releases
    }
    (room,) = prepared.plan.platform.cluster.nodes
    with (
        plane.nodes(room.count, room.cpu, room.memory) as nodes,
        plane.namespaces(levels) as namespaces,
    ):
        before = set(plane.inventory())
        for release in releases:
            release.upgrade(earlier(release.chart))
        settle(plane, namespaces)
        every(releases, Release.upgrade)
        settle(plane, namespaces)
        every(releases, Release.admit_tests)
        every(releases, Release.roll_back)
        settle(plane, namespaces)
        for node in nodes:
            drain(plane, node, namespaces, is_served=len(nodes) > 1)
        every(releases, Release.uninstall)
        vanish(plane, before)


def every(releases: list[Release], do: Callable[[Release], None]) -> None:
    """Do something with several releases at a time."""
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(do, releases))
