"""`hmco-charts lint --fix`, `--unsafe-fixes` and `--diff` as a user runs them."""

import shutil
from pathlib import Path

import pytest

INCIDENT = Path(__file__).parents[2] / "examples" / "incident" / "before.yaml"
SECRETS = ("vault-secure-password-change-me", "lakefs-pw-123")


@pytest.fixture
def incident(tmp_path: Path) -> Path:
    return Path(shutil.copy(INCIDENT, tmp_path / "incident.yaml"))


def test_safe_fixes_are_written_and_the_rest_is_reported(run, incident: Path) -> None:
    result = run("lint", "--fix", incident.name)
    assert result.returncode == 1
    assert "VLT001: Rename connection_string to connection_url" in result.stderr
    assert "VLT001" not in result.stdout
    before, after = INCIDENT.read_text(), incident.read_text()
    assert after == before.replace("connection_string", "connection_url", 1)


def test_a_diff_shows_no_secret_and_writes_nothing(run, incident: Path) -> None:
    result = run("lint", "--unsafe-fixes", "--diff", incident.name)
    assert result.returncode == 1
    assert '-      connection_string = "postgresql://vault:••••@' in result.stdout
    assert "+  connection-url: ••••" in result.stdout
    assert "-      securityContext:" in result.stdout
    assert not any(secret in result.stdout + result.stderr for secret in SECRETS)
    assert incident.read_text() == INCIDENT.read_text()


def test_nothing_to_mend_is_told(run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
    result = run("lint", "--diff", "a.yaml")
    assert (result.returncode, result.stdout) == (0, "")
    assert "0 findings would be mended" in result.stderr


def test_standard_input_is_refused(run) -> None:
    result = run("lint", "--fix", "-", stdin=INCIDENT.read_text())
    assert result.returncode == 2
    assert "Name the file." in result.stderr
