"""What stands inside other objects: values for charts, the kubelet's configuration, what was applied last.

Sources: Argo CD `pkg/apis/application/v1alpha1`, Flux `helm-controller/api/v2`, K3s `helm-controller`,
kind `pkg/apis/config/v1alpha4`, kubeadm's upload of the kubelet's configuration.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from hmco_charts.errors import DocumentError
from hmco_charts.objects.kubernetes import KubernetesObject, Place, items, mapping, text
from hmco_charts.yamlio import Document, Path, Span, documents

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_KUBEADM_PATCHES = "kubeadmConfigPatches"


@dataclass(frozen=True, eq=False)
class Values(KubernetesObject):
    """Values for a chart; as an object it goes by the name of the one that holds them.

    Attributes:
        chart: The chart's name; empty where it is not known.
        owner: The object that holds them; `None` for a document of values.
    """

    chart: str = ""
    owner: KubernetesObject | None = field(default=None, repr=False)

    @property
    def kind(self) -> str:
        """The owner's `kind`."""
        return self.owner.kind if self.owner else ""

    @property
    def metadata(self) -> dict[str, Any]:
        """The owner's `metadata`."""
        return self.owner.metadata if self.owner else {}


@dataclass(frozen=True, slots=True)
class Fault:
    """A string in an object that cannot be read, and the place where."""

    error: DocumentError
    span: Span


def values(each: KubernetesObject) -> Iterator[Values | Fault]:
    """The values that an object gives to charts."""
    places = _GIVERS.get(each.kind)
    for chart, path in places(each) if places else ():
        value = each.at(path)
        if isinstance(value, dict):
            yield Values(value, each.document, (*each.base, *path), each.place, _base(chart), each)
        yield from documented(each, path, chart)


def documented(each: KubernetesObject, path: Path, chart: str) -> Iterator[Values | Fault]:
    """The values for a chart in the documents of one of an object's strings."""
    for found in _documents(each, path):
        if isinstance(found, Fault):
            yield found
        elif isinstance(found.value, dict):
            yield Values(found.value, found, (), _place(each, path), _base(chart), each)


def parameters(each: KubernetesObject) -> Iterator[tuple[str, Path]]:
    """The single values that an Application of Argo CD gives to charts: their names, and the ways to them."""
    for source in _sources(each) if each.kind in _ARGO else ():
        path = (*source, "helm", "parameters")
        for at, told in enumerate(items(each.at(path))):
            yield text(mapping(told).get("name")), (*path, at, "value")


def objects(each: KubernetesObject) -> Iterator[KubernetesObject | Fault]:
    """The objects in the strings of an object."""
    places = _HOLDERS.get(each.kind)
    for path in places(each) if places else ():
        for found in _documents(each, path):
            if isinstance(found, Fault):
                yield found
            elif isinstance(mapping(found.value).get("kind"), str):
                yield KubernetesObject(found.value, found, place=_place(each, path))


def applied(each: KubernetesObject) -> KubernetesObject | None:
    """The object as `kubectl apply` left it in an annotation; `None` where there is none, or none that can be read."""
    path: Path = ("metadata", "annotations", LAST_APPLIED)
    told = next(_documents(each, path), None)
    if isinstance(told, Document) and isinstance(told.value, dict):
        return KubernetesObject(told.value, told, place=_place(each, path))
    return None


def _base(chart: str) -> str:
    """A chart's name, from its name or its path in a repository."""
    return PurePosixPath(chart).name


def _documents(each: KubernetesObject, path: Path) -> Iterator[Document | Fault]:
    """The documents in a string, errors at the place that the user edits; a template that is left there is none."""
    value = each.at(path)
    if not isinstance(value, str):
        return
    for found in documents(value, each.file):
        if isinstance(found, Document):
            yield found
        elif "{{" not in value and found.at:
            line, column = found.at.line or 1, found.at.column or 1
            yield Fault(found, _place(each, path)(Span(each.file, line, column, line, column)))


def _place(each: KubernetesObject, path: Path) -> Place:
    """Leads from places in a string to those of the file that the user edits."""
    starts = [0, *(match.end() for match in re.finditer("\n", text(each.at(path))))]

    def place(span: Span) -> Span:
        start, end = starts[span.line - 1] + span.column - 1, starts[span.end_line - 1] + span.end_column - 1
        return each.text_span(path, start, end)

    return place


Given = Iterator[tuple[str, Path]]


def flux_chart(each: KubernetesObject) -> str:
    """The chart that a HelmRelease of Flux installs."""
    return text(each.at(("spec", "chart", "spec", "chart"))) or text(each.at(("spec", "chartRef", "name")))


def _flux(each: KubernetesObject) -> Given:
    yield flux_chart(each), ("spec", "values")


def _sources(each: KubernetesObject) -> Iterator[Path]:
    spec = _ARGO[each.kind]
    yield *spec, "source"
    yield from ((*spec, "sources", at) for at in range(len(items(each.at((*spec, "sources"))))))


def _argo(each: KubernetesObject) -> Given:
    for source in _sources(each):
        told = mapping(each.at(source))
        for key in ("values", "valuesObject"):
            yield text(told.get("chart")) or text(told.get("path")), (*source, "helm", key)


def _k3s(each: KubernetesObject) -> Given:
    chart = text(each.at(("spec", "chart"))) or each.name
    yield from ((chart, ("spec", key)) for key in ("valuesContent", "values"))


def _kind(each: KubernetesObject) -> Iterator[Path]:
    bases: list[Path] = [(), *(("nodes", at) for at in range(len(items(each.at(("nodes",))))))]
    for base in bases if each.api_version.startswith("kind.x-k8s.io/") else ():
        path = (*base, _KUBEADM_PATCHES)
        yield from ((*path, at) for at in range(len(items(each.at(path)))))


def _kubelet_config(each: KubernetesObject) -> Iterator[Path]:
    """Where kubeadm keeps the configuration of all kubelets."""
    if each.name.startswith("kubelet-config"):
        yield "data", "kubelet"


_ARGO: dict[str, Path] = {"Application": ("spec",), "ApplicationSet": ("spec", "template", "spec")}
_GIVERS: dict[str, Callable[[KubernetesObject], Given]] = {
    "HelmRelease": _flux,
    "Application": _argo,
    "ApplicationSet": _argo,
    "HelmChart": _k3s,
    "HelmChartConfig": _k3s,
}
_HOLDERS: dict[str, Callable[[KubernetesObject], Iterator[Path]]] = {
    "Cluster": _kind,
    "ConfigMap": _kubelet_config,
}
