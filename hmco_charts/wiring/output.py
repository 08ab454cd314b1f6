"""A planned platform as files: charts, one values file for each release, and what is to be known to install them."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from hmco_charts import generate
from hmco_charts.configuration import Maintainer
from hmco_charts.generate import ChartTree, emit
from hmco_charts.values import ChartType, read
from hmco_charts.wiring.difference import difference
from hmco_charts.wiring.plan import Plan, PlannedRelease

_HEAD = "# Values of the release {name}, over those of its chart. Written by `hmco-charts render --platform`.\n"


def tree(plan: Plan, maintainers: Sequence[Maintainer] = ()) -> ChartTree:
    """The folder of a platform.

    Args:
        plan: The platform.
        maintainers: Who looks after the charts.
    """
    files: dict[str, bytes] = {}
    sources: dict[str, Path] = {}
    for kind in _kinds(plan):
        chart = generate.render(kind, maintainers=maintainers)
        files |= {f"charts/{kind.name}/{path}": content for path, content in chart.files.items()}
        files |= _vendored(kind)
        sources |= {f"charts/{kind.name}/{path}": source for path, source in chart.sources.items()}
    for release in plan.releases:
        text = _HEAD.format(name=release.place.name) + emit.yaml(overlay(release))
        files[values_file(release)] = text.encode()
    files["releases.json"] = (json.dumps(index(plan), indent=2) + "\n").encode()
    files["hmco-charts.yaml"] = emit.yaml({"cluster": cluster(plan)}).encode()
    return ChartTree("platform", files, sources, plan.notes)


def _vendored(kind: ChartType) -> dict[str, bytes]:
    """What `hmco-charts deps` fetched for a chart that wraps another, where it was rendered to its usual place."""
    if kind.upstream is None:
        return {}
    archive = Path("charts", kind.name, "charts", f"{kind.upstream.name}-{kind.upstream.version}.tgz")
    return {archive.as_posix(): archive.read_bytes()} if archive.is_file() else {}


def index(plan: Plan) -> dict[str, Any]:
    """The releases in order of installation, with paths in the platform's folder."""
    return {
        "releases": [
            {
                "name": each.place.name,
                "namespace": each.place.namespace,
                "chart": f"charts/{each.kind.name}",
                "values": [values_file(each)],
                "needs": list(each.needs),
            }
            for each in plan.releases
        ]
    }


def values_file(release: PlannedRelease) -> str:
    """The path of a release's values in the platform's folder."""
    return f"values/{release.place.name}.yaml"


def overlay(release: PlannedRelease) -> dict[str, Any]:
    """The values of a release where they differ from its chart's."""
    return difference(read(release.kind), release.values)


def cluster(plan: Plan) -> dict[str, Any]:
    """What the lint may know of the platform's cluster."""
    profile = plan.platform.cluster
    told: dict[str, Any] = {"nodes": profile.size, "zones": profile.zones, "domain": profile.domain}
    if profile.kubernetes:
        told["kubernetes"] = profile.kubernetes
    if profile.storage_class not in ("", "-"):
        told["storage_classes"] = [profile.storage_class]
    return told | {"objects": sorted(_elsewhere(plan))}


def _elsewhere(plan: Plan) -> Iterator[str]:
    """What stands in no manifest: issuers and stores, and Secrets that are generated."""
    platform = plan.platform
    if platform.certificates.type == "certManager":
        yield f"ClusterIssuer/{platform.certificates.cert_manager.issuer_ref.name}"
    if platform.secrets.type == "externalSecrets":
        yield f"ClusterSecretStore/{platform.secrets.external_secrets.store_ref.name}"
        return
    for each in (made for made in plan.credentials if made.is_random):
        yield from (f"Secret/{place.namespace}/{each.name}" for place in (each.owner, *each.others))


def _kinds(plan: Plan) -> list[ChartType]:
    by_name = {each.kind.name: each.kind for each in plan.releases}
    return [by_name[name] for name in sorted(by_name)]
