"""Files that a container is told to read, and whether anything brings them."""

from pathlib import PurePosixPath
from typing import Any

from hmco_charts.lint.programs.command import scripts
from hmco_charts.objects import Container, KubernetesObject, Release
from hmco_charts.objects.kubernetes import items, mapping, text

_KINDS = {"secret": "Secret", "configMap": "ConfigMap"}
_OF_A_CERTIFICATE = ("tls.crt", "tls.key", "ca.crt")
_OTHER_OUTPUTS = ("additionalOutputFormats", "keystores")


def absence(release: Release, container: Container, path: str) -> str:
    """Why a file is not there, as the end of a sentence; empty where it is, or may be.

    Only a Secret or a ConfigMap tells what it brings; what other volumes and the image hold is not known.
    """
    volume, inside = container.in_volume(path)
    if not volume:
        return "" if _may_be_made(release, container, path) else "no volume is mounted there"
    for kind, source in _sources(container.pod.volume(volume)):
        return _lacks(release, container.pod.object, kind, source, str(inside).lstrip("/"))
    return ""


def _sources(volume: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The one Secret or ConfigMap that a volume is made of; nothing where it is made otherwise, or of several."""
    parts = [volume, *(mapping(source) for source in items(mapping(volume.get("projected")).get("sources")))]
    found = [(kind, mapping(part[field])) for part in parts for field, kind in _KINDS.items() if field in part]
    others = [part for part in parts[1:] if not part.keys() & _KINDS.keys()]
    return found if len(found) == 1 and not others else []


def _lacks(release: Release, near: KubernetesObject, kind: str, source: dict[str, Any], path: str) -> str:
    name = text(source.get("name")) or text(source.get("secretName"))
    if isinstance(source.get("items"), list):
        is_chosen = any(text(mapping(item).get("path")) == path for item in source["items"])
        return "" if is_chosen else f"the `items` of the volume leave out `{path}`"
    keys = _keys(release, near, kind, name)
    return f"{kind} {name} has no key `{path}`" if keys and path not in keys else ""


def _keys(release: Release, near: KubernetesObject, kind: str, name: str) -> set[str]:
    """The keys of a Secret or ConfigMap; nothing where they are not known."""
    holder = release.find(kind, name, near)
    if holder:
        return {found.name for found in release.file_texts(holder)}
    for each in release.of_kind("Certificate"):
        spec = mapping(each.at(("spec",)))
        if kind == "Secret" and spec.get("secretName") == name and not any(each in spec for each in _OTHER_OUTPUTS):
            return set(_OF_A_CERTIFICATE)
    return set()


def _may_be_made(release: Release, container: Container, path: str) -> bool:
    """Whether a script of the container names the file or its folder, or a webhook adds volumes to the pod."""
    file = PurePosixPath(path)
    said = [each.value for each in scripts(release, container)]
    is_injected = any("inject" in name for name in container.pod.annotations)
    return is_injected or any(file.name in each or str(file.parent) in each for each in said)
