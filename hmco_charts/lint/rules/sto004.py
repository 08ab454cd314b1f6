"""STO004: an object too large, or a mount that does not do what it seems to."""

from collections import Counter
from collections.abc import Iterator

from hmco_charts.lint.finding import Confidence, Finding, Severity
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, KubernetesObject, Release
from hmco_charts.objects.kubernetes import mapping, text

_LARGEST = 2**20
_LARGEST_ANNOTATIONS = 256 * 2**10


class ConfigmapSizeAndSubpath(Rule):
    """Reports ConfigMaps and Secrets over a mebibyte, annotations over 256 KiB, and paths mounted twice."""

    id = "STO004"
    name = "configmap-size-and-subpath"
    title = "An object that is too large, or a path mounted twice"
    why = (
        "The API server refuses a ConfigMap or Secret of more than 1 MiB, annotations of more than 256 KiB (client-side"
        " apply keeps the object in one), and two mounts at one path. A file mounted by subPath never changes."
    )
    remedy = "Split the object; mount folders instead of single files; use server-side apply."
    source = "https://kubernetes.io/docs/concepts/configuration/configmap/#motivation"

    def check(self, release: Release) -> Iterator[Finding]:
        """The objects over the limits, and containers with two mounts at one path."""
        for holder in release.of_kind("ConfigMap", "Secret"):
            yield from self._size(holder)
        for each in release.objects:
            length = sum(len(key) + len(value.encode()) for key, value in each.annotations.items())
            if length > _LARGEST_ANNOTATIONS:
                yield self._at(each, "annotations", f"The annotations have {length:,} bytes, more than 256 KiB.")
        for container in release.containers:
            yield from self._mounts(container)

    def _size(self, holder: KubernetesObject) -> Iterator[Finding]:
        size = sum(
            len(key)
            + len(text(value).encode()) * (3 if field == "binaryData" or _is_encoded(holder, field) else 4) // 4
            for field in ("data", "binaryData", "stringData")
            for key, value in mapping(holder.manifest.get(field)).items()
        )
        if size > _LARGEST:
            yield self._at(holder, "name", f"{holder.kind} {holder.name} has {size:,} bytes, more than 1 MiB.")

    def _mounts(self, container: Container) -> Iterator[Finding]:
        paths = [text(mount.get("mountPath")).rstrip("/") for mount in container.mounts]
        twice = {path for path, number in Counter(paths).items() if path and number > 1}
        for path in sorted(twice):
            index = len(paths) - 1 - paths[::-1].index(path)
            yield self.finding(
                f"{container.locator} mounts two volumes at {path}: the API server refuses the pod.",
                on=container.pod.object,
                span=container.pod.object.span((*container.path, "volumeMounts", index, "mountPath")),
                locator=container.locator,
                subject=f"{container.locator}#{path}",
            )
        yield from self._sub_paths(container)

    def _sub_paths(self, container: Container) -> Iterator[Finding]:
        for index, mount in enumerate(container.mounts):
            volume = container.pod.volume(text(mount.get("name")))
            if mount.get("subPath") and ("configMap" in volume or "secret" in volume):
                path = (*container.path, "volumeMounts", index, "subPath")
                yield self.finding(
                    f"{text(mount.get('mountPath'))} is mounted by subPath: it stays as it is until a restart.",
                    on=container.pod.object,
                    span=container.pod.object.span(path),
                    locator=container.locator,
                    subject=f"{container.locator}#{text(mount.get('mountPath'))}",
                    severity=Severity.INFO,
                    confidence=Confidence.MEDIUM,
                )

    def _at(self, each: KubernetesObject, field: str, message: str) -> Finding:
        return self.finding(
            message,
            on=each,
            span=each.span(("metadata", field)),
            locator=f"metadata/{field}",
            subject=field,
        )


def _is_encoded(holder: KubernetesObject, field: str) -> bool:
    return holder.kind == "Secret" and field == "data"
