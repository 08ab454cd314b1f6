"""docs/configuration.md names every key of the settings, and its example is one."""

import json
import re
from pathlib import Path

from hmco_charts import configuration

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "configuration.md").read_text()
SCHEMA = json.loads((ROOT / "schemas" / "hmco-charts.schema.json").read_text())


def test_every_key_is_named() -> None:
    keys = [*SCHEMA["properties"], *SCHEMA["properties"]["lint"]["properties"]]
    keys += SCHEMA["properties"]["cluster"]["properties"]
    assert [key for key in keys if f"`{key}`" not in PAGE] == []


def test_the_example_is_read(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "hmco-charts.yaml").write_text(example)
    told = configuration.read(tmp_path / "hmco-charts.yaml")
    assert told.lint.profile == "production"
    assert told.cluster.pod_security["*"] == "baseline"
