"""Rules of other packages: the one of docs/plugins.md, and packages with faults."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "plugins.md").read_text()
(RULE,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
(PROJECT,) = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
ENTRY = re.search(r'^\[project\.entry-points\."(?P<group>.+)"\]\n(?P<name>\w+) = "(?P<value>.+)"', PROJECT)
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: app}\nspec:\n  containers:\n    - name: app\n      image: app:1.0\n"
Install = Callable[..., dict[str, str]]


@pytest.fixture
def install(tmp_path: Path) -> Install:
    """Installs a package with rules in a folder of its own, and gives the environment that finds it."""

    def write(module: str, value: str = "acme_rules", package: str = "acme-rules") -> dict[str, str]:
        folder = tmp_path / "site"
        information = folder / f"{package.replace('-', '_')}-1.0.0.dist-info"
        information.mkdir(parents=True)
        (folder / f"{value.partition(':')[0]}.py").write_text(module)
        (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0.0\n")
        (information / "entry_points.txt").write_text(f"[{ENTRY['group']}]\n{ENTRY['name']} = {value}\n")
        return {"PYTHONPATH": f"{folder}:{ROOT}"}

    return write


def refusal(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert result.stderr.endswith("\n  Mend, update or uninstall acme-rules.\n")
    return result.stderr


def test_the_rule_of_the_guide_has_ten_lines() -> None:
    assert len([line for line in RULE.splitlines() if line.strip()]) == 10


@pytest.mark.parametrize("value", [ENTRY["value"], f"{ENTRY['value']}:ImageFromElsewhere"])
def test_the_rule_of_the_guide_finds_lists_and_explains(run, install: Install, value: str) -> None:
    environment = install(RULE, value)
    result = run("lint", "-", "--select", "ACME", "--format", "json", stdin=POD, **environment)
    (finding,) = json.loads(result.stdout)["findings"]
    assert (finding["rule"], finding["line"], finding["locator"]) == ("ACME001", 7, "container/app")
    assert "ACME001" in run("rules", **environment).stdout
    assert "registry.acme.example" in run("explain", "image-from-elsewhere", **environment).stdout


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("from hmco_charts.lint import Rule", "import nothing_of_that_name"), "ModuleNotFoundError"),
        (("from hmco_charts.lint import Rule", "raise SystemExit(0)"), "SystemExit"),
        ((RULE, "answer = 42"), "neither a rule nor a module with rules"),
        (('"ACME001"', '"VLT001"'), "VLT001 is already a rule of hmco-charts"),
        (('"image-from-elsewhere"', '"vault-storage-connection-string"'), "is already a rule of hmco-charts"),
        (('"ACME001"', '"HMC001"'), "HMC"),
        (('"ACME001"', "1"), "its `id` is missing, or no text"),
        (('"image-from-elsewhere"', '"Image From"'), "its name 'Image From'"),
        (("def check", "profile = 'all'\n    def check"), "its profile 'all'"),
        (("def check", "severity = 'error'\n    def check"), "its severity"),
        (("def check", "def __init__(self): raise OSError('no network')\n    def check"), "no network"),
    ],
)
def test_a_package_with_a_fault_is_refused_by_name(run, install: Install, change: tuple[str, str], fault: str) -> None:
    environment = install(RULE.replace(*change))
    message = refusal(run("lint", "-", stdin=POD, **environment))
    assert message.startswith("error: the package acme-rules brings rules (acme = acme_rules) that cannot be used: ")
    assert fault in message


def test_two_packages_with_one_id_are_refused(run, install: Install) -> None:
    install(RULE)
    environment = install(RULE, "beta_rules", "beta-rules")
    result = run("rules", **environment)
    assert result.returncode == 2
    assert "ACME001 is already a rule of acme-rules" in result.stderr


@pytest.mark.parametrize("body", ["raise KeyError('x')", "yield 'text'", "return 7"])
def test_a_rule_that_fails_is_a_finding_that_names_its_package(run, install: Install, body: str) -> None:
    environment = install(RULE.partition("        for each")[0] + f"        {body}\n")
    result = run("lint", "-", "--select", "ACME001", "--format", "json", stdin=POD, **environment)
    assert result.returncode == 3
    (finding,) = [each for each in json.loads(result.stdout)["findings"] if each["rule"] == "HMC001"]
    assert "ACME001" in finding["message"]
    assert "acme_rules" in finding["help"]
