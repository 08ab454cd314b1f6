"""A packed chart as a registry keeps it: manifest, config and one layer, the way Helm writes them.

Helm also writes the time of the push into `org.opencontainers.image.created`. We leave it out, so that the
same chart has the same digest for ever; a chart that wants it sets it among its own annotations.

Source: Helm, "Use OCI-based registries", and its package `registry`.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hmco_charts.publish.archive import Package

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.cncf.helm.config.v1+json"
LAYER = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
_OCI = "org.opencontainers.image."


@dataclass(frozen=True, slots=True)
class Artifact:
    """The three pieces that are sent, byte for byte.

    Attributes:
        manifest: The manifest, which names the other two by digest.
        config: Chart.yaml as JSON.
        layer: The chart's archive.
    """

    manifest: bytes
    config: bytes
    layer: bytes


def build(package: Package) -> Artifact:
    """The pieces of a packed chart; the same package gives the same bytes."""
    config = _encoded(package.metadata)
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": _descriptor(CONFIG, config),
        "layers": [_descriptor(LAYER, package.data)],
        "annotations": _annotations(package),
    }
    return Artifact(_encoded(manifest), config, package.data)


def digest(data: bytes) -> str:
    """The name of a content in a registry: `sha256:` and its hash in hexadecimal."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _encoded(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _descriptor(media_type: str, data: bytes) -> dict[str, Any]:
    return {"mediaType": media_type, "digest": digest(data), "size": len(data)}


def _annotations(package: Package) -> dict[str, str]:
    """Chart.yaml's fields under OCI's names, overruled by its annotations except for title and version."""
    chart = package.metadata
    derived = {
        f"{_OCI}description": chart.get("description"),
        f"{_OCI}url": chart.get("home"),
        f"{_OCI}source": next(iter(chart.get("sources") or ()), None),
        f"{_OCI}authors": _authors(chart.get("maintainers") or ()),
    }
    fixed = {f"{_OCI}title": package.name, f"{_OCI}version": package.version}
    stated = {key: text for key, text in derived.items() if text and text.strip()}
    return stated | dict(chart.get("annotations") or {}) | fixed


def _authors(maintainers: Iterable[Mapping[str, str]]) -> str:
    return ", ".join(_author(maintainer) for maintainer in maintainers)


def _author(maintainer: Mapping[str, str]) -> str:
    email = maintainer.get("email")
    return (maintainer.get("name") or "") + (f" ({email})" if email else "")
