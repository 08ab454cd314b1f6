"""`hmco-charts verify`: exit codes, files, standard input, and kubectl, which is only ever asked."""

import json
import os
from pathlib import Path

from tests.verify.test_checks import RIGHT, WRONG, dump

SEALED = dump(WRONG["sealed"][1])
FINE = dump(RIGHT["running"])

_KUBECTL = """#!/bin/sh
printf '%s\\n' "$*" >> "$(dirname "$0")/calls"
case "$*" in
  *certificates*) echo "error: the server doesn't have a resource type \\"certificates\\"" >&2; exit 1 ;;
  *externalsecrets*) echo '{"kind": "List", "items": []}' ;;
  *) cat "$(dirname "$0")/dump.json" ;;
esac
"""


def with_kubectl(folder: Path, script: str = _KUBECTL) -> str:
    (folder / "kubectl").write_text(script)
    (folder / "kubectl").chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def test_a_saved_dump_is_checked(run, tmp_path: Path) -> None:
    (tmp_path / "dump.json").write_text(SEALED)
    done = run("verify", "dump.json")
    assert (done.returncode, done.stdout.splitlines()) == (
        1,
        [
            "error[vault-sealed] Pod/vault-prod/vault-0: this Vault is sealed",
            "  `kubectl -n vault-prod exec -it vault-0 -- vault operator unseal`.",
            "1 of 1 pods run; 1 problem",
        ],
    )


def test_standard_input_and_several_files_are_one_cluster(run, tmp_path: Path) -> None:
    (tmp_path / "more.json").write_text(FINE + FINE)
    done = run("verify", "-", "more.json", "--format", "json", stdin=SEALED)
    told = json.loads(done.stdout)
    assert (done.returncode, told["pods"], told["running"]) == (1, 3, 3)
    assert [each["check"] for each in told["problems"]] == ["vault-sealed"]


def test_a_cluster_without_a_fault_ends_with_zero(run) -> None:
    done = run("verify", "-", stdin=FINE)
    assert (done.returncode, done.stdout) == (0, "1 of 1 pods run; no problem\n")


def test_a_live_cluster_is_asked_and_never_for_secrets(run, tmp_path: Path) -> None:
    (tmp_path / "dump.json").write_text(SEALED)
    done = run("verify", "--context", "kind-hmco", PATH=with_kubectl(tmp_path))
    assert done.returncode == 1
    calls = (tmp_path / "calls").read_text().splitlines()
    assert all(call.startswith("--context kind-hmco get --all-namespaces --output json ") for call in calls)
    asked = {kind.partition(".")[0] for call in calls for kind in call.split()[-1].split(",")}
    assert "pods" in asked
    assert not asked & {"secrets", "configmaps"}


def test_what_cannot_be_analysed_ends_with_three(run, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text('{"kind": "List",\n "items": [}')
    for words, told in (
        (["absent.json"], "error: absent.json: No such file or directory"),
        (["bad.json"], "error: bad.json:1: is no JSON"),
        (["-"], "error: <stdin>: holds no object"),
    ):
        done = run("verify", *words)
        assert (done.returncode, done.stdout) == (3, "")
        assert done.stderr.startswith(told)
    refusing = "#!/bin/sh\necho 'Unable to connect to the server' >&2\nexit 1\n"
    done = run("verify", PATH=with_kubectl(tmp_path, refusing))
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        3,
        "error: kubectl gives no answer: Unable to connect to the server",
    )
