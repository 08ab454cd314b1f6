"""A custom resource with a field for each rule and format, and values that the API server takes and refuses."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.conformance.verdicts import Case

_GROUP = "tests.example.com"
_FIELDS = yaml.safe_load(Path(__file__).with_name("rules.yaml").read_text("utf-8"))


def definition() -> dict[str, Any]:
    """The definition of the resource."""
    fields = {f"field{number}": _schema(each) for number, each in enumerate(_FIELDS)}
    schema = {"type": "object", "properties": {"spec": {"type": "object", "properties": fields}}}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    names = {"plural": "ruleds", "kind": "Ruled"}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"ruleds.{_GROUP}"},
        "spec": {"group": _GROUP, "scope": "Namespaced", "names": names, "versions": [version]},
    }


def _schema(field: dict[str, Any]) -> dict[str, Any]:
    rules = [{"rule": field["rule"], "message": "broken"}] if "rule" in field else []
    return field["schema"] | {"x-kubernetes-validations": rules}


def cases() -> Iterator[Case]:
    """A resource for each value."""
    for number, field in enumerate(_FIELDS):
        for word in ("taken", "refused"):
            for value in field[word]:
                name = f"{field.get('rule') or field['schema']} {value!r}"
                yield Case(name, _resource({f"field{number}": value}), is_taken=word == "taken")


def _resource(spec: dict[str, Any]) -> dict[str, Any]:
    return {"apiVersion": f"{_GROUP}/v1", "kind": "Ruled", "metadata": {"name": "a"}, "spec": spec}
