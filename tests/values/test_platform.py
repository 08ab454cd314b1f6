"""`platform.yaml`: its faults, and its JSON Schema."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from hmco_charts.errors import ValuesError
from hmco_charts.values import schema
from hmco_charts.values.platform import Platform, read
from tests.conftest import Golden

SCHEMA = Path(__file__).parents[2] / "schemas" / "platform.schema.json"
NODES = "cluster:\n  nodes: [{cpu: 4, memory: 8Gi}]\n"


def test_the_schema_is_that_of_the_types(golden: Golden) -> None:
    golden.check(SCHEMA, json.dumps(schema(Platform), indent=2) + "\n")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (NODES, "platform.yaml:1:1: systems is missing"),
        (NODES + "systms: {}\nsystems: {}\n", "platform.yaml:3:1: unknown value systms\n  did you mean 'systems'?"),
        (NODES + "size: huge\nsystems: {}\n", "platform.yaml:3:7: size must be 'dev', 'small' or 'ha'; given 'huge'"),
        (
            "cluster:\n  nodes: []\nsystems: {}\n",
            "platform.yaml:2:10: cluster.nodes ",
        ),
        (NODES + "systems: {Vault: {}}\n", "platform.yaml:3:11: the key systems.Vault must be a name of a system"),
        (
            NODES + "certificates: {type: certManager}\nsystems: {}\n",
            "platform.yaml:3:15: certificates.certManager.issuerRef.name must be set where type is certManager",
        ),
        (NODES + "systems:\n  vault: {namspace: x}\n", "platform.yaml:4:11: unknown value systems.vault.namspace"),
        (NODES + "systems: [\n", "platform.yaml:"),
        ("", "platform.yaml: cannot be read: No such file or directory"),
    ],
)
def test_a_fault_is_told_with_its_place(text: str, told: str, tmp_path: Path) -> None:
    file = tmp_path / "platform.yaml"
    if text:
        file.write_text(text)
    with pytest.raises(ValuesError) as caught:
        read(file)
    assert str(caught.value).replace(f"{tmp_path}/", "").startswith(told)


def test_the_schema_accepts_what_the_types_accept_and_refuses_what_they_refuse() -> None:
    contract = schema(Platform)
    good = {**yaml.safe_load(NODES), "systems": {"vault": None, "postgresql": {"size": "ha"}}}
    jsonschema.Draft7Validator(contract).validate(good)
    Platform.model_validate(good)
    for bad in ({**good, "more": 1}, {**good, "systems": {"A": {}}}, {**good, "cluster": {}}, {"systems": {}}):
        assert not jsonschema.Draft7Validator(contract).is_valid(bad)
        with pytest.raises(ValueError, match="validation error"):
            Platform.model_validate(bad)
