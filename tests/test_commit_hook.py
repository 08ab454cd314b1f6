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
TEMPLATE = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: vault\ndata:\n  vault.hcl: |\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with our hooks, run from this environment instead of one that pre-commit would install."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    local = {"repo": "local", "hooks": [{**hook, "language": "system"} for hook in hooks]}
    (tmp_path / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [local]}))
    chart = tmp_path / "charts" / "vault-config"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: vault-config\nversion: 1.0.0\n")
    (chart / "values.yaml").write_text("user: vault\n")
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    git(tmp_path, "config", "user.email", "test@example.com")
    git(tmp_path, "config", "user.name", "test")
    git(tmp_path, "add", ".pre-commit-config.yaml")
    git(tmp_path, "commit", "--quiet", "--message", "hooks")
    git(tmp_path, "pre-commit-install")
    return tmp_path


def git(folder: Path, *words: str, succeeds: bool = True) -> str:
    path = os.pathsep.join((str(BIN), os.environ["PATH"]))
    environment = {**os.environ, "PATH": path, "PRE_COMMIT_HOME": str(folder / ".cache"), "PRE_COMMIT_COLOR": "never"}
    command = ["pre-commit", "install"] if words == ("pre-commit-install",) else ["git", *words]
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert (result.returncode == 0) is succeeds, result.stdout + result.stderr
    return result.stdout + result.stderr


def stage(repository: Path, configuration: str) -> None:
    text = TEMPLATE + "".join(f"    {line}\n" for line in configuration.splitlines())
    (repository / "charts" / "vault-config" / "templates" / "config.yaml").write_text(text)
    git(repository, "add", "charts")


def test_a_bad_commit_is_refused_with_the_finding_and_the_mended_one_passes(repository: Path) -> None:
    stage(repository, BAD)
    output = git(repository, "commit", "--message", "bad", succeeds=False)
    assert "charts/vault-config/templates/config.yaml:9:7: error VLT001" in output
    assert output.count("VLT001") == 1  # the template and the chart's other files are one chart, linted once
    stage(repository, BAD.replace("connection_string", "connection_url"))
    git(repository, "commit", "--message", "good")
