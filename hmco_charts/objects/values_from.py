"""Values for charts that a HelmRelease of Flux takes from ConfigMaps, where these are in the input too.

Source: fluxcd/pkg `apis/meta` (ValuesReference), `chartutil`.
"""

from collections.abc import Iterator
from typing import Any

from hmco_charts.objects import embedded
from hmco_charts.objects.embedded import Values
from hmco_charts.objects.kubernetes import KubernetesObject, items, mapping, text
from hmco_charts.objects.manifests import Unread
from hmco_charts.objects.release import Release

_KEY = "values.yaml"


def values(release: Release) -> Iterator[Values | Unread]:
    """The values in ConfigMaps that HelmReleases name; what a Secret holds is kept as it should be."""
    for each in release.of_kind("HelmRelease"):
        for reference in map(mapping, items(each.at(("spec", "valuesFrom")))):
            holder = _holder(release, each, reference)
            if holder and not reference.get("targetPath"):  # which sets one value to the text
                path = ("data", text(reference.get("valuesKey")) or _KEY)
                for found in embedded.documented(holder, path, embedded.flux_chart(each)):
                    yield found if isinstance(found, Values) else Unread.of(found.error, holder.file).moved(found.span)


def _holder(release: Release, near: KubernetesObject, reference: dict[str, Any]) -> KubernetesObject | None:
    is_config_map = reference.get("kind") == "ConfigMap"
    return release.find("ConfigMap", text(reference.get("name")), near) if is_config_map else None
