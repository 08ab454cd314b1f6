"""Schemas of custom resources that travel with the package: schemas/kubernetes/custom.gz, a line a kind."""

import json
import zlib
from functools import cache
from typing import Any

from hmco_charts.resources import directory

Schema = dict[str, Any]

_GZIP = 31  # zlib's word for data with gzip's header


def schema(api_version: str, kind: str) -> Schema | None:
    """The structural schema of a custom resource; `None` for one that we do not bring."""
    body = _lines().get(f"{api_version}/{kind}")
    return None if body is None else json.loads(body)


def api_versions(kind: str) -> list[str]:
    """The API versions in which we bring a kind."""
    return sorted(each.rpartition("/")[0] for each in _lines() if each.endswith(f"/{kind}"))


@cache
def _lines() -> dict[str, str]:
    packed = (directory("schemas") / "kubernetes" / "custom.gz").read_bytes()
    lines = (line.partition("\t") for line in zlib.decompress(packed, _GZIP).decode().split("\n") if line)
    return {name: body for name, _, body in lines}
