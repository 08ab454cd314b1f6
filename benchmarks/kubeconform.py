"""kubeconform on the schemas that hmco-charts has: the same work for both, without a network."""

import json
from pathlib import Path
from typing import Any

from benchmarks.timing import find
from hmco_charts.conformance.definitions import NEWEST, definitions

DRAFT = "https://json-schema.org/draft/2020-12/schema"
LAYOUT = "{{ .NormalizedKubernetesVersion }}-standalone{{ .StrictSuffix }}/{{ .ResourceKind }}{{ .KindSuffix }}.json"


def program() -> str | None:
    """The kubeconform that is installed; `None` where there is none."""
    return find("kubeconform")


def write(folder: Path, minor: int = NEWEST) -> None:
    """Write the schemas of a version of Kubernetes in kubeconform's layout."""
    target = folder / f"v1.{minor}.0-standalone-strict"
    target.mkdir(parents=True)
    for each in definitions(minor).kinds():
        api_version, _, kind = each.rpartition("/")
        group, _, version = api_version.rpartition("/")
        parts = (kind, group.partition(".")[0], version)
        name = "-".join(part.lower() for part in parts if part)
        schema = _plain(definitions(minor).schema(api_version, kind))
        (target / f"{name}.json").write_text(json.dumps({"$schema": DRAFT, **schema}))


def _plain(schema: Any) -> Any:
    """The schema without the patterns that Go's regular expressions cannot say."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: _plain(value) for key, value in schema.items() if key != "pattern" or "(?!" not in str(value)}


def words(program: str, schemas: Path, *paths: object, minor: int = NEWEST, output: str = "text") -> list[str]:
    """The command that holds paths to the schemas of a folder, strictly."""
    place = ("-schema-location", f"{schemas}/{LAYOUT}", "-kubernetes-version", f"1.{minor}.0")
    return [program, "-strict", "-summary", "-verbose", "-output", output, *place, *map(str, paths)]
