import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

import helm_python
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from hmco_charts import yamlio
from hmco_charts.configuration import Maintainer
from hmco_charts.errors import ChartError
from hmco_charts.generate import ChartTree, emit, render, write
from hmco_charts.values.types import COMMON
from hmco_charts.yamlio import merge
from tests.values.toys import TOY, Toy

CHART_YAML = """\
apiVersion: v2
name: toy
description: A toy.
type: application
version: "1.2.0"
appVersion: "3.4"
kubeVersion: ">=1.25.0-0"
maintainers:
  - name: Platform
    url: "https://example.org"
annotations:
  artifacthub.io/category: security
  artifacthub.io/changes: |
    - kind: added
      description: A toy of two lines.
    - kind: security
      description: No more holes.
  artifacthub.io/containsSecurityUpdates: "true"
  artifacthub.io/images: |
    - name: toy
      image: "example/toy:3.4"
  artifacthub.io/license: Apache-2.0
"""


@pytest.fixture(scope="module")
def tree() -> ChartTree:
    return render(TOY)


def test_the_chart_has_its_files_and_none_of_the_machinery(tree: ChartTree) -> None:
    assert list(tree.files) == [
        ".helmignore",
        "CHANGELOG.md",
        "Chart.yaml",
        "LICENSE",
        "README.md",
        "ci/busy-values.yaml",
        "templates/_helpers.tpl",
        "templates/configmap.yaml",
        "templates/deployment.yaml",
        "templates/external-secrets.yaml",
        "templates/secret-generator.yaml",
        "values.schema.json",
        "values.yaml",
    ]


def test_chart_yaml_says_versions_changes_and_images() -> None:
    people = [Maintainer("Platform", url="https://example.org")]
    assert render(TOY, maintainers=people).text("Chart.yaml") == CHART_YAML


def test_the_values_are_the_chart_s_defaults() -> None:
    tree = render(TOY, sets=["server.replicas=2", "commonLabels.team=x", "global.other.key=1"], profile="ha")
    (document,) = yamlio.read(tree.text("values.yaml"))
    expected = Toy().document()
    expected["server"]["replicas"] = 2
    expected["commonLabels"] = {"team": "x"}
    expected["global"]["other"] = {"key": 1}
    assert document.value == expected


def test_values_yaml_tells_what_each_key_means(tree: ChartTree) -> None:
    text = tree.text("values.yaml")
    assert text.startswith("# yaml-language-server: $schema=values.schema.json\n")
    assert "\n  # User id; null lets the cluster choose.\n  user: 1000\n" in text
    assert "\n# Where the data are.\nstorage:\n  # Which of them. One of disk, database.\n  type: disk\n" in text
    assert '\n    digest: ""\n' in text
    assert "\n  # minAvailable" not in text


def test_a_chart_s_own_values_stand_before_those_that_every_chart_has(tree: ChartTree) -> None:
    keys = list(yamlio.read(tree.text("values.yaml"))[0].value)
    assert keys[:3] == ["server", "storage", "tls"]
    assert set(keys[3:]) == COMMON


def test_an_unset_value_stands_there_as_a_comment() -> None:
    assert "\n  # User id; null lets the cluster choose.\n  # user:\n" in render(TOY, sets=["server.user=null"]).text(
        "values.yaml"
    )


def test_the_readme_has_a_row_for_each_value(tree: ChartTree) -> None:
    rows = [line for line in tree.text("README.md").splitlines() if line.startswith("| `server.replicas`")]
    assert rows == ["| `server.replicas` | integer | `1` | Pods. |"]


@pytest.mark.parametrize("profile", ["dev", "ha"])
def test_the_chart_s_own_values_and_scenarios_fit_its_schema(profile: str, tmp_path: Path) -> None:
    tree = render(TOY, profile=profile)
    own = yamlio.read(tree.text("values.yaml"))[0].value
    scenario = yamlio.read(tree.text("ci/busy-values.yaml"))[0].value
    validator = Draft7Validator(json.loads(tree.files["values.schema.json"]))
    validator.validate(own)
    validator.validate(merge(own, scenario))
    write(tree, tmp_path / "toy")
    helm_python.Chart.load(str(tmp_path / "toy")).render(scenario)


BROKEN = {
    "a.yaml.j2": {
        "a: 1\nb: [% if %]\n": ":2: template is broken: Expected an expression, got 'end of statement block'",
        "a: 1\n\nb: [[ nothing ]]\n": ":3: template is broken: 'nothing' is undefined",
        "[% macro m() %][% endmacro %]\n[[ m(1) ]]\n": ":2: template is broken: macro 'm' takes not more than 0",
        "[# #]\n\na: {{ .Values.a.b }}\n": ": nil pointer evaluating interface {}.b in .Values.a.b (line 2 of what",
    },
    "a.yaml": {
        "a: 1\nb: {{ nothing }}\n": ':2: function "nothing" not defined',
        'a: 1\nb: {{ include "toy.pod" (dict "root" .) }}\n': ":2:7: toy.pod needs images",
        "a: [\n": ": what the template gives is not readable as YAML: did not find expected node content (its line 2)",
    },
}


@pytest.mark.parametrize(
    ("name", "text", "told"), [(name, text, told) for name, cases in BROKEN.items() for text, told in cases.items()]
)
def test_a_broken_template_is_told_by_its_source(name: str, text: str, told: str, tmp_path: Path) -> None:
    for path, content in {"profiles/dev.yaml": "", f"templates/{name}": text}.items():
        (tmp_path / path).parent.mkdir()
        (tmp_path / path).write_text(content)
    with pytest.raises(ChartError) as caught:
        render(dataclasses.replace(TOY, folder=tmp_path))
    assert str(caught.value).startswith(f"{tmp_path}/templates/{name}{told}")


RENDER = """
import hashlib
from hmco_charts.generate import render
from tests.values.toys import TOY
tree = render(TOY, sets=["commonLabels.b=x", "commonLabels.a=y"])
print(hashlib.sha256(b"".join(path.encode() + content for path, content in tree.files.items())).hexdigest())
"""


def test_the_bytes_do_not_depend_on_locale_time_zone_or_hash_seed() -> None:
    places = [("C", "UTC", "1"), ("de_AT.UTF-8", "Asia/Kathmandu", "2"), ("tr_TR.UTF-8", "America/Lima", "3")]
    runs = [
        subprocess.run(
            [sys.executable, "-c", RENDER],
            env={**os.environ, "LC_ALL": locale, "TZ": zone, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            check=True,
        ).stdout
        for locale, zone, seed in places
    ]
    assert len(set(runs)) == 1


SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"]))
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text("abyno:1 #-_é\n"), inner), max_leaves=12
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text("abc", min_size=1), TREES))
def test_what_is_written_as_yaml_is_read_back(value: dict[str, object]) -> None:
    (document,) = yamlio.read(emit.yaml(value))
    assert document.value == value
