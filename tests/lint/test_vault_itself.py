"""What the rules say that Vault does, Vault does."""

import subprocess
from pathlib import Path

import pytest

from hmco_charts import yamlio
from hmco_charts.lint import lint
from hmco_charts.lint.fixing import fix, write
from tests.services import vault
from tests.services.ports import free_port

LISTENER = 'listener "tcp" {\n  address = "127.0.0.1:PORT"\n  tls_disable = true\n}\n'
STORAGE = 'storage "inmem" {}\n'
DATABASE = 'storage "postgresql" {\n  KEY = "postgres://vault@127.0.0.1:1/vault"\n}\n'
UNLOCKED = "disable_mlock = true\n"
MANIFEST = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: vault-config}
data:
  vault.hcl: |
CONFIGURATION
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: vault}
spec:
  selector: {matchLabels: {app: vault}}
  template:
    metadata: {labels: {app: vault}}
    spec:
      containers:
        - name: vault
          image: hashicorp/vault:1.13.3
          command: [vault]
          args: [ARGUMENTS]
          volumeMounts: [{name: config, mountPath: /vault/config}]
      volumes: [{name: config, configMap: {name: vault-config}}]
"""


def manifest(folder: Path, configuration: str, arguments: str) -> Path:
    indented = "\n".join(f"    {line}" for line in configuration.replace("PORT", str(free_port())).splitlines())
    text = MANIFEST.replace("CONFIGURATION", indented).replace("ARGUMENTS", arguments)
    (folder / "vault.yaml").write_text(text, "utf-8")
    return folder / "vault.yaml"


def said(file: Path, *before: str) -> str:
    """What Vault says until it ends, with the configuration and the arguments of a manifest."""
    configuration, deployment = (each.value for each in yamlio.read(file.read_text("utf-8")))
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    (file.parent / "config").mkdir(exist_ok=True)
    (file.parent / "config/vault.hcl").write_text(configuration["data"]["vault.hcl"], "utf-8")
    words = [word.replace("=/vault/", f"={file.parent}/") for word in container["args"]]
    done = subprocess.run([*before, vault.program(), *words], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    return done.stdout + done.stderr


def messages(file: Path) -> dict[str, str]:
    return {each.rule: each.message for each in lint([file]).findings}


@pytest.mark.parametrize(
    ("rule", "configuration", "arguments", "message"),
    [
        (
            "VLT001",
            UNLOCKED + LISTENER + DATABASE.replace("KEY", "connection_string"),
            "server, -config=/vault/config",
            "missing connection_url",
        ),
        (
            "VLT003",
            UNLOCKED + LISTENER + STORAGE + 'storage "file" {\n  path = "/vault/data"\n}\n',
            "server, -config=/vault/config",
            'only one "storage" block is permitted',
        ),
        (
            "VLT004",
            UNLOCKED + LISTENER + STORAGE,
            "server, -config=/vault/config, -config=/vault/config/vault.hcl",
            "address already in use",
        ),
    ],
)
def test_a_server_stops_as_the_rule_says(
    tmp_path: Path, rule: str, configuration: str, arguments: str, message: str
) -> None:
    file = manifest(tmp_path, configuration, arguments)
    assert message in said(file)
    assert message in messages(file)[rule]


def test_a_server_without_the_capability_cannot_lock_its_memory(tmp_path: Path) -> None:
    file = manifest(tmp_path, LISTENER + STORAGE, "server, -config=/vault/config")
    without = ("setpriv", "--bounding-set=-ipc_lock", "--inh-caps=-ipc_lock")
    assert "Failed to lock memory" in said(file, *without)
    assert "Failed to lock memory" in messages(file)["VLT002"]


def test_the_key_that_the_fix_writes_is_the_one_that_the_server_reads(tmp_path: Path) -> None:
    configuration = UNLOCKED + LISTENER + DATABASE.replace("KEY", "connection_string")
    file = manifest(tmp_path, configuration, "server, -config=/vault/config")
    write(fix([file]).changes)
    assert "connection_url" in file.read_text("utf-8")
    assert "connection refused" in said(file)
