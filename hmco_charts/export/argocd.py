"""A platform for Argo CD: an ApplicationSet whose applications follow each other in waves.

The steps of its rolling sync order the applications where the controller runs with `--enable-progressive-syncs`; the
sync waves order them where another application holds what the set generates.

Source: Argo CD's documentation, "ApplicationSet" (list generator, Go template, progressive syncs), "Sync waves".
"""

from typing import Any

from hmco_charts.export.order import registry, waves
from hmco_charts.generate import ChartTree, emit
from hmco_charts.wiring import PlannedRelease, Prepared
from hmco_charts.wiring.output import overlay

_NAMESPACE = "argocd"
_WAVE = "hmco-charts/wave"


def argocd(prepared: Prepared) -> ChartTree:
    """An ApplicationSet, and the namespaces that must be there before.

    Raises:
        ConfigurationError: The platform does not tell where its charts are published.
    """
    files = {
        "namespaces.yaml": prepared.tree.files["namespaces.yaml"],
        "applicationset.yaml": emit.yaml(_application_set(prepared)).encode(),
    }
    return ChartTree("argocd", files)


def _application_set(prepared: Prepared) -> dict[str, Any]:
    plan, numbers = prepared.plan, waves(prepared.plan)
    elements = [_element(each, numbers[each.place.name]) for each in plan.releases]
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "ApplicationSet",
        "metadata": {"name": "platform", "namespace": _NAMESPACE},
        "spec": {
            "goTemplate": True,
            "goTemplateOptions": ["missingkey=error"],
            "generators": [{"list": {"elements": elements}}],
            "strategy": {"type": "RollingSync", "rollingSync": {"steps": _steps(sorted(set(numbers.values())))}},
            "template": _template(registry(plan)),
        },
    }


def _element(release: PlannedRelease, wave: int) -> dict[str, str]:
    return {
        "name": release.place.name,
        "namespace": release.place.namespace,
        "chart": release.kind.name,
        "version": release.kind.version,
        "wave": str(wave),
        "values": emit.yaml(overlay(release)),
    }


def _steps(numbers: list[int]) -> list[dict[str, Any]]:
    return [{"matchExpressions": [{"key": _WAVE, "operator": "In", "values": [str(number)]}]} for number in numbers]


def _template(place: str) -> dict[str, Any]:
    return {
        "metadata": {
            "name": "{{ .name }}",
            "labels": {_WAVE: "{{ .wave }}"},
            "annotations": {"argocd.argoproj.io/sync-wave": "{{ .wave }}"},
        },
        "spec": {
            "project": "default",
            "source": {
                "repoURL": place,
                "chart": "{{ .chart }}",
                "targetRevision": "{{ .version }}",
                "helm": {"releaseName": "{{ .name }}", "values": "{{ .values }}"},
            },
            "destination": {"server": "https://kubernetes.default.svc", "namespace": "{{ .namespace }}"},
            "syncPolicy": {"syncOptions": ["ServerSideApply=true"], "retry": {"limit": 5}},
        },
    }
