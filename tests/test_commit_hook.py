"""The real pre-commit in a scratch repository: a bad commit is refused with the finding, the mended one passes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
BAD = 'ui = true\nstorage "postgresql" {\n  connection_string = "postgresql://{{ .Values.user }}@db/vault"\n}\n'
TEMPLATE = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\ndata:\n  vault.hcl: |\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """An empty repository in which pre-commit is installed."""
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    git(tmp_path, "config", "user.email", "test@example.com")
    git(tmp_path, "config", "user.name", "test")
    return tmp_path


def use(repository: Path, hook: str) -> None:
    """Installs one of our hooks, run from this environment instead of one that pre-commit would make."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    chosen = [{**each, "language": "system"} for each in hooks if each["id"] == hook]
    configuration = {"repos": [{"repo": "local", "hooks": chosen}]}
    (repository / ".pre-commit-config.yaml").write_text(yaml.safe_dump(configuration))
    call(repository, "pre-commit", "install")
    git(repository, "add", ".pre-commit-config.yaml")


def git(repository: Path, *words: str, succeeds: bool = True) -> str:
    return call(repository, "git", *words, succeeds=succeeds)


def call(repository: Path, *words: str, succeeds: bool = True) -> str:
    path = os.pathsep.join((str(BIN), os.environ["PATH"]))
    home = repository.with_name("pre-commit")
    environment = {**os.environ, "PATH": path, "PRE_COMMIT_HOME": str(home), "PRE_COMMIT_COLOR": "never"}
    result = subprocess.run(words, cwd=repository, env=environment, capture_output=True, text=True, check=False)
    assert (result.returncode == 0) is succeeds, result.stdout + result.stderr
    return result.stdout + result.stderr


def stage(repository: Path, configuration: str) -> None:
    """A chart with this configuration of Vault, staged."""
    chart = repository / "charts" / "vault-config"
    (chart / "templates").mkdir(parents=True, exist_ok=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: vault-config\nversion: 1.0.0\n")
    (chart / "values.yaml").write_text("user: vault\n")
    text = TEMPLATE + "".join(f"    {line}\n" for line in configuration.splitlines())
    (chart / "templates" / "config.yaml").write_text(text)
    git(repository, "add", "charts")


def test_a_bad_commit_is_refused_with_the_finding_and_the_mended_one_passes(repository: Path) -> None:
    use(repository, "hmco-charts-lint")
    stage(repository, BAD)
    output = git(repository, "commit", "--message", "bad", succeeds=False)
    assert "--> charts/vault-config/templates/config.yaml:9:7" in output
    assert output.count("error[VLT001]") == 1  # all staged files are of one chart, which is linted once
    stage(repository, BAD.replace("connection_string", "connection_url"))
    git(repository, "commit", "--message", "good")


def test_a_commit_with_a_chart_edited_by_hand_is_refused_until_it_is_rendered(repository: Path) -> None:
    use(repository, "hmco-charts-render-check")
    call(repository, "hmco-charts", "render")
    notes = repository / "charts" / "vault" / "templates" / "NOTES.txt"
    notes.write_text("edited\n")
    git(repository, "add", "charts")
    assert "changed: charts/vault/templates/NOTES.txt" in git(repository, "commit", "--message", "x", succeeds=False)
    notes.unlink()
    call(repository, "hmco-charts", "render")
    git(repository, "add", "charts")
    git(repository, "commit", "--message", "rendered")
