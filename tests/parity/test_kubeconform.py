"""The verdicts of kubeconform, object by object, on the same files and the same schemas.

What kubeconform refuses is refused here, but for custom resources, whose definitions it does not have. What is refused
here alone is what the API server checks in code, beyond its schemas; the cases in `tests/conformance/cases` tell it.
"""

import copy
import functools
import json
import operator
import random
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks import kubeconform
from tests.conformance.test_cases import CASES, changed

ROOT = Path(__file__).parents[2]
PROGRAM = kubeconform.program()
OWN = re.compile(r"(?m)^apiVersion: (?:v1|\w+/v\d|(?!gateway)[\w.]+[.]k8s[.]io/v\d)$")
GOOD = ("statusValid", "statusSkipped")

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="kubeconform is not installed")

VALUES = {"nothing": None, "number": 7, "text": "x", "list": [1], "mapping": {"a": "b"}, "truth": True}
TEXTS = {
    "yes where a text is wanted": ("{a: yes}", False),
    "a quoted yes": ("{a: 'yes'}", True),
    "an octal number": ("{a: 0644}", False),
    "a number with an exponent": ("{a: 1e3}", False),
    "a time that YAML 1.1 takes for a number": ("{a: 12:30:00}", True),
    "a date": ("{a: 2001-01-01}", True),
    "a number in groups": ("{a: 1_000}", False),
    "an octal number of YAML 1.2": ("{a: 0o14}", False),
    "nothing": ("{a: ~}", True),
    "a key twice": ("{a: b, a: c}", False),
    "binary": ("{a: !!binary aGFsbG8=}", True),
    "an alias": ("{a: &x b, c: *x}", True),
    "a merge": ("{a: b, <<: {c: d}}", True),
    "a folded text": (">-\n  a", False),
}


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("schemas")
    kubeconform.write(folder)
    return folder


@pytest.fixture
def theirs(schemas: Path):
    def call(folder: Path) -> dict[tuple[str, str], str]:
        words = kubeconform.words(str(PROGRAM), schemas, folder, output="json")
        return verdicts(subprocess.run(words, capture_output=True, text=True, check=False).stdout)

    return call


@pytest.fixture
def ours(run):
    def call(folder: Path, output: str = "kubeconform-json") -> dict[tuple[str, str], str]:
        return verdicts(run("validate", "--no-cache", "--verbose", "--output", output, folder).stdout)

    return call


def verdicts(text: str) -> dict[tuple[str, str], str]:
    """The status of each object by its file and name, read as a script written for kubeconform would."""
    found = json.loads(text)["resources"]
    return {(each["filename"], each["name"]): each["status"] for each in found if each["status"]}


def is_good(status: str) -> bool:
    return status in GOOD


def test_verdicts_on_real_manifests_are_the_same(theirs, ours, tmp_path: Path) -> None:
    own = ("v1", "apps/v1", "batch/v1", "policy/v1", "networking.k8s.io/v1", "rbac.authorization.k8s.io/v1")
    for number, file in enumerate(sorted((ROOT / "tests" / "golden" / "vault").glob("*.yaml"))):
        documents = [
            each for each in file.read_text().split("\n---\n") if any(f"apiVersion: {api}\n" in each for api in own)
        ]
        (tmp_path / f"{number}.yaml").write_text("\n---\n".join(documents))
    found = ours(tmp_path)
    assert len(found) > 50
    assert found == theirs(tmp_path)


@pytest.mark.parametrize("seed", range(3))
def test_what_kubeconform_refuses_of_changed_manifests_is_refused(theirs, ours, tmp_path: Path, seed: int) -> None:
    dice, objects = random.Random(seed), standard_objects()
    for number in range(500):
        manifest, told = mutated(dice.choice(objects), dice)
        metadata = manifest.get("metadata")
        manifest["metadata"] = {**(metadata if isinstance(metadata, dict) else {}), "name": f"n{number}"}
        (tmp_path / f"{number} {told}.yaml").write_text(yaml.safe_dump(manifest))
    here, there = ours(tmp_path), theirs(tmp_path)
    assert len(here) == len(there) == 500
    assert sum(not is_good(status) for status in there.values()) > 100
    assert [key for key, status in there.items() if not is_good(status) and is_good(here[key])] == []


def standard_objects() -> list[Any]:
    """The objects of golden renderings whose kinds are Kubernetes' own."""
    files = sorted((ROOT / "tests" / "golden").rglob("*.yaml"))
    texts = (text for file in files for text in file.read_text().split("\n---\n") if "\nkind: " in text)
    return [yaml.safe_load(text) for text in texts if OWN.search(text)]


def mutated(manifest: Any, dice: random.Random) -> tuple[Any, str]:
    """An object with one change somewhere in it, and what was done."""
    made = copy.deepcopy(manifest)
    *above, last = dice.choice([path for path in paths(made) if path[0] not in ("apiVersion", "kind")])
    holder = functools.reduce(operator.getitem, above, made)
    change = dice.choice(["drop", "rename", *VALUES])
    if change == "drop":
        del holder[last]
    elif change == "rename" and isinstance(holder, dict):
        holder[f"{last}X"] = holder.pop(last)
    else:
        holder[last] = VALUES.get(change)
    return made, change


def paths(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*above, key)
        yield from paths(each, (*above, key))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_kubeconform_refuses_is_refused(theirs, ours, tmp_path: Path, case) -> None:
    manifest = changed(case)
    (tmp_path / "a.yaml").write_text(yaml.safe_dump(manifest))
    (here,), (there,) = ours(tmp_path).values(), theirs(tmp_path).values()
    is_custom = "." in manifest["apiVersion"] and not manifest["apiVersion"].endswith("k8s.io/v1")
    if is_good(here) and not is_good(there):
        assert is_custom, "only custom resources, of which we bring the definitions, are valid here alone"
    if is_good(there) and not is_good(here):
        assert case["faults"], "what is refused here alone is told"


@pytest.mark.parametrize("name", TEXTS)
def test_yaml_is_read_alike(theirs, ours, tmp_path: Path, name: str) -> None:
    data, is_valid = TEXTS[name]
    (tmp_path / "a.yaml").write_text(f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata: {data}\n")
    (here,), (there,) = ours(tmp_path).values(), theirs(tmp_path).values()
    assert (is_good(here), is_good(there)) == (is_valid, is_valid)
