"""Writes schemas/kubernetes/custom.gz and custom.md: schemas of the custom resources of well-known operators.

Their definitions come out of registry packages, with Go and Maven; tools/custom_resources/sources.yaml
names them with their versions and licences, and what is ours because no package has it. A line of custom.gz is a kind,
as `cert-manager.io/v1/Issuer`, and its structural schema without descriptions, separated by a tab.
"""

import gzip
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from hmco_charts import yamlio  # noqa: E402 - the tool runs from a checkout
from hmco_charts.conformance import crds  # noqa: E402

SOURCES = ROOT / "tools" / "custom_resources"
TARGET = ROOT / "schemas" / "kubernetes"
MODES = ("go", "types", "maven", "ours")
GENERATOR = "sigs.k8s.io/controller-tools"
POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>a</groupId>
<artifactId>a</artifactId><version>1</version><dependencies><dependency><groupId>{}</groupId><artifactId>{}</artifactId>
<version>{}</version><exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>
</dependency></dependencies></project>"""


def main() -> None:
    sources = yamlio.read((SOURCES / "sources.yaml").read_text())[0].value
    found: dict[str, str] = {}
    kinds: dict[str, set[str]] = defaultdict(set)
    for source in sources:
        for text in texts(source):
            for name, schema in schemas(text):
                extend(schema, source.get("later", {}))
                found[name] = json.dumps(shrunk(schema), separators=(",", ":"), sort_keys=True)
                kinds[title(source)].add(name)
    lines = (f"{name}\t{schema}" for name, schema in sorted(found.items()))
    (TARGET / "custom.gz").write_bytes(gzip.compress("\n".join(lines).encode(), 9, mtime=0))
    (TARGET / "custom.md").write_text(page(kinds))
    print(f"{len(found)} kinds, {(TARGET / 'custom.gz').stat().st_size:,} bytes")


def texts(source: dict[str, Any]) -> Iterator[str]:
    """The definitions of a source, as written."""
    if "ours" in source:
        yield (SOURCES / source["ours"]).read_text()
    elif "go" in source:
        words = ["go", "mod", "download", "-json", f"{source['go']}@{source['version']}"]
        told = subprocess.run(words, check=True, capture_output=True, text=True, cwd=tempfile.gettempdir()).stdout
        yield from (file.read_text() for file in sorted(Path(json.loads(told)["Dir"]).glob(source["files"])))
    elif "types" in source:
        yield generated(source)
    else:
        yield from jar(source)


def generated(source: dict[str, Any]) -> str:
    """The definitions that controller-gen makes of Go types, as their project does."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "go.mod").write_text("module types\n")
        Path(folder, "types.go").write_text("package types\n")
        modules = (f"{source['types']}@{source['version']}", f"{GENERATOR}@{source['generator']}")
        words = [f"{GENERATOR}/cmd/controller-gen", "crd", f"paths={source['types']}/...", "output:stdout"]
        environment = {**os.environ, "GOFLAGS": "-mod=mod"}
        run = partial(subprocess.run, check=True, capture_output=True, text=True, cwd=folder, env=environment)
        run(["go", "get", *modules])
        return run(["go", "run", *words]).stdout


def jar(source: dict[str, Any]) -> Iterator[str]:
    group, artifact = source["maven"].split(":")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "pom.xml").write_text(POM.format(group, artifact, source["version"]))
        words = ["mvn", "-B", "-q", "dependency:copy-dependencies", "-DoutputDirectory=out"]
        subprocess.run(words, check=True, cwd=folder)
        (file,) = Path(folder, "out").glob("*.jar")
        with zipfile.ZipFile(file) as archive:
            names = [name for name in archive.namelist() if fnmatch(name, source["files"])]
            yield from (archive.read(name).decode() for name in names)


def extend(schema: dict[str, Any], later: dict[str, list[str]]) -> None:
    """Add words to the enumerations of some fields."""
    for path, words in later.items():
        field = schema
        for step in path.split("."):
            field = field.get("properties", {}).get(step, {})
        if "enum" in field:
            field["enum"] = [*field["enum"], *words]


def schemas(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for document in yamlio.read(text):
        if crds.is_definition(document.value):
            for (api_version, kind), schema in crds.schemas(document.value):
                yield f"{api_version}/{kind}", schema


def shrunk(schema: Any, *, is_map: bool = False) -> Any:
    """The schema without its descriptions."""
    if isinstance(schema, list):
        return [shrunk(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if is_map or key != "description"}
    return {key: shrunk(value, is_map=key == "properties" and not is_map) for key, value in kept.items()}


def title(source: dict[str, Any]) -> str:
    mode = next(mode for mode in MODES if mode in source)
    place = "written for this project" if mode == "ours" else f"{mode} `{source[mode]}` {source['version']}"
    return f"{source['name']}: {place}, {source['licence']}"


def page(kinds: dict[str, set[str]]) -> str:
    """What is in the file, from where, under which licence."""
    parts = [f"## {name}\n\n{', '.join(f'`{kind}`' for kind in sorted(found))}\n" for name, found in kinds.items()]
    head = "# Schemas of custom resources\n\nWritten by `tools/custom_resources.py` out of registry packages.\n"
    return "\n".join([head, *parts])


if __name__ == "__main__":
    main()
