"""The wrapper around upstream's chart, for which a stand-in from a registry of our own is taken."""

from pathlib import Path
from typing import Any

import pytest

from hmco_charts.helm import SchemaViolationError
from hmco_charts.values.cert_manager import CertManager
from tests.charts import release
from tests.charts.wrapped import told, vendored

UPSTREAM = "cert-manager"
ON = {UPSTREAM: {"enabled": True}}
ROOT = {"issuers": {"own": {"type": "root"}}}
OWNER = {"enableCertificateOwnerRef": True}
HOOKS = {
    "helm.sh/hook": "post-install,post-upgrade",
    "helm.sh/hook-weight": "10",
    "helm.sh/hook-delete-policy": "before-hook-creation",
}


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return vendored("cert-manager", tmp_path_factory.mktemp("charts"))


def issuer(chart: Path, **values: Any) -> dict[str, Any]:
    found = release.objects(chart, {"issuers": {"own": values}})
    spec: dict[str, Any] = found[f"{values.get('kind', 'ClusterIssuer')}/own"]["spec"]
    return spec


def test_upstream_is_part_of_the_release_where_it_is_enabled(charts: dict[str, Path]) -> None:
    for chart in charts.values():
        assert f"ConfigMap/{UPSTREAM}" not in release.objects(chart)
        assert f"ConfigMap/{UPSTREAM}" in release.objects(chart, ON)


def test_upstream_knows_every_key_that_it_is_told() -> None:
    known = release.values((Path(__file__).parent / "upstream.yaml").read_text("utf-8"))
    for path, keys in known.items():
        found = CertManager().model_dump(by_alias=True)
        for key in filter(None, path.split(".")):
            found = found[key]
        assert set(found) <= set(keys), path


def test_every_component_is_told_to_hold_pod_security_restricted(charts: dict[str, Path]) -> None:
    found = told(charts["ha"], UPSTREAM)
    for component in (found, found["webhook"], found["cainjector"]):
        assert component["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        security = component["containerSecurityContext"]
        assert (security["allowPrivilegeEscalation"], security["capabilities"]) == (False, {"drop": ["ALL"]})
        assert (security["runAsNonRoot"], security["readOnlyRootFilesystem"]) == (True, True)


def test_definitions_come_along_and_stay(charts: dict[str, Path]) -> None:
    for chart in charts.values():
        crds = told(chart, UPSTREAM)["crds"]
        assert (crds["enabled"], crds["keep"]) == (True, True)


def test_the_gateway_api_is_a_choice(charts: dict[str, Path]) -> None:
    found = told(charts["ha"], UPSTREAM, {"config": {"gatewayAPI": {"enabled": True}}})["config"]
    assert (found["kind"], found["gatewayAPI"]["enabled"]) == ("ControllerConfiguration", True)


def test_components_with_several_pods_have_a_budget_each(charts: dict[str, Path]) -> None:
    names = {"controller": "cert-manager", "webhook": "webhook", "cainjector": "cainjector"}
    found = release.objects(charts["ha"])
    for component, name in names.items():
        budget = found[f"PodDisruptionBudget/release-cert-manager-{component}"]
        labels = {"app.kubernetes.io/name": name, "app.kubernetes.io/component": component}
        assert budget["spec"]["selector"]["matchLabels"] == labels
    assert [name for name in release.objects(charts["dev"]) if name.startswith("PodDisruptionBudget/")] == []


def test_nothing_is_left_of_an_injector_that_is_off(charts: dict[str, Path]) -> None:
    monitored = {"metrics": {"serviceMonitor": {"enabled": True}}}
    names = [name for name in release.objects(charts["ha"], monitored) if "cainjector" in name]
    assert len(names) == 4
    off = {**monitored, UPSTREAM: {"cainjector": {"enabled": False}}}
    assert [name for name in release.objects(charts["ha"], off) if "cainjector" in name] == []


def test_the_api_server_may_always_call_the_webhook(charts: dict[str, Path]) -> None:
    closed = {"networkPolicy": {"allowExternal": False}, UPSTREAM: {"webhook": {"securePort": 10260}}}
    policy = release.objects(charts["ha"], closed)["NetworkPolicy/release-cert-manager-webhook"]
    assert {"ports": [{"port": 10260}]} in policy["spec"]["ingress"]


def test_the_controller_reaches_whom_its_issuers_name(charts: dict[str, Path]) -> None:
    def ports(issuers: dict[str, Any]) -> set[int]:
        policy = release.objects(charts["ha"], {"issuers": issuers})["NetworkPolicy/release-cert-manager-controller"]
        return {port["port"] for rule in policy["spec"]["egress"] for port in rule["ports"]}

    solvers = {"web": {"type": "ingress"}}
    vault = {"server": "https://vault.vault-prod.svc:8200", "path": "pki/sign/x"}
    assert ports({}) == {53, 443, 6443}
    assert ports({"a": {"type": "acme", "acme": {"solvers": solvers}}}) == {53, 80, 443, 6443}
    assert ports({"v": {"type": "vault", "vault": vault}}) == {53, 443, 6443, 8200}


def test_the_controller_reaches_name_servers_by_udp_and_tcp(charts: dict[str, Path]) -> None:
    def ports(nameserver: str, asked: str) -> set[tuple[int, str]]:
        solver = {"type": "rfc2136", "rfc2136": {"nameserver": nameserver}}
        issuers = {"a": {"type": "acme", "acme": {"solvers": {"dns": solver}}}}
        told = {"issuers": issuers, UPSTREAM: {"dns01RecursiveNameservers": asked}}
        policy = release.objects(charts["ha"], told)["NetworkPolicy/release-cert-manager-controller"]
        found = {
            (port["port"], port.get("protocol", "TCP")) for rule in policy["spec"]["egress"] for port in rule["ports"]
        }
        return found - {(port, "TCP") for port in (80, 443, 6443)}

    dns = {(53, "UDP"), (53, "TCP")}
    assert ports("192.0.2.1", "") == ports("[2001:db8::1]", "192.0.2.2:53") == dns
    assert ports("ns.example.org:5353", "") == dns | {(5353, "UDP"), (5353, "TCP")}
    assert ports("[2001:db8::1]:5353", "192.0.2.2:53,[2001:db8::2]:54") == dns | {
        (port, protocol) for port in (54, 5353) for protocol in ("UDP", "TCP")
    }
    assert (8443, "TCP") in ports("192.0.2.1", "https://dns.example.org:8443/dns-query")


def test_a_root_keeps_its_key_where_cluster_issuers_look_for_it(charts: dict[str, Path]) -> None:
    spaces = {UPSTREAM: {"clusterResourceNamespace": "authorities"}}
    found = release.objects(charts["ha"], {**ROOT, **spaces})
    certificate = found["Certificate/own-root"]
    assert certificate["metadata"]["namespace"] == found["Issuer/own-root"]["metadata"]["namespace"] == "authorities"
    assert certificate["spec"]["privateKey"]["rotationPolicy"] == "Never"
    assert (certificate["spec"]["isCA"], certificate["spec"]["commonName"]) == (True, "own")
    assert found["ClusterIssuer/own"]["spec"] == {"ca": {"secretName": certificate["spec"]["secretName"]}}


@pytest.mark.parametrize("overlay", [OWNER, {"config": OWNER}], ids=["argument", "file"])
def test_a_certificate_that_takes_its_secret_along_is_refused(charts: dict[str, Path], overlay: dict[str, Any]) -> None:
    with pytest.raises(SchemaViolationError, match="enableCertificateOwnerRef"):
        release.objects(charts["ha"], {UPSTREAM: overlay})


def test_issuers_wait_for_a_cert_manager_that_comes_with_them(charts: dict[str, Path]) -> None:
    alone = release.objects(charts["ha"], ROOT)
    together = release.objects(charts["ha"], {**ROOT, **ON})
    for name in ("ClusterIssuer/own", "Issuer/own-root", "Certificate/own-root"):
        assert "annotations" not in alone[name]["metadata"]
        assert together[name]["metadata"]["annotations"] == HOOKS


def test_an_account_has_a_key_of_the_issuers_name(charts: dict[str, Path]) -> None:
    acme = issuer(charts["ha"], type="acme", acme={"solvers": {"web": {"type": "ingress"}}})["acme"]
    assert acme == {
        "server": "https://acme-v02.api.letsencrypt.org/directory",
        "privateKeySecretRef": {"name": "own-account-key"},
        "solvers": [{"http01": {"ingress": {"serviceType": "ClusterIP"}}}],
    }


def test_an_issuer_of_vault_gets_the_right_to_ask_for_a_token(charts: dict[str, Path]) -> None:
    told = {"type": "vault", "vault": {"server": "https://vault:8200", "path": "pki/sign/x"}}
    found = release.objects(charts["ha"], {"issuers": {"own": told}})
    login = found["ClusterIssuer/own"]["spec"]["vault"]["auth"]["kubernetes"]
    assert login["serviceAccountRef"] == {"name": "own-vault"}
    (rule,) = found["Role/own-vault"]["rules"]
    assert (rule["resources"], rule["resourceNames"]) == (["serviceaccounts/token"], ["own-vault"])
    (subject,) = found["RoleBinding/own-vault"]["subjects"]
    assert subject == {"kind": "ServiceAccount", "name": "cert-manager", "namespace": "apps"}
    assert told_account(charts["ha"]) == "cert-manager"


def told_account(chart: Path) -> str:
    """The name that upstream gives the controller's ServiceAccount."""
    return str(told(chart, UPSTREAM)["serviceAccount"]["name"])


def test_a_service_account_of_the_user_is_not_made(charts: dict[str, Path]) -> None:
    auth = {"kubernetes": {"serviceAccount": "mine"}}
    told = {"type": "vault", "vault": {"server": "https://vault:8200", "path": "pki/sign/x", "auth": auth}}
    found = release.objects(charts["ha"], {"issuers": {"own": told, "other": told}})
    assert "ServiceAccount/mine" not in found
    for issuer in ("own", "other"):
        assert found[f"Role/{issuer}-vault"]["rules"][0]["resourceNames"] == ["mine"]
        assert found[f"RoleBinding/{issuer}-vault"]["roleRef"]["name"] == f"{issuer}-vault"


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "acme"},
        {"type": "acme", "acme": {"solvers": {"dns": {"type": "cloudflare"}}}},
        {"type": "acme", "acme": {"solvers": {"web": {"type": "gateway"}}}},
        {"type": "ca"},
        {"type": "vault", "vault": {"server": "https://vault:8200"}},
        {"type": "vault", "vault": {"server": "https://v", "path": "pki", "auth": {"type": "token", "token": {}}}},
        {"type": "vault", "vault": {"server": "https://user:secret@vault:8200", "path": "pki"}},
        {"type": "letsencrypt"},
    ],
    ids=["no solver", "no token", "no gateway", "no Secret", "no path", "no login", "password", "unknown"],
)
def test_issuers_that_cannot_sign_are_refused(charts: dict[str, Path], wrong: dict[str, Any]) -> None:
    with pytest.raises(SchemaViolationError):
        release.objects(charts["ha"], {"issuers": {"own": wrong}})
