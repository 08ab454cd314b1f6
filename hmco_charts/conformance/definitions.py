"""The API of each Kubernetes version, out of schemas/kubernetes/definitions.gz.

The file holds every version in 60 KB: a line a definition, with the versions that have it so. It is unpacked in 2 ms;
only the definitions of a kind that is asked for are parsed.
"""

import json
import re
import zlib
from functools import cache
from typing import Any

from hmco_charts.resources import directory

Schema = dict[str, Any]

OLDEST, NEWEST = 25, 37
"""The minor versions of Kubernetes that are known."""

_GZIP = 31  # zlib's word for data with gzip's header
_REFERENCE = re.compile(r'"#/\$defs/([^"]+)"')


class Definitions:
    """What one version of Kubernetes serves.

    Args:
        minor: The minor version of Kubernetes.
    """

    def __init__(self, minor: int) -> None:
        self._bodies: dict[str, str] = {}
        self._names: dict[str, str] = {}
        for name, ranges, kind, body in _lines():
            if _holds(ranges, minor):
                self._bodies[name] = body
                if kind:
                    self._names[kind] = name

    def schema(self, api_version: str, kind: str) -> Schema | None:
        """The schema of a kind with all that it refers to; `None` for one that this version does not serve."""
        name = self._names.get(f"{api_version}/{kind}")
        if name is None:
            return None
        return {"$ref": f"#/$defs/{name}", "$defs": self._needed([name])}

    def _needed(self, waiting: list[str]) -> dict[str, Schema]:
        """Definitions by their names, with all that they refer to."""
        needed: dict[str, Schema] = {}
        while waiting:
            each = waiting.pop()
            if each not in needed:
                needed[each] = json.loads(self._bodies[each])
                waiting += _REFERENCE.findall(self._bodies[each])
        return needed

    def metadata(self) -> tuple[Schema, dict[str, Schema]]:
        """The schema of the metadata of a custom resource, which is that of its definition, and what it refers to."""
        name = self._names["apiextensions.k8s.io/v1/CustomResourceDefinition"]
        metadata = json.loads(self._bodies[name])["properties"]["metadata"]
        return metadata, self._needed(_REFERENCE.findall(json.dumps(metadata)))

    def api_versions(self, kind: str) -> list[str]:
        """The API versions that serve a kind."""
        return sorted(each.rpartition("/")[0] for each in self._names if each.endswith(f"/{kind}"))

    def serves(self, api_version: str) -> bool:
        """Whether a version of an API is one of Kubernetes itself."""
        return any(each.rpartition("/")[0] == api_version for each in self._names)

    def kinds(self) -> list[str]:
        """Every kind, as `apps/v1/Deployment`."""
        return list(self._names)


@cache
def definitions(minor: int) -> Definitions:
    """What a minor version of Kubernetes serves."""
    return Definitions(minor)


@cache
def _lines() -> list[list[str]]:
    packed = (directory("schemas") / "kubernetes" / "definitions.gz").read_bytes()
    return [line.split("\t") for line in zlib.decompress(packed, _GZIP).decode().split("\n")]


@cache
def _holds(ranges: str, minor: int) -> bool:
    """Whether a version is one of `25-31,33-37`."""
    ends = (each.split("-") for each in ranges.split(","))
    return any(int(first) <= minor <= int(last) for first, last in ends)
