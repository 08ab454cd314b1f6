"""The server as rendered, for each program, version, storage and seal."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hmco_charts import resources, yamlio
from hmco_charts.formats import hcl
from tests.charts.release import Manifest, containers, pod_templates

Render = Callable[..., dict[str, Manifest]]

(TABLE,) = yamlio.read((resources.directory("chart_templates") / "vault/files/distributions.yaml").read_text())
PROGRAMS = TABLE.value
CURRENT = {"vault": "2.0.4", "openbao": "2.6.2"}
POSTGRESQL = {"type": "postgresql", "postgresql": {"host": "db.example.org", "password": {"name": "db"}}}

_TRANSIT = {
    "type": "transit",
    "transit": {"address": "https://other:8300", "keyName": "k", "token": {"name": "s", "key": "t"}},
}


def program(type_: str, tag: str = "") -> dict[str, Any]:
    return {"distribution": {"type": type_, **({type_: {"image": {"tag": tag}}} if tag else {})}}


def server(objects: dict[str, Manifest]) -> Manifest:
    (found,) = (one for one in containers(pod(objects)) if one["name"] == "server")
    return found


def pod(objects: dict[str, Manifest]) -> Manifest:
    template: Manifest = objects["StatefulSet/vault"]["spec"]["template"]
    return template


def variables(objects: dict[str, Manifest]) -> dict[str, Any]:
    return {one["name"]: one.get("value", one.get("valueFrom")) for one in server(objects)["env"]}


def secret(name: str, key: str) -> Manifest:
    return {"secretKeyRef": {"name": name, "key": key}}


def attributes(body: hcl.Body) -> dict[str, Any]:
    return {one.key: one.value for one in body.attributes}


def configuration(objects: dict[str, Manifest]) -> hcl.Body:
    body = hcl.parse(objects["ConfigMap/vault-config"]["data"]["server.hcl"])
    assert body.faults == ()
    return body


def stanza(objects: dict[str, Manifest], type_: str) -> hcl.Block:
    (found,) = (one for one in configuration(objects).blocks if one.type == type_)
    return found


@pytest.mark.parametrize(
    ("type_", "tag", "image"),
    [
        ("vault", "1.13.3", "docker.io/hashicorp/vault:1.13.3"),
        ("vault", "", f"docker.io/hashicorp/vault:{CURRENT['vault']}"),
        ("openbao", "", f"quay.io/openbao/openbao:{CURRENT['openbao']}"),
    ],
)
def test_the_program_runs_with_its_one_configuration(objects: Render, type_: str, tag: str, image: str) -> None:
    facts, found = PROGRAMS[type_], objects(program(type_, tag))
    assert server(found)["image"] == image
    assert server(found)["command"] == [facts["binary"]]
    assert server(found)["args"] == ["server", f"-config={facts['home']}/config/server.hcl"]
    assert attributes(configuration(found)) == {"ui": True, "log_level": "info", "log_format": "json"} | (
        {"disable_mlock": True} if type_ == "vault" else {}
    )
    assert [(one.type, one.labels) for one in configuration(found).blocks] == [
        ("listener", ("tcp",)),
        ("storage", ("raft",)),
        ("service_registration", ("kubernetes",)),
        ("telemetry", ()),
        *([("audit", ("file", "stdout"))] if type_ == "openbao" else []),
    ]


@pytest.mark.parametrize("type_", ["vault", "openbao"])
def test_each_pod_has_addresses_of_its_own(objects: Render, type_: str) -> None:
    facts, found = PROGRAMS[type_], variables(objects(program(type_)))
    prefix, home = facts["prefix"], facts["home"]
    name = {"fieldRef": {"fieldPath": "metadata.name"}}
    assert found == {
        f"{prefix}K8S_POD_NAME": name,
        f"{prefix}K8S_NAMESPACE": {"fieldRef": {"fieldPath": "metadata.namespace"}},
        "HOME": "/tmp",
        f"{prefix}ADDR": "https://127.0.0.1:8200",
        f"{prefix}CACERT": f"{home}/tls/ca.crt",
        f"{prefix}API_ADDR": f"https://$({prefix}K8S_POD_NAME).vault-internal.security.svc:8200",
        f"{prefix}CLUSTER_ADDR": f"https://$({prefix}K8S_POD_NAME).vault-internal.security.svc:8201",
        f"{prefix}RAFT_NODE_ID": name,
        **facts["environment"],
    }
    names = [one["name"] for one in server(objects(program(type_)))["env"]]
    assert names.index(f"{prefix}K8S_POD_NAME") < names.index(f"{prefix}API_ADDR")


@pytest.mark.parametrize("type_", ["vault", "openbao"])
def test_services_select_the_labels_that_the_program_sets(objects: Render, type_: str) -> None:
    found, label = objects(program(type_)), PROGRAMS[type_]["label"]
    selected = pod(found)["metadata"]["labels"]
    selectors = {name: found[f"Service/{name}"]["spec"]["selector"] for name in _services(found)}
    assert selectors == {
        "vault": selected,
        "vault-internal": selected,
        "vault-active": selected | {f"{label}-active": "true"},
        "vault-standby": selected | {f"{label}-active": "false"},
    }
    assert found["Service/vault-internal"]["spec"]["publishNotReadyAddresses"] is True
    assert found["Service/vault-internal"]["spec"]["clusterIP"] == "None"
    assert found["StatefulSet/vault"]["spec"]["serviceName"] == "vault-internal"


def _services(objects: dict[str, Manifest]) -> list[str]:
    return sorted(one["metadata"]["name"] for one in objects.values() if one["kind"] == "Service")


@pytest.mark.parametrize("tag", [*PROGRAMS["vault"]["ipcLock"], "2.0.1-ent"])
def test_images_that_need_ipc_lock_to_start_get_it_in_every_container(objects: Render, tag: str) -> None:
    found = objects(program("vault", tag) | {"backup": {"enabled": True}})
    capabilities = {
        name: one["securityContext"]["capabilities"] for name, pod in pod_templates(found) for one in containers(pod)
    }
    needed = {"add": ["IPC_LOCK"], "drop": ["ALL"]}
    assert capabilities == dict.fromkeys(["StatefulSet/vault", "CronJob/vault-backup", "Pod/vault-test"], needed)


@pytest.mark.parametrize("tag", ["1.13.3", "1.19.16", "1.19.18", "1.20.12", "2.0.2"])
def test_other_images_have_no_capability(objects: Render, tag: str) -> None:
    assert server(objects(program("vault", tag)))["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_probes_leave_sealed_and_uninitialised_pods_alone(objects: Render) -> None:
    found = server(objects())
    alive = "/v1/sys/health?standbyok=true&perfstandbyok=true&sealedcode=204&uninitcode=204"
    paths = {probe: found[probe]["httpGet"]["path"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert paths == {
        "startupProbe": alive,
        "livenessProbe": alive,
        "readinessProbe": "/v1/sys/health?standbyok=true&perfstandbyok=true",
    }
    assert {found[probe]["httpGet"]["scheme"] for probe in paths} == {"HTTPS"}
    plain = server(objects({"tls": {"type": "none"}}))
    assert {plain[probe]["httpGet"]["scheme"] for probe in paths} == {"HTTP"}


def test_pods_start_at_once_and_stop_slowly(objects: Render) -> None:
    found = objects()
    spec = found["StatefulSet/vault"]["spec"]
    assert (spec["podManagementPolicy"], spec["updateStrategy"]) == ("Parallel", {"type": "OnDelete"})
    assert pod(found)["spec"]["terminationGracePeriodSeconds"] == 60
    assert server(found)["lifecycle"] == {"preStop": {"exec": {"command": ["sleep", "5"]}}}


def test_the_listener_verifies_by_default_and_says_when_it_does_not(objects: Render) -> None:
    secure = attributes(stanza(objects(), "listener").body)
    assert secure == {
        "address": "[::]:8200",
        "cluster_address": "[::]:8201",
        "max_request_duration": "90s",
        "tls_cert_file": "/vault/tls/tls.crt",
        "tls_key_file": "/vault/tls/tls.key",
        "tls_min_version": "tls12",
    }
    plain = attributes(stanza(objects({"tls": {"type": "none"}}), "listener").body)
    assert (plain["tls_disable"], "tls_cert_file" in plain) == (True, False)


@pytest.mark.parametrize("replicas", [1, 3, 5])
def test_raft_knows_each_replica(objects: Render, replicas: int) -> None:
    storage = stanza(objects({"replicaCount": replicas}), "storage")
    assert attributes(storage.body) == {"path": "/vault/data", "performance_multiplier": "1"}
    assert [attributes(one.body) for one in storage.body.blocks] == [
        {
            "leader_api_addr": f"https://vault-{ordinal}.vault-internal.security.svc:8200",
            "leader_ca_cert_file": "/vault/tls/ca.crt",
            "leader_tls_servername": "vault.security.svc",
        }
        for ordinal in range(replicas)
    ]


def test_raft_has_a_claim_for_each_pod(objects: Render) -> None:
    (claim,) = objects()["StatefulSet/vault"]["spec"]["volumeClaimTemplates"]
    assert claim == {
        "metadata": {"name": "data"},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "10Gi"}}},
    }


def test_postgresql_is_highly_available_and_needs_no_claim(objects: Render) -> None:
    found = objects({"storage": POSTGRESQL})
    assert stanza(found, "storage").labels == ("postgresql",)
    assert attributes(stanza(found, "storage").body) == {"ha_enabled": "true", "max_parallel": "20"}
    assert "volumeClaimTemplates" not in found["StatefulSet/vault"]["spec"]


@pytest.mark.parametrize("type_", ["vault", "openbao"])
def test_the_databases_password_comes_from_its_secret(objects: Render, type_: str) -> None:
    found = variables(objects(program(type_) | {"storage": POSTGRESQL}))
    url = f"{PROGRAMS[type_]['prefix']}PG_CONNECTION_URL"
    assert found[url] == "postgres://vault@db.example.org:5432/vault?sslmode=verify-full"
    assert found["PGPASSWORD"] == secret("db", "password")


def test_a_whole_url_comes_from_its_secret(objects: Render) -> None:
    storage = {"type": "postgresql", "postgresql": {"connectionUrl": {"name": "db-app"}}}
    found = variables(objects({"storage": storage}))
    assert found["VAULT_PG_CONNECTION_URL"] == secret("db-app", "uri")
    assert "PGPASSWORD" not in found


def test_the_databases_authority_is_a_file(objects: Render) -> None:
    authority = {"sslRootCert": {"name": "db-ca"}}
    found = objects({"storage": POSTGRESQL | {"postgresql": POSTGRESQL["postgresql"] | authority}})
    url = variables(found)["VAULT_PG_CONNECTION_URL"]
    assert url.endswith("?sslmode=verify-full&sslrootcert=/etc/postgresql-ca/ca.crt")
    assert {"name": "postgresql-ca", "mountPath": "/etc/postgresql-ca", "readOnly": True} in server(found)[
        "volumeMounts"
    ]


@pytest.mark.parametrize(
    ("seal", "written", "environment"),
    [
        (
            {
                "type": "awskms",
                "awskms": {"region": "eu-central-1", "kmsKeyId": "k", "accessKey": {"name": "s", "key": "id"}},
            },
            {"region": "eu-central-1", "kms_key_id": "k"},
            {"AWS_ACCESS_KEY_ID": secret("s", "id")},
        ),
        (
            {
                "type": "gcpckms",
                "gcpckms": {
                    "project": "p",
                    "region": "r",
                    "keyRing": "v",
                    "cryptoKey": "k",
                    "credentials": {"name": "s", "key": "file"},
                },
            },
            {"project": "p", "region": "r", "key_ring": "v", "crypto_key": "k"},
            {"GOOGLE_APPLICATION_CREDENTIALS": "/vault/seal/credentials.json"},
        ),
        (
            {
                "type": "azurekeyvault",
                "azurekeyvault": {
                    "tenantId": "t",
                    "clientId": "c",
                    "vaultName": "v",
                    "keyName": "k",
                    "disabled": True,
                    "clientSecret": {"name": "s", "key": "it"},
                },
            },
            {"tenant_id": "t", "client_id": "c", "vault_name": "v", "key_name": "k", "disabled": "true"},
            {"AZURE_CLIENT_SECRET": secret("s", "it")},
        ),
        (
            {
                "type": "transit",
                "transit": {
                    "address": "https://other:8200",
                    "keyName": "k",
                    "caCert": {"name": "ca"},
                    "token": {"name": "s", "key": "token"},
                },
            },
            {
                "address": "https://other:8200",
                "key_name": "k",
                "mount_path": "transit/",
                "tls_ca_cert": "/vault/seal/ca.crt",
            },
            {"VAULT_TOKEN": secret("s", "token")},
        ),
    ],
    ids=lambda value: value.get("type", "") if isinstance(value, dict) else "",
)
def test_seals_take_their_credentials_from_secrets(
    objects: Render, seal: dict[str, Any], written: dict[str, Any], environment: dict[str, Any]
) -> None:
    found = objects({"seal": seal})
    assert stanza(found, "seal").labels == (seal["type"],)
    assert attributes(stanza(found, "seal").body) == written
    assert {name: variables(found)[name] for name in environment} == environment


@pytest.mark.parametrize("type_", ["vault", "openbao"])
def test_the_transit_seal_does_not_mistake_the_pods_own_address_for_the_other_servers(
    objects: Render, type_: str
) -> None:
    found = variables(objects(program(type_) | {"seal": _TRANSIT}))
    prefix = PROGRAMS[type_]["prefix"]
    assert {f"{prefix}ADDR", f"{prefix}CACERT"} & found.keys() == set()
    assert found["VAULT_TOKEN"] == secret("s", "t")


@pytest.mark.parametrize(("replicas", "spared"), [(3, 1), (5, 2), (7, 3)])
def test_a_drain_takes_what_the_quorum_can_spare(objects: Render, replicas: int, spared: int) -> None:
    found = objects({"replicaCount": replicas})
    assert found["PodDisruptionBudget/vault"]["spec"]["maxUnavailable"] == spared


def test_one_pod_has_no_disruption_budget(objects: Render) -> None:
    assert "PodDisruptionBudget/vault" not in objects({"replicaCount": 1})


def test_pods_spread_where_they_can_and_still_fit_on_one_node(objects: Render) -> None:
    spec = pod(objects())["spec"]
    (zone,) = spec["topologySpreadConstraints"]
    assert (zone["topologyKey"], zone["whenUnsatisfiable"]) == ("topology.kubernetes.io/zone", "ScheduleAnyway")
    assert list(spec["affinity"]["podAntiAffinity"]) == ["preferredDuringSchedulingIgnoredDuringExecution"]
    hard = pod(objects({"podAntiAffinityPreset": "hard"}))["spec"]["affinity"]["podAntiAffinity"]
    assert list(hard) == ["requiredDuringSchedulingIgnoredDuringExecution"]


def test_the_server_may_only_label_pods(objects: Render) -> None:
    found = objects()
    assert found["Role/vault"]["rules"] == [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "patch"]}]
    assert [one for one in found if one.startswith("Cluster")] == []
    delegator = objects({"rbac": {"authDelegator": True}})["ClusterRoleBinding/security-vault-auth-delegator"]
    assert delegator["roleRef"]["name"] == "system:auth-delegator"


def test_the_file_storage_has_neither_standbys_nor_rights(objects: Render) -> None:
    found = objects({"replicaCount": 1, "storage": {"type": "file"}})
    assert _services(found) == ["vault", "vault-internal"]
    assert "Role/vault" not in found
    assert [one.type for one in configuration(found).blocks] == ["listener", "storage", "telemetry"]


def test_a_certificate_has_all_names(objects: Render) -> None:
    tls = {"type": "certManager", "certManager": {"issuerRef": {"name": "ca"}, "extraDnsNames": ["vault.example.org"]}}
    spec = objects({"tls": tls})["Certificate/vault-tls"]["spec"]
    bases = ("vault", "vault-active", "vault-standby", "*.vault-internal")
    suffixes = ("", ".security", ".security.svc", ".security.svc.cluster.local")
    assert spec["dnsNames"] == [
        *(base + suffix for base in bases for suffix in suffixes),
        "localhost",
        "vault.example.org",
    ]
    assert spec["ipAddresses"] == ["127.0.0.1"]
    assert (spec["isCA"], spec["privateKey"]["rotationPolicy"]) == (False, "Always")
    assert spec["issuerRef"] == {"name": "ca", "kind": "Issuer", "group": "cert-manager.io"}


def test_the_network_is_open_only_where_the_configuration_needs_it(objects: Render) -> None:
    spec = objects({"storage": POSTGRESQL, "seal": _TRANSIT})["NetworkPolicy/vault"]["spec"]
    ports = [[one["port"] for one in rule["ports"]] for rule in spec["egress"]]
    assert ports == [[53, 53], [8200, 8201], [443, 6443], [5432], [8300]]
    assert [[one["port"] for one in rule["ports"]] for rule in spec["ingress"]] == [[8200], [8201]]


def test_prometheus_sees_every_pod_and_verifies_it(objects: Render) -> None:
    found = objects({"metrics": {"serviceMonitor": {"enabled": True}, "prometheusRule": {"enabled": True}}})
    spec = found["ServiceMonitor/vault"]["spec"]
    (endpoint,) = spec["endpoints"]
    labels = found["Service/vault-internal"]["metadata"]["labels"]
    assert spec["selector"]["matchLabels"].items() <= labels.items()
    assert not spec["selector"]["matchLabels"].items() <= found["Service/vault"]["metadata"]["labels"].items()
    assert (endpoint["port"], endpoint["scheme"], endpoint["path"]) == ("https", "https", "/v1/sys/metrics")
    ca = {"secret": {"name": "vault-tls", "key": "ca.crt"}}
    assert endpoint["tlsConfig"] == {"serverName": "vault.security.svc", "ca": ca}


@pytest.mark.parametrize(
    ("storage", "own"),
    [
        ({"type": "raft"}, ["VaultSlowStorage", "VaultRaftUnhealthy", "VaultRaftNoTolerance"]),
        (POSTGRESQL, ["VaultSlowStorage"]),
    ],
    ids=["raft", "postgresql"],
)
def test_alerts_fit_the_storage(objects: Render, storage: dict[str, Any], own: list[str]) -> None:
    found = objects({"storage": storage, "metrics": {"prometheusRule": {"enabled": True}}})
    (group,) = found["PrometheusRule/vault"]["spec"]["groups"]
    common = "Down Sealed SlowRequests AuditFailure LeaseGrowth IrrevocableLeases RootToken NoActive TwoActive"
    expected = [*(f"Vault{name}" for name in common.split()), "VaultLeadershipFlap", *own]
    assert [rule["alert"] for rule in group["rules"]] == expected


def test_a_snapshot_is_authorised_by_the_backups_own_account(objects: Render) -> None:
    found = objects({"backup": {"enabled": True}})["CronJob/vault-backup"]["spec"]["jobTemplate"]["spec"]["template"]
    (token,) = (one for one in found["spec"]["volumes"] if one["name"] == "token")
    assert token["projected"]["sources"] == [
        {"serviceAccountToken": {"path": "token", "audience": "vault", "expirationSeconds": 600}}
    ]
    assert (found["spec"]["serviceAccountName"], found["spec"]["automountServiceAccountToken"]) == (
        "vault-backup",
        False,
    )


def test_a_changed_configuration_changes_the_pods(objects: Render) -> None:
    def checksum(overlay: dict[str, Any]) -> str:
        found: str = pod(objects(overlay))["metadata"]["annotations"]["checksum/config"]
        return found

    assert checksum({}) == checksum({"pdb": {"create": False}}) != checksum({"logLevel": "debug"})


def test_typed_keys_reach_the_configuration(objects: Render) -> None:
    told = {"maxLeaseTtl": "24h", "cacheSize": 262144, "enableResponseHeaderRaftNodeId": True}
    found = attributes(configuration(objects({"extraConfig": told})))
    assert {key: found[key] for key in ("max_lease_ttl", "cache_size", "enable_response_header_raft_node_id")} == {
        "max_lease_ttl": "24h",
        "cache_size": 262144,
        "enable_response_header_raft_node_id": True,
    }


def test_people_in_trouble_get_a_sleeping_pod(objects: Render) -> None:
    found = server(objects({"diagnosticMode": {"enabled": True}}))
    assert (found["command"], found["args"]) == (["sleep"], ["infinity"])
    assert [key for key in found if key.endswith("Probe") or key == "lifecycle"] == []


def test_the_chart_runs_on_one_node_as_a_profile(objects: Render, charts: dict[str, Path]) -> None:
    found = objects(profile="dev")
    assert found["StatefulSet/vault"]["spec"]["replicas"] == 1
    assert variables(found)["VAULT_ADDR"] == "http://127.0.0.1:8200"
    assert sorted(charts) == ["dev", "ha", "ha-postgresql"]
