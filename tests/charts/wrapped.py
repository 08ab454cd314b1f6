"""Charts that wrap others, with a stand-in of each dependency fetched from a registry of our own."""

from pathlib import Path
from typing import Any

import helm_python

from hmco_charts import helm
from hmco_charts.publish.dependencies import vendor
from hmco_charts.values import chart as chart_named
from tests.charts import release
from tests.services.registry import registry
from tests.values.stub import stub


def vendored(name: str, folder: Path) -> dict[str, Path]:
    """The chart in each profile, as a user has it who fetched its dependency from a mirror."""
    kind = chart_named(name)
    standing = stub(kind, folder / "stub")
    assert standing
    with registry(folder) as running:
        mirror = f"oci://{running.host}/mirror"
        helm_python.push(str(helm.engine().package(standing, folder)), mirror, plain_http=True)
        made = {profile: release.chart(folder, name, profile) for profile in kind.profiles}
        for chart in made.values():
            vendor(chart, source=mirror, plain_http=True)
        return made


def told(chart: Path, upstream: str, overlay: dict[str, Any] | None = None) -> dict[str, Any]:
    """What upstream's chart is told where it is part of the release."""
    values = {upstream: {**(overlay or {}), "enabled": True}}
    return release.values(release.objects(chart, values)[f"ConfigMap/{upstream}"]["data"]["values"])
