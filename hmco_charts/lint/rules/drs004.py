"""DRS004: metadata or data of Doris that goes with the pod."""

from collections.abc import Iterator

from hmco_charts.lint.finding import Finding
from hmco_charts.lint.programs import doris
from hmco_charts.lint.programs.doris import Part
from hmco_charts.lint.rule import Rule
from hmco_charts.objects import Container, Release
from hmco_charts.objects.kubernetes import items, mapping, text


class DorisVolatileData(Rule):
    """Reports frontends and backends whose folder is on no volume that lasts."""

    id = "DRS004"
    name = "doris-volatile-data"
    title = "Doris' data goes with the pod"
    why = (
        "Without a claim a frontend loses the metadata of all tables with its pod, and a backend its tablets."
        " The operator takes an emptyDir where `persistentVolumes` is missing, and says nothing."
    )
    remedy = f"Put a claim on {doris.FOLDERS['fe']} and {doris.FOLDERS['be']}."
    source = "https://github.com/apache/doris-operator/blob/master/doc/operation/persistent_volume.md"

    def check(self, release: Release) -> Iterator[Finding]:
        """The folders of every part."""
        for name, folder in doris.FOLDERS.items():
            for container in doris.containers(release, name):
                if _is_volatile(container, folder):
                    yield self._container(container, folder)
            for part in doris.parts(release, name):
                mounts = [text(mapping(each).get("mountPath")) for each in items(part.spec.get("persistentVolumes"))]
                if not any(mount and folder.startswith(mount.rstrip("/")) for mount in mounts):
                    yield self._cluster(part, folder)

    def _container(self, container: Container, folder: str) -> Finding:
        return self.finding(
            f"{container.locator} keeps {folder} in the pod.",
            on=container.pod.object,
            span=container.span(),
            locator=container.locator,
            subject=f"{container.locator}#{folder}",
        )

    def _cluster(self, part: Part, folder: str) -> Finding:
        return self.finding(
            f"{part.name}Spec has no `persistentVolumes` for {folder}: the operator takes an emptyDir.",
            on=part.cluster,
            span=part.cluster.span(part.path),
            locator="/".join(map(str, part.path)),
        )


def _is_volatile(container: Container, folder: str) -> bool:
    name, _ = container.in_volume(folder)
    return not name or "emptyDir" in container.pod.volume(name)
