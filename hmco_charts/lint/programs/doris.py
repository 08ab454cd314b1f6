"""Doris: which containers and custom resources run its frontends and backends, and what their files say.

Sources: apache/doris, `docker/runtime/{fe,be}/resource/*_entrypoint.sh`, `bin/start_be.sh`, `conf/fe.conf`;
apache/doris-operator `api/doris/v1/types.go`, `pkg/common/utils/resource/pod.go`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hmco_charts.objects import Container, KubernetesObject, Release, Text
from hmco_charts.objects.kubernetes import items, mapping, text
from hmco_charts.yamlio import Path

FOLDERS = {"fe": "/opt/apache-doris/fe/doris-meta", "be": "/opt/apache-doris/be/storage"}
RPC_PORTS = {"fe": (9010, 9020, 9030), "be": (9050, 9060)}
"""Ports that speak no HTTP."""


@dataclass(frozen=True)
class Part:
    """The frontends or backends of a DorisCluster.

    Attributes:
        cluster: The custom resource.
        name: `fe` or `be`.
        spec: Its part of the resource.
    """

    cluster: KubernetesObject
    name: str
    spec: dict[str, Any]

    @property
    def path(self) -> Path:
        """Where the part stands."""
        return ("spec", f"{self.name}Spec")


def containers(release: Release, part: str) -> Iterator[Container]:
    """The servers with the image of a part, which its tag tells; Jobs that use it as a client are none."""
    for each in release.containers:
        is_server = each.role == "container" and each.pod.object.kind not in ("Job", "CronJob", "Pod")
        if is_server and each.image.base == "doris" and each.image.tag.startswith(f"{part}-"):
            yield each


def parts(release: Release, name: str) -> Iterator[Part]:
    """Likewise, in the resources of the operator."""
    for cluster in release.of_kind("DorisCluster"):
        spec = mapping(cluster.at(("spec", f"{name}Spec")))
        if spec and cluster.api_version.startswith("doris.selectdb.com/"):
            yield Part(cluster, name, spec)


def frontend_files(release: Release) -> Iterator[Text]:
    """The fe.conf of every frontend, each once."""
    found = [file.text for each in containers(release, "fe") for file in release.files(each)]
    for part in parts(release, "fe"):
        info = mapping(part.spec.get("configMapInfo"))
        names = [
            info.get("configMapName"),
            *(mapping(each).get("configMapName") for each in items(info.get("configMaps"))),
        ]
        holders = (release.find("ConfigMap", text(name), part.cluster) for name in names if name)
        found += [each for holder in holders if holder for each in release.file_texts(holder)]
    yield from {(id(each.object), each.path): each for each in found if each.name == "fe.conf"}.values()


def entries(conf: Text) -> Iterator[tuple[str, str]]:
    """The keys of a fe.conf or be.conf, and their values."""
    for line in conf.value.splitlines():
        key, sign, value = line.partition("=")
        if sign and not key.lstrip().startswith("#"):
            yield key.strip(), value.strip().strip('"')
