"""The schemas that travel with the package, and those of custom resources."""

from copy import deepcopy
from typing import Any

import pytest

from hmco_charts.conformance import crds
from hmco_charts.conformance.definitions import NEWEST, OLDEST, definitions
from hmco_charts.conformance.judge import faults
from hmco_charts.conformance.schemas import Schemas

CRONTAB: dict[str, Any] = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "crontabs.example.com"},
    "spec": {
        "group": "example.com",
        "scope": "Namespaced",
        "names": {"plural": "crontabs", "kind": "CronTab"},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "required": ["metadata", "spec"],
                        "properties": {
                            "spec": {
                                "type": "object",
                                "required": ["image"],
                                "properties": {
                                    "image": {"type": "string"},
                                    "replicas": {"type": "integer", "minimum": 1, "exclusiveMinimum": True},
                                    "port": {
                                        "x-kubernetes-int-or-string": True,
                                        "anyOf": [{"type": "integer"}, {"type": "string"}],
                                    },
                                    "mode": {"type": "string", "enum": ["a", "b"]},
                                    "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
                                    "map": {"type": "object", "additionalProperties": {"type": "string"}},
                                    "rules": {
                                        "type": "array",
                                        "x-kubernetes-list-type": "map",
                                        "x-kubernetes-list-map-keys": ["host", "port"],
                                        "items": {
                                            "type": "object",
                                            "required": ["host"],
                                            "properties": {
                                                "host": {"type": "string"},
                                                "port": {"type": "integer", "default": 80},
                                            },
                                        },
                                    },
                                    "min": {"type": "integer"},
                                    "max": {"type": "integer"},
                                },
                                "x-kubernetes-validations": [
                                    {
                                        "rule": "!has(self.min) || !has(self.max) || self.min <= self.max",
                                        "message": "min must not be above max",
                                        "fieldPath": ".min",
                                    },
                                    {"rule": "!has(oldSelf.image) || self.image == oldSelf.image", "message": "fixed"},
                                ],
                            }
                        },
                    }
                },
            },
            {"name": "v0", "served": False, "storage": False, "schema": {"openAPIV3Schema": {"type": "object"}}},
        ],
    },
}


def crontab(**spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "example.com/v1",
        "kind": "CronTab",
        "metadata": {"name": "a"},
        "spec": {"image": "i", **spec},
    }


def told(
    manifest: dict[str, Any], *, is_strict: bool = True, definition: dict[str, Any] = CRONTAB
) -> list[tuple[str, ...]]:
    schemas = Schemas(NEWEST, is_strict=is_strict)
    schemas.add([definition])
    return [(*map(str, fault.path), fault.message) for fault in faults(schemas, manifest)]


@pytest.mark.parametrize("minor", [OLDEST, 31, NEWEST])
def test_every_kind_of_a_version_has_a_schema_that_compiles(minor: int) -> None:
    schemas = Schemas(minor)
    kinds = [kind.rpartition("/") for kind in definitions(minor).kinds()]
    assert [kind for api, _, kind in kinds if schemas.validator(api, kind) is None] == []
    assert ("apps/v1", "/", "Deployment") in kinds


@pytest.mark.parametrize(
    ("api_version", "kind", "since", "until"),
    [
        ("flowcontrol.apiserver.k8s.io/v1beta2", "FlowSchema", 25, 28),
        ("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", 30, NEWEST),
        ("autoscaling/v2beta2", "HorizontalPodAutoscaler", 25, 25),
        ("batch/v1", "CronJob", OLDEST, NEWEST),
    ],
)
def test_a_version_serves_what_it_served(api_version: str, kind: str, since: int, until: int) -> None:
    served = [minor for minor in range(OLDEST, NEWEST + 1) if definitions(minor).schema(api_version, kind)]
    assert served == list(range(since, until + 1))


def test_a_custom_resource_that_follows_its_definition_is_right() -> None:
    spec = {"replicas": 2, "port": "http", "mode": "a", "free": {"any": [1]}, "map": {"x": "y"}, "min": 1, "max": 2}
    assert told(crontab(**spec)) == []
    assert told(crontab(port=80)) == []


@pytest.mark.parametrize(
    ("spec", "fault"),
    [
        ({"imge": "x"}, ("spec", "imge", "unknown field imge: did you mean image?")),
        ({"replicas": 1}, ("spec", "replicas", "1 must be above 1")),
        ({"port": []}, ("spec", "port", "is a list, but must be a whole number or a text")),
        ({"mode": "c"}, ("spec", "mode", "'c' must be one of a, b")),
        ({"map": {"x": 1}}, ("spec", "map", "x", "is a whole number, but must be a text")),
        ({"min": 3, "max": 2}, ("spec", "min", "min must not be above max")),
        ({"image": None}, ("spec", "image", "is empty, but must be a text")),
        ({"port": None}, ("spec", "port", "is empty, but must be a whole number or a text")),
    ],
)
def test_a_custom_resource_is_held_to_its_definition(spec: dict[str, Any], fault: tuple[str, ...]) -> None:
    assert told(crontab(**spec)) == [fault]


def test_unknown_fields_are_left_where_it_is_not_strict() -> None:
    assert told(crontab(imge="x"), is_strict=False) == []


def test_a_custom_resource_has_the_metadata_of_any_object() -> None:
    wrong = crontab() | {"metadata": {"name": "A", "lables": {}}}
    assert [each[:2] for each in told(wrong)] == [("metadata", "name"), ("metadata", "lables")]


def test_a_rule_that_cannot_be_evaluated_is_told() -> None:
    rules = [{"rule": "self.image.includes('a')", "message": "m"}]
    spec = {"type": "object", "properties": {"image": {"type": "string"}}, "x-kubernetes-validations": rules}
    version = {"name": "v1", "served": True, "schema": {"openAPIV3Schema": {"properties": {"spec": spec}}}}
    definition = {**CRONTAB, "spec": {**CRONTAB["spec"], "versions": [version]}}
    (fault,) = told(crontab(), definition=definition)
    assert fault[1].startswith(f"the rule {rules[0]['rule']!r} was not evaluated: No matching overloads found")


def test_rules_on_what_was_before_hold_for_a_new_object() -> None:
    from hmco_charts.conformance.cel import broken

    rule = {"rule": "!oldSelf.hasValue() || self == oldSelf.value()", "message": "m", "optionalOldSelf": True}
    assert list(broken([rule, {"rule": "self == oldSelf", "message": "m"}], 1)) == []


def test_rules_know_bytes() -> None:
    from hmco_charts.conformance.cel import broken

    schema = {"properties": {"a": {"type": "string", "format": "byte"}}}
    rule = {"rule": "self.a == b'ab'", "message": "m"}
    assert list(broken([rule], {"a": "YWI="}, schema)) == []
    assert [fault.message for fault in broken([rule], {"a": "YWM="}, schema)] == ["m"]


@pytest.mark.parametrize(
    "rule",
    ["isIP('::ffff:1.2.3.4')", "isCIDR('10.0.0.1/255.0.0.0')", "isURL('http://a b')", "isQuantity(' 1')"],
)
def test_what_go_does_not_read_is_none(rule: str) -> None:
    from hmco_charts.conformance.cel import broken

    assert [fault.message for fault in broken([{"rule": rule, "message": "m"}], {})] == ["m"]


def test_a_rule_that_misses_a_key_is_broken() -> None:
    from hmco_charts.conformance.cel import broken

    (fault,) = broken([{"rule": "self.size > 1", "message": "needs a size"}], {"name": "x"})
    assert (fault.kind, fault.message) == ("custom-rule", 'needs a size (Key not found in map : "size")')


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ("self.text.split('/').size() == 2 && self.text.split('/')[1] == 'b'", True),
        ("self.list.map(x, x + '!').join(',') == 'x!,y!'", True),
        ("self.text.lowerAscii() == self.text && self.text.indexOf('/') == 1", True),
        ("self.text.find('[a-z]$') == 'b' && self.text.replace('/', '') == 'ab'", True),
        ("self.list.isSorted() && self.numbers.sum() == 3", True),
        ("quantity(self.size).isGreaterThan(quantity('1Gi'))", False),
        ("isURL(self.text) || isIP(self.text) || isCIDR('10.0.0.0/8') == false", False),
        ("self.list.all(x, self.list.exists_one(y, y == x))", True),
        ("has(self.nothing) ? self.nothing > 1 : true", True),
        ("self.?nothing.orValue('') == '' && self.numbers.max() == 2", True),
        ("'%s of %d'.format([self.text, self.numbers[1]]) == 'a/b of 2'", True),
    ],
)
def test_rules_have_the_functions_of_kubernetes(rule: str, holds: bool) -> None:
    from hmco_charts.conformance.cel import broken

    value = {"text": "a/b", "list": ["x", "y"], "numbers": [1, 2], "size": "512Mi"}
    assert [fault.message for fault in broken([{"rule": rule, "message": "broken"}], value)] == ["broken"] * (not holds)


def test_only_served_versions_of_a_definition_have_a_schema() -> None:
    assert [key for key, _ in crds.schemas(CRONTAB)] == [("example.com/v1", "CronTab")]


@pytest.mark.parametrize(
    "field",
    [
        {"type": "object", "default": {}, "properties": {"a": {"type": None, "nullable": True}}},
        {
            "type": "array",
            "default": [],
            "items": {},
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": [{}],
        },
    ],
)
def test_a_definition_of_wrong_types_is_refused(field: dict[str, Any]) -> None:
    definition = deepcopy(CRONTAB)
    definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["status"] = field
    assert told(definition) != []
