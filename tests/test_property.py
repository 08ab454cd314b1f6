"""Whatever values a chart's schema admits, the release keeps the three policies and is YAML that Helm renders.

Documents are drawn around the positions of the schema: several settings at once, each of the right shape or one of
the texts that a hurried person might put there. A violated run prints the document.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st

from hmco_charts import generate, yamlio
from hmco_charts.helm import engine
from hmco_charts.lint import Confidence, Finding, Severity, find
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.values import charts
from tests.values.attack import CREDENTIALS, Contract, Position

POLICIES = ("VLT001", "VLT002", "SEC001", "SEC002", "SEC003")
HURRIED = (
    *CREDENTIALS.values(),
    "tr0ub4dor-and-3",
    "changeme",
    "DB_PASSWORD=tr0ub4dor-and-3",
    'x" }\nstorage "postgresql" { connection_string = "y',
    "{{ .Release.Name }}",
    "true",
    "1e3",
    "a: b",
    "- x",
    "# x",
    "line\nline",
    "'",
    '"',
    "x/y",
    "example.org",
)
CASES = [(name, profile) for name, chart in charts().items() for profile in chart.profiles]


def chart(folder: Path, name: str, profile: str) -> tuple[Path, dict[str, Any], list[Position], Any]:
    """The chart written for a profile, its defaults, the positions of its schema, and the schema's validator."""
    target = folder / profile / name
    generate.write(generate.render(name, profile=profile), target)
    schema = json.loads((target / "values.schema.json").read_text())
    defaults = yaml.safe_load((target / "values.yaml").read_text())
    return target, defaults, list(Contract(schema).positions()), jsonschema_rs.validator_for(schema)


def values(node: Any) -> st.SearchStrategy[Any]:
    """Values of the shape that a node of the schema asks for, and now and then of another."""
    if "enum" in node:
        return st.sampled_from(node["enum"])
    kinds = [node["type"]] if isinstance(node.get("type"), str) else list(node.get("type", ()))
    drawn = [KINDS[kind](node) for kind in kinds if kind in KINDS]
    return st.one_of(*drawn) if drawn else st.none()


def texts(node: Any) -> st.SearchStrategy[str]:
    known = st.sampled_from([*node.get("examples", ()), *HURRIED])
    return st.one_of(known, st.from_regex(node["pattern"], fullmatch=True)) if "pattern" in node else known


KINDS = {
    "string": texts,
    "integer": lambda node: st.integers(node.get("minimum", 0), node.get("maximum", 100)),
    "boolean": lambda _: st.booleans(),
    "null": lambda _: st.none(),
}


def breaks(finding: Finding) -> bool:
    """Whether a policy is broken: what no Vault is known to read, as in a variable of one's own sidecar, is free."""
    is_of_nobody = finding.rule == "VLT001" and finding.confidence < Confidence.HIGH
    return finding.severity >= Severity.WARNING and not is_of_nobody


@pytest.mark.parametrize(("name", "profile"), CASES)
def test_what_the_schema_admits_keeps_the_policies(
    name: str, profile: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, defaults, positions, validator = chart(tmp_path_factory.mktemp("property"), name, profile)
    leaves = [position for position in positions if "properties" not in position.node]

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        document: dict[str, Any] = {}
        for position in data.draw(st.lists(st.sampled_from(leaves), min_size=1, max_size=4)):
            document = yamlio.merge(document, position.holding(data.draw(values(position.node))))
        assume(validator.is_valid(yamlio.merge(defaults, document)))
        note(f"{name} with profile {profile} and values:\n{json.dumps(document, indent=2)}")
        release = Release(tuple(objects(engine().render(folder, document, is_partial=True))))
        found = [finding for policy in POLICIES for finding in find(policy).check(release)]
        assert [finding.message for finding in found if breaks(finding)] == []

    holds()


def objects(manifests: dict[str, str]) -> Iterator[KubernetesObject]:
    """The objects of a release; the text of each template must be YAML."""
    for name, text in manifests.items():
        if not name.endswith("NOTES.txt"):
            yield from (KubernetesObject(document.value, document) for document in yamlio.read(text, name))
