"""Prometheus' own tool on the rules of ours: whether it reads them, and what they say of given series."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.services.install import need

Series = Mapping[str, str]
"""Values by series, in promtool's notation: `{'up{pod="a"}': "0x10"}`."""


def check(rules: Mapping[str, Any], folder: Path) -> None:
    """Rules in Prometheus' form (`groups`) that it reads."""
    _run("check", "rules", "--lint-fatal", _written(rules, folder / "rules.json"))


def configuration(text: str, folder: Path) -> None:
    """A server's configuration that it reads; discovery, which Debian's is built without, is taken out of the text."""
    file = folder / "prometheus.yaml"
    file.write_text(re.sub(r"\n    kubernetes_sd_configs:(\n      .*)+", "", text))
    _run("check", "config", "--syntax-only", file)


def read(expressions: Iterable[str], folder: Path) -> None:
    """Expressions that Prometheus reads."""
    rules = [{"record": f"expression:{number}", "expr": each} for number, each in enumerate(expressions)]
    check({"groups": [{"name": "expressions", "rules": rules}]}, folder)


def fires(rules: Mapping[str, Any], alert: str, series: Series, at: str, folder: Path, *, wanted: bool) -> None:
    """Whether an alert fires at a time after the begin of the series, as wanted."""
    expression = f'count(ALERTS{{alertname="{alert}",alertstate="firing"}}) > bool 0'
    samples = [{"labels": "{}", "value": 1}] if wanted else []
    case = {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "promql_expr_test": [{"expr": expression, "eval_time": at, "exp_samples": samples}],
    }
    _written(rules, folder / "rules.json")
    tests = {"rule_files": ["rules.json"], "evaluation_interval": "30s", "tests": [case]}
    _run("test", "rules", _written(tests, folder / "test.json"))


def _written(document: Mapping[str, Any], file: Path) -> Path:
    file.write_text(json.dumps(document))  # YAML reads JSON
    return file


def _run(*words: str | Path) -> None:
    program = need(lambda: shutil.which("promtool"), "prometheus")
    done = subprocess.run([program, *words], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
