"""What holds for every object of every profile and scenario, and what plain Helm refuses."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hmco_charts import credentials, helm, resources, yamlio
from hmco_charts.helm import SchemaViolationError
from hmco_charts.values.vault import Vault
from tests.charts.release import Manifest, containers, pod_templates, run

Render = Callable[..., dict[str, Manifest]]

SCENARIOS = sorted((resources.directory("chart_templates") / "vault/ci").glob("*-values.yaml"))
CASES = [*((profile, None) for profile in ("dev", "ha", "ha-postgresql")), *(("ha", path) for path in SCENARIOS)]
RESTRICTED = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "readOnlyRootFilesystem": True,
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case[1].name if case[1] else case[0])
def found(request: pytest.FixtureRequest, objects: Render) -> dict[str, Manifest]:
    profile, scenario = request.param
    return objects(scenario.read_text() if scenario else "{}", profile=profile)


def test_every_container_is_restricted_and_has_its_share(found: dict[str, Manifest]) -> None:
    ours = ("server", "backup", "bootstrap", "wait-for-database", "generator", "health")
    for name, pod in pod_templates(found):
        assert pod["spec"]["enableServiceLinks"] is False, name
        assert pod["spec"]["securityContext"]["runAsNonRoot"] is True, name
        for one in containers(pod):
            added = {"add": ["IPC_LOCK"]} if "vault:2.0.1" in one["image"] else {}
            allowed = RESTRICTED | {"capabilities": {"drop": ["ALL"]} | added}
            assert one["securityContext"] == allowed, name
            if one["name"] in ours:
                assert {"cpu", "memory", "ephemeral-storage"} == set(one["resources"]["requests"]), name
                assert {"memory", "ephemeral-storage"} == set(one["resources"]["limits"]), name


def test_only_pods_that_call_the_api_have_a_token(found: dict[str, Manifest]) -> None:
    mounted = {name for name, pod in pod_templates(found) if pod["spec"]["automountServiceAccountToken"]}
    assert mounted <= {"StatefulSet/vault", "Job/vault-secret-generator"}


def test_objects_name_their_namespace_and_carry_the_labels(found: dict[str, Manifest]) -> None:
    for name, one in found.items():
        labels = one["metadata"]["labels"]
        assert one["metadata"].get("namespace", "security") == "security", name
        assert (labels["app.kubernetes.io/name"], labels["app.kubernetes.io/instance"]) == ("vault", "vault"), name
        assert labels["helm.sh/chart"].startswith("vault-"), name


def test_no_configuration_and_no_pod_holds_a_credential(found: dict[str, Manifest]) -> None:
    assert [name for name, one in found.items() if one["kind"] == "Secret"] == []
    for name, one in found.items():
        for key, text in one.get("data", {}).items() if one["kind"] == "ConfigMap" else ():
            assert credentials.find(text, key) == [], name
    for name, pod in pod_templates(found):
        for one in containers(pod):
            literal = [variable for variable in one.get("env", []) if "value" in variable]
            assert [v["name"] for v in literal if credentials.judge(v["name"], v["value"])] == [], name
            assert credentials.in_command([*one.get("command", []), *one.get("args", [])]) == [], name


@pytest.mark.parametrize("path", [None, *SCENARIOS], ids=lambda path: path.stem if path else "default")
def test_rendering_again_gives_the_same_text_without_stray_blanks(charts: dict[str, Path], path: Path | None) -> None:
    told = yamlio.read(path.read_text())[0].value if path else {}
    first, second = (helm.engine().render(charts["ha"], told, name="vault", namespace="security") for _ in range(2))
    assert first == second
    assert [name for name, text in first.items() if any(line != line.rstrip() for line in text.splitlines())] == []


def test_labels_registry_and_placement_reach_every_pod(objects: Render) -> None:
    (scenario,) = (path for path in SCENARIOS if path.name == "every-pod-placed-values.yaml")
    for name, pod in pod_templates(objects(scenario.read_text())):
        spec, metadata = pod["spec"], pod["metadata"]
        assert (metadata["labels"]["team"], metadata["annotations"]["example.org/owner"]) == ("platform", "platform")
        assert spec["imagePullSecrets"] == [{"name": "mirror"}], name
        assert (spec["nodeSelector"], spec["priorityClassName"], spec["runtimeClassName"]) == (
            {"kubernetes.io/os": "linux"},
            "system-cluster-critical",
            "gvisor",
        ), name
        assert "runAsUser" not in spec["securityContext"], name
        own = [one["image"] for one in containers(pod) if not one["image"].startswith("busybox")]
        assert [image for image in own if not image.startswith("registry.example.org/mirror/")] == [], name


def test_selectors_never_hold_what_may_change(objects: Render) -> None:
    plain, labelled = (
        objects(told)["StatefulSet/vault"]["spec"]
        for told in ({}, {"commonLabels": {"team": "a"}, "podLabels": {"tier": "b"}})
    )
    assert plain["selector"] == labelled["selector"]
    assert plain["volumeClaimTemplates"] == labelled["volumeClaimTemplates"]


@pytest.mark.parametrize(
    "key", ["global", "storage", "seal", "pdb", "tls", "metrics", "commonLabels", "networkPolicy", "extraEnvVars"]
)
def test_null_means_the_default(objects: Render, key: str) -> None:
    assert objects({key: None}) == objects()


def test_null_takes_an_entry_of_a_map_away(objects: Render) -> None:
    for name in ("generatedSecrets", "externalSecrets", "commonLabels", "podAnnotations", "nodeSelector"):
        assert objects({name: {"example": None}}) == objects()


@pytest.mark.parametrize(("pods", "spared"), [(2, 1), (3, 1), (4, 1), (5, 2)])
def test_a_drain_may_take_what_a_quorum_spares_and_one_pod_at_least(objects: Render, pods: int, spared: int) -> None:
    told = objects({"replicaCount": pods, "storage": {"postgresql": {"host": "db"}}}, profile="ha-postgresql")
    assert told["PodDisruptionBudget/vault"]["spec"]["maxUnavailable"] == spared


def test_a_generated_secret_is_made_once(objects: Render, tmp_path: Path) -> None:
    (tmp_path / "kubectl").write_text(_KUBECTL)
    (tmp_path / "kubectl").chmod(0o755)
    told = {"generatedSecrets": {"made": {"keys": {"password": {"length": 24}, "token": {}}}}}
    (generator,) = containers(objects(told)["Job/vault-secret-generator"]["spec"]["template"])
    for _ in range(2):
        done = run(generator, secrets={}, folders={"/tmp": tmp_path}, path=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
    calls = (tmp_path / "calls").read_text().splitlines()
    asked = "-n security get secret made --ignore-not-found -o name"
    assert calls == [asked, f"-n security create -f {tmp_path}/secret.json", asked]
    (made,) = yamlio.read((tmp_path / "made").read_text())
    assert made.value["metadata"] == {"name": "made"}
    assert {key: len(value) for key, value in made.value["stringData"].items()} == {"password": 24, "token": 32}
    assert not (tmp_path / "secret.json").exists()


def test_a_generated_secret_reaches_other_namespaces_as_it_is(objects: Render, tmp_path: Path) -> None:
    (tmp_path / "kubectl").write_text(_KUBECTL)
    (tmp_path / "kubectl").chmod(0o755)
    told = {"generatedSecrets": {"made": {"keys": {"password": {}}, "namespaces": ["apps"]}}}
    rendered = objects(told)
    role, binding = (rendered[f"{kind}/vault-secret-generator-in-apps"] for kind in ("Role", "RoleBinding"))
    (generator,) = containers(rendered["Job/vault-secret-generator"]["spec"]["template"])
    for _ in range(2):
        done = run(generator, secrets={}, folders={"/tmp": tmp_path}, path=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
    (copy,) = yamlio.read((tmp_path / "made-in-apps").read_text())
    assert (copy.value["metadata"], copy.value["data"]) == ({"name": "made"}, {"password": "QQ=="})
    creations = [line for line in (tmp_path / "calls").read_text().splitlines() if " create " in line]
    assert [line.split()[1] for line in creations] == ["security", "apps"]
    assert {each["metadata"]["namespace"] for each in (role, binding)} == {"apps"}
    assert binding["roleRef"]["name"] == role["metadata"]["name"]
    assert binding["subjects"] == [
        {"kind": "ServiceAccount", "name": "vault-secret-generator", "namespace": "security"}
    ]


_KUBECTL = """#!/bin/sh
folder=$(dirname "$0")
made="$folder/made"
[ "$2" = security ] || made="$folder/made-in-$2"
printf '%s\\n' "$*" >> "$folder/calls"
case "$3 $*" in
  get*jsonpath*) echo '{"password":"QQ=="}' ;;
  get*) [ ! -e "$made" ] || echo secret/made ;;
  create*) cp "$5" "$made" ;;
esac
"""


def postgresql(**more: Any) -> dict[str, Any]:
    return {"type": "postgresql", "postgresql": {"host": "db", "password": {"name": "db"}, **more}}


REFUSED: dict[str, Mapping[str, Any]] = {
    "file storage with three pods": {"storage": {"type": "file"}},
    "a backup of file storage": {"replicaCount": 1, "storage": {"type": "file"}, "backup": {"enabled": True}},
    "an even number of voters": {"replicaCount": 4},
    "a TLS mode that falls back": {"storage": postgresql(sslMode="prefer")},
    "no database": {"storage": {"type": "postgresql"}},
    "no password": {"storage": {"type": "postgresql", "postgresql": {"host": "db"}}},
    "a bootstrap without an administrator": {"storage": postgresql(bootstrap={"enabled": True})},
    "a bootstrap with a whole URL": {
        "storage": postgresql(
            connectionUrl={"name": "db"}, bootstrap={"enabled": True, "admin": {"password": {"name": "db"}}}
        )
    },
    "a user with SQL in its name": {"storage": postgresql(username='v"; DROP')},
    "the key of the incident": {"storage": postgresql(connectionString="postgres://db")},
    "a password in a host": {"storage": postgresql(host="vault:pw@db")},
    "locking of memory by the environment": {"extraEnvVars": [{"name": "VAULT_DISABLE_MLOCK", "value": "false"}]},
    "a configuration by the environment": {"extraEnvVars": [{"name": "VAULT_LOCAL_CONFIG", "value": "{}"}]},
    "a tag without a version": {"distribution": {"vault": {"image": {"tag": "latest"}}}},
    "a seal without its key": {"seal": {"type": "awskms"}},
    "no issuer": {"tls": {"type": "certManager"}},
    "no Secret for TLS": {"tls": {"existingSecret": {"name": ""}}},
    "a version of TLS that the server does not know": {"listener": {"tlsMinVersion": "1.2"}},
}


@pytest.mark.parametrize("told", REFUSED.values(), ids=REFUSED)
def test_plain_helm_and_the_types_refuse(charts: dict[str, Path], told: dict[str, Any]) -> None:
    with pytest.raises(SchemaViolationError):
        helm.engine().validate(charts["ha"], told)
    with pytest.raises(ValidationError):
        Vault.model_validate(told)


def test_a_broken_rule_says_why() -> None:
    with pytest.raises(ValidationError) as refused:
        Vault.model_validate({"storage": {"type": "file"}})
    (fault,) = refused.value.errors()
    assert fault["msg"] == (
        "replicaCount must be 0 or 1 where storage.type is file: "
        "each pod would be a Vault of its own, and a running file store has no consistent copy"
    )
