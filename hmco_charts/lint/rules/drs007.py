"""DRS007: Doris' own heap in a smaller container."""

import re
from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import doris
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, KubernetesObject, Release, Text
from hmco_charts.objects.kubernetes import mapping
from hmco_charts.quantity import quantity, size
from hmco_charts.yamlio import Path

_HEAP = 8192 * 1024**2
_XMX = re.compile(r"-Xmx(\d+[kKmMgG]?)")


class DorisHeap(Rule):
    """Reports frontends whose limit is not larger than the heap that their fe.conf, or the image's, asks for."""

    id = "DRS007"
    name = "doris-heap"
    title = "A heap larger than Doris' frontend"
    why = "The image's fe.conf asks for a heap of 8192 MiB from the start: a smaller container is killed (OOMKilled)."
    remedy = "Set JAVA_OPTS_FOR_JDK_17 with an -Xmx of three quarters of the limit in fe.conf."
    source = "https://github.com/apache/doris/blob/master/conf/fe.conf"

    def check(self, release: Release) -> Iterator[Finding]:
        """The limits of frontends against what their files say, or else the image's, where they have none."""
        told = [heap for conf in doris.frontend_files(release) for heap in _heaps(conf)]
        heap = min(told, default=_HEAP)
        for container in doris.containers(release, "fe"):
            if told or not (container.in_volume("/etc/doris/fe.conf")[0] or _has_folder(container)):
                limits = mapping(mapping(container.spec.get("resources")).get("limits"))
                yield from self._on(container.pod.object, (*container.path, "resources", "limits"), limits, heap)
        for part in doris.parts(release, "fe"):
            if told or not part.spec.get("configMapInfo"):
                yield from self._on(part.cluster, (*part.path, "limits"), mapping(part.spec.get("limits")), heap)

    def _on(self, each: KubernetesObject, path: Path, limits: dict[str, object], heap: int) -> Iterator[Finding]:
        limit = quantity(limits.get("memory"))
        if limit and limit <= heap:
            yield self.finding(
                f"The frontend takes {heap // 1024**2} MiB of heap; its limit is not larger.",
                on=each,
                span=each.span((*path, "memory")),
                locator="/".join(map(str, path)),
                subject="limits/memory",
            )


def _heaps(conf: Text) -> Iterator[int]:
    """The heaps that a fe.conf names, for one version of Java each."""
    for key, value in doris.entries(conf):
        if key.startswith("JAVA_OPTS"):
            yield from (amount for found in _XMX.findall(value) if (amount := size(found)))


def _has_folder(container: Container) -> bool:
    """Whether a volume brings the folder of the configuration."""
    return bool(container.in_volume("/opt/apache-doris/fe/conf/fe.conf")[0])
