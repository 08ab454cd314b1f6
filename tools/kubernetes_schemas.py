"""Writes schemas/kubernetes/definitions.gz: the API of every Kubernetes version that `kubernetes-validate` has.

    tools/kubernetes_schemas.py            # installs the package into a folder of its own first
    tools/kubernetes_schemas.py --from FOLDER

A line of the file is a definition: its name, the minor versions of Kubernetes that have it so (`25-31,33-37`), the
kinds that it is the schema of (`apps/v1/Deployment`), and the schema without descriptions, separated by tabs. What the
API server refuses beyond its published schema is laid over it (tools/kubernetes_rules.yaml).
"""

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "schemas" / "kubernetes" / "definitions.gz"
RULES = yaml.safe_load((ROOT / "tools" / "kubernetes_rules.yaml").read_text())
PREFIX = "io.k8s."
REFERENCE = "#/$defs/"
META = "apimachinery.pkg.apis.meta.v1.ObjectMeta"
INTEGERS = {"int32": 2**31, "int64": 2**63}
LEFT_OUT = {"description", "format", "x-kubernetes-group-version-kind", "x-kubernetes-unions"}
SELECTORS = ("podSelector", "namespaceSelector")
DEFAULTS = {"protocol": "TCP"}  # keys of list-maps that need not be written

Schema = dict[str, Any]

# What a value has in which a check may find something; to call one costs ten times what this does.
CONCERNED: dict[str, Callable[[Any], Schema]] = {
    "at-most-one": lambda fields: {"anyOf": [{"required": pair} for pair in combinations(fields, 2)]},
    "at-most-one-beside": lambda others: {
        "anyOf": [{"minProperties": len(others) + 2}, {"minProperties": 2, "not": {"required": others}}]
    },
    "container": lambda _: {"required": ["ports"], "properties": {"ports": {"minItems": 2}}},
    "distinct-keys": lambda fields: {"required": fields},
    "end-port": lambda _: {"required": ["endPort"]},
    "exactly-one": lambda fields: {"not": {"oneOf": [mapped(field) for field in fields]}},
    "network-peer": lambda _: {"not": {"oneOf": [mapped("ipBlock"), {"anyOf": [mapped(each) for each in SELECTORS]}]}},
    "pod": lambda _: {
        "anyOf": [{"required": [each]} for each in ("initContainers", "ephemeralContainers", "hostNetwork")]
    },
    "privileged-escalation": lambda _: {"anyOf": [{"required": ["privileged"]}, mapped("capabilities", "add")]},
    "requests-within-limits": lambda _: {"required": ["requests", "limits"]},
}


def mapped(field: str, *inner: str) -> Schema:
    """That a field is there and a mapping, with fields of its own."""
    return {"required": [field], "properties": {field: {"type": "object", "required": inner}}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="folder", type=Path, help="where kubernetes-validate is installed")
    told = parser.parse_args()
    if told.folder:
        write(told.folder)
        return
    with tempfile.TemporaryDirectory() as folder:
        words = ["install", "--quiet", "--no-deps", "--target", folder, "kubernetes-validate"]
        subprocess.run([sys.executable, "-m", "pip", *words], check=True)
        write(Path(folder))


def write(folder: Path) -> None:
    found: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for path in sorted((folder / "kubernetes_validate" / "kubernetes-json-schema").glob("v1.*-local-strict")):
        minor = int(path.name.split(".")[1])
        definitions = json.loads((path / "_definitions.json").read_text())["$defs"]
        for name, kinds, schema in converted(definitions, minor):
            found[name, kinds, json.dumps(schema, separators=(",", ":"), sort_keys=True)].append(minor)
    lines = sorted("\t".join((name, ranges(minors), kinds, body)) for (name, kinds, body), minors in found.items())
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(gzip.compress("\n".join(lines).encode(), 9, mtime=0))
    print(f"{len(lines)} definitions, {TARGET.stat().st_size:,} bytes")


def converted(definitions: dict[str, Schema], minor: int) -> Iterator[tuple[str, str, Schema]]:
    for full, schema in definitions.items():
        name = full.removeprefix(PREFIX)
        kinds = kinds_of(schema)
        made = shrunk(schema)
        for rule in rules(name, minor):
            lay(made, rule)
        if len(kinds) == 1 and reference(made, "metadata") == META:
            lay(made, {"properties": {"metadata": {"properties": named(kinds[0].rpartition("/")[2], minor)}}})
        yield name, ",".join(kinds), made


def kinds_of(schema: Schema) -> list[str]:
    """The kind that a definition is the schema of; those of `DeleteOptions` and its like are no objects."""
    told = schema.get("x-kubernetes-group-version-kind", ())
    each = [f"{kind['group']}/{kind['version']}/{kind['kind']}".lstrip("/") for kind in told]
    return each if len(each) == 1 else []


def reference(schema: Schema, field: str) -> str:
    return schema.get("properties", {}).get(field, {}).get("$ref", "").removeprefix(REFERENCE)


def shrunk(schema: Any, *, is_map: bool = False) -> Any:
    """The schema without what is for people, with the limits of its integers."""
    if isinstance(schema, list):
        return [shrunk(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if is_map:
        return {key: shrunk(value) for key, value in schema.items()}
    made = {k: shrunk(v, is_map=k in ("properties", "$defs")) for k, v in schema.items() if k not in LEFT_OUT}
    if "$ref" in made:
        made["$ref"] = made["$ref"].replace(REFERENCE + PREFIX, REFERENCE)
    if schema.get("format") in INTEGERS:
        limit = INTEGERS[schema["format"]]
        made |= {"minimum": -limit, "maximum": limit - 1}
    if schema.get("format") == "byte":
        made |= text("base64", is_optional=True)
    if "oneOf" in made:  # a quantity, or a number or text
        made["type"] = sorted({kind for each in made.pop("oneOf") for kind in each["type"]})
    if made.get("x-kubernetes-list-type") != "set":
        made.pop("x-kubernetes-list-type", None)  # its validation would cost a call, and find nothing
    if "x-kubernetes-list-map-keys" in made:
        keys = made.pop("x-kubernetes-list-map-keys")
        named = {"x-kubernetes-list-map-keys": {key: DEFAULTS.get(key) for key in keys}}
        made["allOf"] = [{"if": {"minItems": 2}, "then": named}]  # one entry alone has no twin
    return made


def rules(name: str, minor: int) -> Iterator[Schema]:
    told = RULES["definitions"].get(name, ())
    for rule in told if isinstance(told, list) else [told] * bool(told):
        if minor in span(rule.get("versions", "0-99")):
            yield {key: value for key, value in rule.items() if key != "versions"}


def named(kind: str, minor: int) -> Schema:
    told = RULES["names"].get(kind, RULES["names"]["default"])
    if isinstance(told, dict):
        told = next(name for versions, name in told.items() if minor in span(versions))
    prefix = f"{told}-prefix"
    return {"name": {"is": told}, "generateName": {"is": prefix if prefix in RULES["texts"] else told}}


def lay(schema: Schema, rule: Schema, *, is_optional: bool = True) -> None:
    """Lay a rule over a schema."""
    for key, value in rule.items():
        if key == "is":
            schema.update(text(value, is_optional=is_optional))
        elif key == "enum":
            schema["enum"] = [*value, *([None, ""] if is_optional and "" not in value else [])]
        elif key == "required":
            schema["required"] = sorted({*schema.get("required", ()), *value})
        elif key == "properties":
            fields(schema, value)
        elif key in ("minimum", "maximum"):
            schema[key] = value
        elif key == "x-check":
            check(schema, value)
        elif isinstance(value, dict):
            lay(schema.setdefault(key, {}), value, is_optional=key != "propertyNames")
        else:
            schema[key] = value


def check(schema: Schema, called: Schema) -> None:
    """Have checks called, each where it concerns the value."""
    for name, argument in called.items():
        if name in CONCERNED:
            concerned = {"if": CONCERNED[name](argument), "then": {"x-check": {name: argument}}}
            schema.setdefault("allOf", []).append(concerned)
        else:
            schema.setdefault("x-check", {})[name] = argument


def fields(schema: Schema, rule: Schema) -> None:
    is_definition = "additionalProperties" in schema or "type" in schema
    for name, each in rule.items():
        if not is_definition or name in schema.get("properties", {}):
            required = name in schema.get("required", ())
            lay(schema.setdefault("properties", {}).setdefault(name, {}), each, is_optional=not required)


def text(name: str, *, is_optional: bool) -> Schema:
    told = RULES["texts"][name]
    made = {"pattern": f"^(?:{told['pattern']}){'?' * is_optional}$", "x-says": told["says"]}
    return made | ({"maxLength": told["maxLength"]} if "maxLength" in told else {})


def span(text_: str) -> range:
    first, last = text_.split("-")
    return range(int(first), int(last) + 1)


def ranges(minors: Iterable[int]) -> str:
    """Numbers in a row as `25-31`."""
    runs: list[list[int]] = []
    for minor in sorted(minors):
        if runs and minor == runs[-1][-1] + 1:
            runs[-1].append(minor)
        else:
            runs.append([minor])
    return ",".join(f"{run[0]}-{run[-1]}" for run in runs)


if __name__ == "__main__":
    main()
