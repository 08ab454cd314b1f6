"""`hmco-charts.yaml`: what it gives, and what it says of faults."""

import json
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from hmco_charts.configuration import Cluster, Configuration, LintSettings, Maintainer, find, read
from hmco_charts.errors import ConfigurationError

SCHEMA = Path(__file__).parents[2] / "schemas" / "hmco-charts.schema.json"
EVERYTHING = """\
maintainers:
  - {name: Platform, email: platform@example.org}
lint:
  profile: production
  select: [VLT, SEC001]
  ignore: [VLT006]
  severity: info
  confidence: high
  severities: {TLS005: error}
  scenarios:
    vault:
      big: [values-big.yaml]
  exclude: [vendor/**]
  baseline: baseline.json
  suppressions:
    - {rule: VLT001, object: ConfigMap/vault/vault, reason: migrated in May, until: "2027-01-31"}
cluster:
  nodes: 1
  zones: 1
  kubernetes: "1.31"
  domain: cluster.local
  pod_security: {"*": baseline}
  allowed_unsafe_sysctls: [net.core.*]
  memlock: limited
  swap: false
  storage_classes: [standard]
  hosts: [db.example.com]
  objects: [Secret/vault/tls]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "hmco-charts.yaml"


def told(file: Path, text: str) -> str:
    file.write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        read(file)
    return str(caught.value).replace(str(file.parent), "")


def test_everything(file: Path) -> None:
    file.write_text(EVERYTHING)
    found = read(file)
    assert found.maintainers == (Maintainer("Platform", "platform@example.org"),)
    assert found.cluster == Cluster(
        nodes=1,
        zones=1,
        kubernetes="1.31",
        pod_security={"*": "baseline"},
        allowed_unsafe_sysctls=("net.core.*",),
        memlock="limited",
        swap=False,
        storage_classes=("standard",),
        hosts=("db.example.com",),
        objects=("Secret/vault/tls",),
    )
    assert found.lint.scenarios == {"vault": {"big": (file.parent / "values-big.yaml",)}}
    assert (found.lint.profile, found.lint.select, found.lint.ignore) == ("production", ("VLT", "SEC001"), ("VLT006",))
    assert (found.lint.severity, found.lint.confidence) == ("info", "high")
    assert (found.lint.severities, found.lint.exclude) == ({"TLS005": "error"}, (f"{file.parent}/vendor/**",))
    assert found.lint.baseline == file.parent / "baseline.json"
    [suppression] = found.lint.suppressions
    assert (suppression.rule, suppression.until, suppression.at.line) == ("VLT001", date(2027, 1, 31), 16)


def test_the_schema_knows_every_setting(file: Path) -> None:
    schema = json.loads(SCHEMA.read_text())
    Draft7Validator.check_schema(schema)
    properties = schema["properties"]
    assert set(properties["cluster"]["properties"]) == set(Cluster.__dataclass_fields__)
    assert set(properties["lint"]["properties"]) == set(LintSettings.__dataclass_fields__)
    assert set(properties) == set(Configuration.__dataclass_fields__) - {"file"}


def test_an_empty_file_and_none_say_nothing(file: Path) -> None:
    file.write_text("# later\n")
    assert read(file).lint == read(None).lint == LintSettings()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lnt: {}\n", "/hmco-charts.yaml:1:1: unknown key `lnt`; did you mean `lint`?"),
        ("lint:\n  profil: min\n", "/hmco-charts.yaml:2:3: unknown key `lint.profil`; did you mean `profile`?"),
        ("lint:\n  profile: strict\n", "/hmco-charts.yaml:2:12: `lint.profile` must be one of"),
        ("cluster:\n  nodes: many\n", "/hmco-charts.yaml:2:10: `cluster.nodes` must be of type integer"),
        ("cluster:\n  nodes: 0\n", "/hmco-charts.yaml:2:10: `cluster.nodes` must be at least 1"),
        ("cluster:\n  kubernetes: 1.31\n", "/hmco-charts.yaml:2:15: `cluster.kubernetes` must be of type string"),
        ("cluster:\n  pod_security: {a: strict}\n", "`cluster.pod_security.a` must be one of"),
        ("lint:\n  suppressions:\n    - {rule: VLT001}\n", "'reason' is a required property"),
        ("lint:\n  suppressions:\n    - {rule: A, reason: b, until: '2027-02-31'}\n", "`2027-02-31` is no day"),
        ("maintainers: [{nick: x}]\n", "unknown key `maintainers.0.nick`"),
        ("a: 1\n---\nb: 2\n", "several documents"),
        ("lint: [\n", "not readable as YAML"),
        ("- lint\n", "`the file` must be of type object"),
    ],
)
def test_a_fault_has_its_place_and_what_is_allowed(file: Path, text: str, message: str) -> None:
    file.write_text(text)
    with pytest.raises(Exception) as caught:
        read(file)
    assert message in str(caught.value).replace(str(file.parent), "")


def test_every_fault_is_told(file: Path) -> None:
    message = told(file, "lint:\n  profile: strict\n  severity: fatal\ncluster:\n  nodes: x\n")
    assert message.count("must be") == 3


def test_the_nearest_file_holds(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert find(inner) is None
    (tmp_path / "hmco-charts.yaml").write_text("{}")
    assert find(inner) == tmp_path / "hmco-charts.yaml"
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.hmco-charts.cluster]\nnodes = 3\n[tool.hmco-charts]\n")
    assert read(find(inner)).cluster.nodes == 3


def test_nothing_is_taken_from_beyond_the_repository(tmp_path: Path) -> None:
    (tmp_path / "hmco-charts.yaml").write_text("{}")
    repository = tmp_path / "repository"
    (repository / ".git").mkdir(parents=True)
    assert find(repository) is None


def test_a_fault_in_pyproject_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text("[tool.hmco-charts.lint]\nprofil = 'min'\n")
    with pytest.raises(ConfigurationError, match=r"unknown key `lint.profil`"):
        read(file)
    file.write_text("[tool.hmco-charts\n")
    with pytest.raises(ConfigurationError, match="not readable as TOML"):
        read(file)
