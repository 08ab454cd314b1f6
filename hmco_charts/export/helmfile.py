"""A platform for Helmfile: its folder, with the charts in it, and `helmfile.yaml`.

Source: Helmfile's documentation, "Configuration" (releases, needs, hooks).
"""

from dataclasses import replace
from typing import Any

from hmco_charts.export.order import awaited
from hmco_charts.generate import ChartTree, emit
from hmco_charts.wiring import PlannedRelease, Prepared
from hmco_charts.wiring.output import values_file

_TIMEOUT = 900


def helmfile(prepared: Prepared) -> ChartTree:
    """The platform's folder with `helmfile.yaml`."""
    namespaces = {each.place.name: each.place.namespace for each in prepared.plan.releases}
    needed = awaited(prepared.plan)
    document = {
        "helmDefaults": {"createNamespace": False, "timeout": _TIMEOUT},
        "hooks": [
            {"events": ["prepare"], "command": "kubectl", "args": ["apply", "--filename", "namespaces.yaml"]},
        ],
        "releases": [
            _release(each, namespaces, is_awaited=each.place.name in needed) for each in prepared.plan.releases
        ],
    }
    return replace(prepared.tree, files={**prepared.tree.files, "helmfile.yaml": emit.yaml(document).encode()})


def _release(release: PlannedRelease, namespaces: dict[str, str], *, is_awaited: bool) -> dict[str, Any]:
    return {
        "name": release.place.name,
        "namespace": release.place.namespace,
        "chart": f"./charts/{release.kind.name}",
        "values": [values_file(release)],
        "needs": [f"{namespaces[name]}/{name}" for name in release.needs],
        "wait": is_awaited,
        "waitForJobs": is_awaited,
    }
