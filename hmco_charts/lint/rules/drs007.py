"""DRS007: Doris' own heap in a smaller container."""

import re
from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import doris
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, KubernetesObject, Release
from hmco_charts.objects.kubernetes import mapping
from hmco_charts.quantity import quantity
from hmco_charts.yamlio import Path

_HEAP = 8192 * 1024**2


class DorisHeap(Rule):
    """Reports frontends with 8 GiB of memory or less whose fe.conf sets no heap."""

    id = "DRS007"
    name = "doris-heap"
    title = "A heap larger than Doris' frontend"
    why = "The image's fe.conf asks for a heap of 8192 MiB from the start: a smaller container is killed (OOMKilled)."
    remedy = "Set JAVA_OPTS_FOR_JDK_17 with an -Xmx of three quarters of the limit in fe.conf."
    source = "https://github.com/apache/doris/blob/master/conf/fe.conf"

    def check(self, release: Release) -> Iterator[Finding]:
        """The limits of frontends that have no file of their own; with one, what all files say."""
        if any(_sets_heap(value) for conf in doris.frontend_files(release) for _, value in doris.entries(conf)):
            return
        for container in doris.containers(release, "fe"):
            if not container.in_volume("/etc/doris/fe.conf")[0] and not _has_folder(container):
                limits = mapping(mapping(container.spec.get("resources")).get("limits"))
                yield from self._on(container.pod.object, (*container.path, "resources", "limits"), limits)
        for part in doris.parts(release, "fe"):
            if not part.spec.get("configMapInfo"):
                yield from self._on(part.cluster, (*part.path, "limits"), mapping(part.spec.get("limits")))

    def _on(self, each: KubernetesObject, path: Path, limits: dict[str, object]) -> Iterator[Finding]:
        limit = quantity(limits.get("memory"))
        if limit and limit <= _HEAP:
            yield self.finding(
                "The frontend takes 8192 MiB of heap; its limit is not larger.",
                on=each,
                span=each.span((*path, "memory")),
                locator="/".join(map(str, path)),
                subject="limits/memory",
            )


def _has_folder(container: Container) -> bool:
    """Whether a volume brings the folder of the configuration."""
    return bool(container.in_volume("/opt/apache-doris/fe/conf/fe.conf")[0])


def _sets_heap(value: str) -> bool:
    return bool(re.search(r"-Xmx\d", value))
