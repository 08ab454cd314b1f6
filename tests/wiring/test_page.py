"""docs/platform.md tells every key, and its example is what it says."""

import re
from pathlib import Path

from hmco_charts.values import Values
from hmco_charts.values.platform import ClusterProfile, ExternalSecrets, Nodes, Platform, PrometheusOperator, System
from hmco_charts.wiring import FORMATS, prepare

PAGE = (Path(__file__).parents[2] / "docs" / "platform.md").read_text("utf-8")
KEYS = PAGE.split("## The file")[1]


def test_every_key_is_told() -> None:
    told = set(re.findall(r"[A-Za-z]+", " ".join(re.findall(r"`([^`]+)`", KEYS))))
    models: list[type[Values]] = [Platform, ClusterProfile, Nodes, ExternalSecrets, PrometheusOperator, System]
    keys = {field.alias or name for model in models for name, field in model.model_fields.items()}
    assert sorted(keys - told) == []


def test_the_plan_is_that_of_the_example(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "platform.yaml").write_text(example)
    (plan,) = re.findall(r"\$ hmco-charts plan platform.yaml\n(.*?)```", PAGE, re.DOTALL)
    assert FORMATS["text"](prepare(tmp_path / "platform.yaml")) == plan


def test_what_is_written_is_told(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "platform.yaml").write_text(example)
    files = prepare(tmp_path / "platform.yaml").tree.files
    tops = {path.split("/")[0] for path in files}
    section = PAGE.split("## Writing and installing it")[1].split("\n## ")[0]
    told = {path.split("/")[0] for path in re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)}
    assert tops == {path for path in told if not path.startswith("hmco-charts export")}
