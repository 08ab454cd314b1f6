"""A platform for Flux: an OCIRepository for each chart, and a HelmRelease for each release that depends on others.

Sources: Flux' references of source.toolkit.fluxcd.io/v1 and helm.toolkit.fluxcd.io/v2.
"""

from typing import Any

from hmco_charts.export.order import awaited, registry
from hmco_charts.generate import ChartTree, emit
from hmco_charts.values import ChartType
from hmco_charts.wiring import Plan, PlannedRelease, Prepared
from hmco_charts.wiring.output import overlay

_NAMESPACE = "flux-system"
_INTERVAL = "10m"
_LAYER = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"


def flux(prepared: Prepared) -> ChartTree:
    """A kustomization of sources and releases.

    Raises:
        ConfigurationError: The platform does not tell where its charts are published.
    """
    plan = prepared.plan
    place = registry(plan)
    kinds = {each.kind.name: each.kind for each in plan.releases}
    files = {
        "namespaces.yaml": prepared.tree.files["namespaces.yaml"],
        "sources.yaml": "---\n".join(emit.yaml(_source(kinds[name], place)) for name in sorted(kinds)).encode(),
    }
    for each in plan.releases:
        files[f"releases/{each.place.name}.yaml"] = emit.yaml(_release(each, plan)).encode()
    kustomization = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": sorted(files),
    }
    return ChartTree("flux", {**files, "kustomization.yaml": emit.yaml(kustomization).encode()})


def _source(kind: ChartType, place: str) -> dict[str, Any]:
    return {
        "apiVersion": "source.toolkit.fluxcd.io/v1",
        "kind": "OCIRepository",
        "metadata": {"name": kind.name, "namespace": _NAMESPACE},
        "spec": {
            "interval": _INTERVAL,
            "url": f"oci://{place}/{kind.name}",
            "ref": {"tag": kind.version},
            "layerSelector": {"mediaType": _LAYER, "operation": "copy"},
        },
    }


def _release(release: PlannedRelease, plan: Plan) -> dict[str, Any]:
    namespaces = {each.place.name: each.place.namespace for each in plan.releases}
    waits = {} if release.place.name in awaited(plan) else {"disableWait": True}
    spec: dict[str, Any] = {
        "interval": _INTERVAL,
        "chartRef": {"kind": "OCIRepository", "name": release.kind.name, "namespace": _NAMESPACE},
        "releaseName": release.place.name,
    }
    if release.needs:
        spec["dependsOn"] = [{"name": name, "namespace": namespaces[name]} for name in release.needs]
    actions = {"remediation": {"retries": 3}, **waits}
    return {
        "apiVersion": "helm.toolkit.fluxcd.io/v2",
        "kind": "HelmRelease",
        "metadata": {"name": release.place.name, "namespace": release.place.namespace},
        "spec": {**spec, "install": actions, "upgrade": actions, "values": overlay(release)},
    }
