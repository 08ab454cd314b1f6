"""Values that every chart gets from its platform, by the types of `values/types.py` that it has them as."""

from collections.abc import Iterator, Mapping
from typing import Any

from hmco_charts.values.platform import Platform
from hmco_charts.values.provision import Place
from hmco_charts.values.types import ChartValues, ClientTls, Metrics, ServingTls, Watch
from hmco_charts.yamlio import merge

OPERATED = "prometheus-operator"


def common(model: type[ChartValues], platform: Platform, place: Place) -> Mapping[str, Any]:
    """The values of a release that follow from the platform alone.

    Args:
        model: Root of the chart's values.
        platform: The platform.
        place: The release.
    """
    document: Any = {"fullnameOverride": place.name, "networkPolicy": {"allowExternal": False}}
    for each in (_cluster(model, platform), _certificates(model, platform), _monitoring(model, platform)):
        document = merge(document, each)
    return dict(document)


def keys_of(model: type[ChartValues], *kinds: type) -> Iterator[str]:
    """The keys of the root whose values are of one of some types."""
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, kinds):
            yield field.alias or name


def is_enabled(values: ChartValues, *kinds: type) -> bool:
    """Whether a part of the root that is of one of some types is enabled."""
    document = values.document()
    return any(document[key]["enabled"] for key in keys_of(type(values), *kinds))


def _cluster(model: type[ChartValues], platform: Platform) -> dict[str, Any]:
    profile = platform.cluster
    told: dict[str, Any] = {"global": {"storageClass": profile.storage_class}} if profile.storage_class else {}
    if "cluster_domain" in model.model_fields:
        told["clusterDomain"] = profile.domain
    return told


def _certificates(model: type[ChartValues], platform: Platform) -> dict[str, Any]:
    chosen = platform.certificates
    told: dict[str, Any] = {"type": chosen.type}
    if chosen.type == "certManager":
        told["certManager"] = chosen.cert_manager.document()
    return dict.fromkeys(keys_of(model, ServingTls, ClientTls), told)


def _monitoring(model: type[ChartValues], platform: Platform) -> dict[str, Any]:
    if platform.monitoring.type != "prometheusOperator":
        off: Any = {"prometheusRule": {"enabled": False}}
        unwatched = dict.fromkeys(keys_of(model, Watch), off)
        return unwatched | {key: {**off, "serviceMonitor": {"enabled": False}} for key in keys_of(model, Metrics)}
    operator = platform.monitoring.prometheus_operator
    selected = {"enabled": True, "labels": dict(operator.labels)}
    watched: Any = {"prometheusRule": selected, "dashboards": {"enabled": True}}
    told: dict[str, Any] = dict.fromkeys(keys_of(model, Watch), watched)
    if metered := [*keys_of(model, Metrics)]:
        told |= {key: {**watched, "serviceMonitor": selected} for key in metered}
        told["networkPolicy"] = {"clients": {OPERATED: operator.pods.document()}}
    return told
