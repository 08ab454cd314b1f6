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
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
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
SELECTOR = "apimachinery.pkg.apis.meta.v1.LabelSelector"
INTEGERS = {"int32": 2**31, "int64": 2**63}
LEFT_OUT = {"description", "format", "x-kubernetes-group-version-kind", "x-kubernetes-unions"}
SELECTORS = ("podSelector", "namespaceSelector")
DEFAULTS = {"protocol": "TCP"}  # keys of list-maps that need not be written
AMOUNTS = ("api.core.v1.PersistentVolumeClaim", "api.core.v1.ResourceRequirements")
UNCHECKED = {name: f"{name}.unchecked" for name in (META, SELECTOR, *AMOUNTS)}
EXPOSED = {
    "required": ["ports"],
    "properties": {"ports": {"type": "array", "contains": {"type": "object", "required": ["hostPort"]}}},
}
PLAIN = {"enum": ["cpu", "memory", "ephemeral-storage", "storage"]}  # resources that are shared out
READ = "container[.]apparmor[.]|(container[.])?seccomp[.]|controller[.]kubernetes[.]io/"  # annotations
WINDOWS = {
    "required": ["securityContext"],
    "properties": {
        "securityContext": {
            "required": ["windowsOptions"],
            "properties": {"windowsOptions": {"required": ["hostProcess"]}},
        }
    },
}
LEAST = {"array": "minItems", "string": "minLength"}
GIVEN = ["array", "boolean", "number", "object", "string"]

Schema = dict[str, Any]

# What a value has in which a check may find something; to call one costs ten times what this does.
CONCERNED: dict[str, Callable[[Any], Schema]] = {
    "at-most-one": lambda fields: {"anyOf": [{"required": pair} for pair in combinations(fields, 2)]},
    "at-most-one-beside": lambda others: {
        "anyOf": [{"minProperties": len(others) + 2}, {"minProperties": 2, "not": {"required": others}}]
    },
    "annotations": lambda _: {
        "required": ["metadata"],
        "properties": {"metadata": {"required": ["annotations"], "properties": {"annotations": keyed(READ)}}},
    },
    "claims": lambda _: contained(mapped("resources", "claims")),
    "container": lambda _: {"required": ["ports"], "properties": {"ports": {"minItems": 2}}},
    "devices": lambda _: contained({"required": ["volumeDevices"]}),
    "distinct": lambda told: {"required": told[:1], "properties": {told[0]: {"minItems": 2}}},
    "distinct-keys": lambda fields: {"required": fields},
    "end-port": lambda _: {"required": ["endPort"]},
    "exactly-one": lambda fields: {"not": {"oneOf": [filled(field) for field in fields]}},
    "files": lambda _: contained(
        {"required": ["env"], "properties": {"env": {"type": "array", "contains": mapped("valueFrom", "fileKeyRef")}}}
    ),
    "generated-labels": lambda _: {"properties": {"spec": {"properties": {"template": mapped("metadata", "labels")}}}},
    "host-process": lambda _: {"anyOf": [WINDOWS, contained(WINDOWS)]},
    "named": lambda _: {"not": {"required": ["name"], "properties": {"name": {"type": "string", "minLength": 1}}}},
    "network-peer": lambda _: {"not": {"oneOf": [mapped("ipBlock"), {"anyOf": [mapped(each) for each in SELECTORS]}]}},
    "one-controller": lambda _: {"required": ["ownerReferences"], "properties": {"ownerReferences": {"minItems": 2}}},
    "page-size": lambda _: {
        "anyOf": [{"required": [each], "properties": {each: keyed("hugepages-")}} for each in ("limits", "requests")]
    },
    "pod": lambda _: {
        "anyOf": [
            *({"required": [each]} for each in ("initContainers", "ephemeralContainers", "hostNetwork")),
            {"required": ["containers"], "properties": {"containers": {"type": "array", "contains": EXPOSED}}},
        ]
    },
    "privileged-escalation": lambda _: {"anyOf": [{"required": ["privileged"]}, mapped("capabilities", "add")]},
    "projected-paths": lambda _: {"required": ["sources"]},
    "requests-within-limits": lambda _: {
        "anyOf": [
            {"required": ["requests", "limits"]},
            {"properties": {"requests": {"not": {"propertyNames": PLAIN}}}, "required": ["requests"]},
            {"properties": {"limits": {"not": {"propertyNames": PLAIN}}}, "required": ["limits"]},
        ]
    },
    "sleep": lambda _: contained({"required": ["lifecycle"]}),
}


def contained(each: Schema) -> Schema:
    """That a container of a pod is such."""
    groups = ("containers", "initContainers")
    return {
        "anyOf": [{"required": [name], "properties": {name: {"type": "array", "contains": each}}} for name in groups]
    }


def keyed(beginning: str) -> Schema:
    """That a mapping has a key that begins so."""
    return {"type": "object", "not": {"propertyNames": {"pattern": f"^(?!{beginning})"}}}


def mapped(field: str, *inner: str) -> Schema:
    """That a field is there and a mapping, with fields of its own."""
    return {"required": [field], "properties": {field: {"type": "object", "required": inner}}}


def filled(field: str) -> Schema:
    """That a field is there, and not empty."""
    return {"required": [field], "properties": {field: {"type": GIVEN, "minLength": 1, "minItems": 1}}}


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
    made = {full.removeprefix(PREFIX): shrunk(schema) for full, schema in definitions.items()}
    made |= {copy: deepcopy(made[name]) for name, copy in UNCHECKED.items()}
    plain = deepcopy(made)
    for name, schema in made.items():
        for rule in rules(name, minor):
            lay(schema, rule)
        drop(schema, name, minor, plain)
    needing = {f"{REFERENCE}{name}" for name, schema in made.items() if schema.get("required")}
    for name, schema in made.items():
        kinds = kinds_of(definitions.get(PREFIX + name, {}))
        if kinds and reference(schema, "metadata") == META:
            lay(schema, identified(kinds[0].rpartition("/")[2], minor))
        if kinds and schema["properties"].get("spec", {}).get("$ref") in needing:
            need(schema, ["spec"])
        fill(schema, needing)
        yield name, ",".join(kinds), schema


def kinds_of(schema: Schema) -> list[str]:
    """The kind that a definition is the schema of; those of `DeleteOptions` and its like are no objects."""
    told = schema.get("x-kubernetes-group-version-kind", ())
    each = [f"{kind['group']}/{kind['version']}/{kind['kind']}".lstrip("/") for kind in told]
    return each if len(each) == 1 else []


def fill(schema: Any, needing: set[str]) -> None:
    """Refuse null where it stands for a mapping that lacks what it needs."""
    if isinstance(schema, list):
        for each in schema:
            fill(each, needing)
    elif isinstance(schema, dict):
        needed = [schema["properties"].get(name, {}) for name in schema.get("required", ()) if "properties" in schema]
        for each in [schema.get("items"), *needed]:
            if isinstance(each, dict) and each.get("$ref") in needing:
                each["type"] = "object"
        fill(list(schema.values()), needing)


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
        made["items"] = {**made["items"], "type": "object"}
        made["allOf"] = [{"if": {"minItems": 2}, "then": named}]  # one entry alone has no twin
    return made


def rules(name: str, minor: int) -> Iterator[Schema]:
    told = RULES["definitions"].get(name, ())
    for rule in told if isinstance(told, list) else [told] * bool(told):
        if minor in span(rule.get("versions", "0-99")):
            yield {key: value for key, value in rule.items() if key != "versions"}


def drop(schema: Schema, name: str, minor: int, plain: dict[str, Schema]) -> None:
    """Have fields that no rule is about."""
    told = RULES["dropped"].get(name, {})
    for field in (field for field, versions in told.items() if minor in span(versions)):
        schema["properties"][field] = whole(plain[name]["properties"][field], plain)


def whole(schema: Any, plain: dict[str, Schema]) -> Any:
    """A schema without rules, references and fields that must be there: the forms of what is decoded alone."""
    if isinstance(schema, list):
        return [whole(each, plain) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return whole(plain[schema["$ref"].removeprefix(REFERENCE)], plain)
    return {
        key: whole(value, plain) for key, value in schema.items() if key != "required" or not isinstance(value, list)
    }


def identified(kind: str, minor: int) -> Schema:
    """The rule of a kind's metadata: a name, or the beginning of one that the API server makes."""
    told = RULES["names"].get(kind, RULES["names"]["default"])
    if isinstance(told, dict):
        told = next(name for versions, name in told.items() if minor in span(versions))
    prefix = f"{told}-prefix"
    names: Schema = {"name": {"is": told}, "generateName": {"is": prefix if prefix in RULES["texts"] else told}}
    if kind not in RULES["freely-finalized"]:
        names["finalizers"] = {"items": {"form": "finalizer"}}
    if kind in RULES["nameless"]:
        return {"properties": {"metadata": {"properties": names}}}
    return {"needs": ["metadata"], "properties": {"metadata": {"properties": names, "x-check": {"named": True}}}}


def lay(schema: Schema, rule: Schema, *, is_optional: bool = True) -> None:
    """Lay a rule over a schema."""
    for key, value in rule.items():
        if key in WORDS:
            WORDS[key](schema, value, is_optional)
        elif isinstance(value, dict):
            lay(schema.setdefault(key, {}), value, is_optional=key not in ("propertyNames", "items"))
        else:
            schema[key] = value


def laid(rule: Schema) -> Schema:
    """A rule alone."""
    schema: Schema = {}
    lay(schema, rule)
    return schema


def need(schema: Schema, names: list[str]) -> None:
    """Have fields that are there, and not empty."""
    known = schema.get("properties", {})
    wanted = [name for name in names if name in known or schema.get("additionalProperties") is not False]
    schema["required"] = sorted({*schema.get("required", ()), *wanted})
    for name in wanted:
        part = schema.setdefault("properties", {}).setdefault(name, {})
        part |= given(part, GIVEN)
        part |= {limit: 1 for kind, limit in LEAST.items() if kind in part["type"]}


def given(schema: Schema, kinds: Sequence[str] = ()) -> Schema:
    """The types of a value that is not null; `kinds` where the schema has none."""
    told = schema.get("type", kinds)
    return {"type": [kind for kind in told if kind != "null"]} if isinstance(told, list) and told else {}


def release(schema: Schema, names: list[str]) -> None:
    """Have fields that need not be there."""
    schema["required"] = [name for name in schema.get("required", ()) if name not in names]
    for name in names:
        part = schema["properties"].get(name, {})
        if isinstance(part.get("type"), str):
            part["type"] = [part["type"], "null"]


def words(schema: Schema, told: list[Any], is_optional: bool) -> None:
    """Have words of which the value is one."""
    schema["enum"] = [*told, *([None, ""] if is_optional and "" not in told else [])]


def form(schema: Schema, name: str, is_optional: bool) -> None:
    """Have a text that is not empty."""
    schema.update(text(name, is_optional=False) | ({} if is_optional else given(schema)))


def unset(schema: Schema, reasons: dict[str, str], _: bool) -> None:
    """Have fields that are not there."""
    fields(schema, {name: {"options": ["", []], "x-says": says} for name, says in reasons.items()})


def cases(schema: Schema, told: list[Schema], _: bool) -> None:
    """Have rules for the values that each is for."""
    schema.setdefault("allOf", []).extend({"if": case["if"], "then": laid(case["then"])} for case in told)


def check(schema: Schema, called: Schema) -> None:
    """Have checks called, each where it concerns the value."""
    for name, argument in called.items():
        if name in CONCERNED:
            concerned = {"if": CONCERNED[name](argument), "then": {"x-check": {name: argument}}}
            schema.setdefault("allOf", []).append(concerned)
        else:
            schema.setdefault("x-check", {})[name] = argument


def fields(schema: Schema, rule: Schema) -> None:
    is_definition = schema.get("additionalProperties") is False
    for name, each in rule.items():
        if not is_definition or name in schema.get("properties", {}):
            required = name in schema.get("required", ())
            lay(schema.setdefault("properties", {}).setdefault(name, {}), each, is_optional=not required)


WORDS: dict[str, Callable[[Schema, Any, bool], None]] = {
    "$ref": lambda schema, name, _: schema.update({"$ref": REFERENCE + UNCHECKED[name]}),
    "cases": cases,
    "enum": words,
    "form": form,
    "is": lambda schema, name, is_optional: schema.update(text(name, is_optional=is_optional)),
    "needs": lambda schema, names, _: need(schema, names),
    "optional": lambda schema, names, _: release(schema, names),
    "options": lambda schema, words, _: schema.update({"enum": [*words, None]}),
    "properties": lambda schema, rule, _: fields(schema, rule),
    "unset": unset,
    "x-check": lambda schema, called, _: check(schema, called),
}
"""What the words of rules do to a schema, that need not be there where the last argument is true."""


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
