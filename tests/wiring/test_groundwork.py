"""Systems that others stand on come first, and are known to them: who issues, who serves, who reconciles."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from hmco_charts.errors import ChartError
from hmco_charts.generate import write
from hmco_charts.lint import lint
from hmco_charts.values import charts
from hmco_charts.wiring import Plan
from tests.wiring.platforms import prepared, values, wired

PUBLIC = {"ingress": {"enabled": True, "hosts": [{"host": "grafana.example.org"}]}}
CLUSTER = {"operator": {"enabled": True}}
WRAPPERS = [name for name, kind in charts().items() if kind.upstream]
OPERATED = {"type": "prometheusOperator"}
NGINX = {"app.kubernetes.io/name": "ingress-nginx", "app.kubernetes.io/component": "controller"}


def order(plan: Plan) -> list[str]:
    return [each.place.name for each in plan.releases]


def needs(plan: Plan, name: str) -> tuple[str, ...]:
    (release,) = (each for each in plan.releases if each.place.name == name)
    return release.needs


def test_cert_manager_comes_before_whoever_has_a_certificate_of_it() -> None:
    plan = wired(systems={"postgresql": {}, "zookeeper": {}, "cert-manager": {"namespace": "cert-manager"}})
    assert order(plan)[0] == "cert-manager"
    assert needs(plan, "postgresql") == needs(plan, "zookeeper") == ("cert-manager",)


def test_certificates_of_clients_wait_for_cert_manager_too() -> None:
    systems = {"grafana": {}, "seatunnel": {}, "cert-manager": {}}
    plan = wired(systems=systems)
    assert needs(plan, "grafana") == needs(plan, "seatunnel") == ("cert-manager",)


def test_without_certificates_nobody_waits_for_cert_manager() -> None:
    plan = wired(systems={"postgresql": {}, "cert-manager": {}}, certificates={"type": "none"})
    assert needs(plan, "postgresql") == ()
    assert values(plan, "cert-manager")["issuers"] == {}


def test_the_platforms_issuer_is_an_authority_of_its_own() -> None:
    plan = wired(systems={"cert-manager": {}})
    assert values(plan, "cert-manager")["issuers"]["platform"]["type"] == "root"


def test_users_choose_the_type_of_the_platforms_issuer() -> None:
    told = {"issuers": {"platform": {"type": "ca", "ca": {"secretName": "company"}}}}
    issuers = values(wired(systems={"cert-manager": {"values": told}}), "cert-manager")["issuers"]
    assert (issuers["platform"]["type"], issuers["platform"]["ca"]["secretName"]) == ("ca", "company")


def test_an_issuer_of_another_group_is_not_made() -> None:
    issuer = {"name": "pca", "group": "awspca.cert-manager.io"}
    certificates = {"type": "certManager", "certManager": {"issuerRef": issuer}}
    assert values(wired(systems={"cert-manager": {}}, certificates=certificates), "cert-manager")["issuers"] == {}


def test_an_ingress_controller_comes_before_ingresses_and_is_let_in() -> None:
    systems = {"grafana": {"values": PUBLIC}, "loki": {}, "ingress-nginx": {"namespace": "ingress-nginx"}}
    plan = wired(systems=systems)
    assert order(plan).index("ingress-nginx") < order(plan).index("grafana")
    assert (needs(plan, "grafana"), needs(plan, "loki")) == (("ingress-nginx", "loki"), ())
    clients = values(plan, "grafana")["networkPolicy"]["clients"]
    assert clients["ingress-nginx"] == {"namespace": "ingress-nginx", "labels": NGINX}
    assert "ingress-nginx" not in values(plan, "loki")["networkPolicy"]["clients"]


def test_an_ingress_without_a_class_gets_that_of_the_platform() -> None:
    named = {"ingress": {**PUBLIC["ingress"], "className": "mine"}}
    systems = {
        "grafana": {"values": PUBLIC},
        "other": {"chart": "grafana", "values": named},
        "ingress-nginx": {
            "values": {"ingress-nginx": {"controller": {"ingressClassResource": {"name": "public"}}}},
        },
    }
    plan = wired(systems=systems)
    assert values(plan, "grafana")["ingress"]["className"] == "public"
    assert values(plan, "other")["ingress"]["className"] == "mine"
    assert (needs(plan, "grafana"), needs(plan, "other")) == (("ingress-nginx",), ())
    assert "ingress-nginx" not in values(plan, "other")["networkPolicy"]["clients"]
    assert values(wired(systems={"grafana": {"values": PUBLIC}}), "grafana")["ingress"]["className"] == ""


def test_two_ingress_controllers_leave_the_class_to_the_user() -> None:
    systems = {"grafana": {"values": PUBLIC}, "ingress-nginx": {}, "second": {"chart": "ingress-nginx"}}
    plan = wired(systems=systems)
    assert values(plan, "grafana")["ingress"]["className"] == ""
    assert needs(plan, "grafana") == ("ingress-nginx", "second")


def test_the_default_certificate_is_of_the_platforms_issuer() -> None:
    plan = wired(systems={"ingress-nginx": {}, "cert-manager": {}})
    certificate = values(plan, "ingress-nginx")["defaultCertificate"]
    assert (certificate["type"], certificate["certManager"]["issuerRef"]["name"]) == ("certManager", "platform")
    assert order(plan) == ["cert-manager", "ingress-nginx"]


def test_ports_of_nodes_are_given_to_an_ingress_controller_too() -> None:
    nodes = {"nodes": [{"cpu": 4, "memory": "8Gi"}], "firstNodePort": 31500}
    kafka: dict[str, Any] = {"values": {"listeners": {"external": {"type": "nodePort"}}}}
    plan = wired(systems={"ingress-nginx": {}, "kafka": kafka}, cluster=nodes)
    service = values(plan, "ingress-nginx")["ingress-nginx"]["controller"]["service"]
    assert (service["type"], service["nodePorts"]) == ("NodePort", {"http": 31500, "https": 31501})


def test_an_operator_comes_before_its_resources_and_is_let_in() -> None:
    systems = {"doris": {"values": CLUSTER}, "doris-operator": {"namespace": "doris-operator"}}
    plan = wired(systems=systems)
    assert order(plan) == ["doris-operator", "doris"]
    clients = values(plan, "doris")["networkPolicy"]["clients"]
    assert clients["doris-operator"]["labels"] == {"control-plane": "doris-operator"}
    assert needs(wired(systems={"doris": {}, "doris-operator": {}}), "doris") == ()


def test_operators_come_first_where_nobody_needs_them() -> None:
    assert order(wired(systems={"doris": {}, "doris-operator": {}})) == ["doris-operator", "doris"]


def test_flinks_operator_comes_before_its_deployments() -> None:
    told = {"deployment": {"type": "flinkDeployment"}}
    plan = wired(systems={"seatunnel": {"values": told}, "flink-operator": {}})
    assert needs(plan, "seatunnel") == ("flink-operator",)


def test_flinks_operator_makes_the_service_account_where_the_jobs_are() -> None:
    job = {"chart": "seatunnel", "values": {"deployment": {"type": "flinkDeployment"}}}
    systems = {"one": {**job, "namespace": "etl"}, "other": job, "session": {"chart": "seatunnel", "namespace": "x"}}
    operator = {"flink-operator": {"namespace": "flink-operator"}}
    upstream = values(wired(systems={**systems, **operator}), "flink-operator")["flink-kubernetes-operator"]
    assert upstream["watchNamespaces"] == ["data-platform", "etl"]
    alone = values(wired(systems={"session": systems["session"], **operator}), "flink-operator")
    assert alone["flink-kubernetes-operator"]["watchNamespaces"] == []


def test_a_cluster_that_is_too_old_for_a_chart_is_refused(tmp_path: Path) -> None:
    cluster = {"nodes": [{"cpu": 4, "memory": "8Gi"}], "kubernetes": "1.24"}
    with pytest.raises(ChartError, match=r"charts/redis: chart requires kubeVersion: >=1.25.0-0 .* Kubernetes v1.24"):
        prepared(tmp_path, systems={"redis": {}}, cluster=cluster)


def test_systems_that_are_in_the_cluster_already_need_not_be_named(tmp_path: Path) -> None:
    found = prepared(tmp_path, systems={"doris": {"values": CLUSTER}, "grafana": {"values": PUBLIC}})
    assert order(found.plan) == ["doris", "grafana"]


def test_a_namespace_of_pods_of_others_is_made_without_a_level(tmp_path: Path) -> None:
    found = prepared(tmp_path, systems={"cert-manager": {"namespace": "cert-manager"}, "postgresql": {}})
    spaces = {
        each["metadata"]["name"]: each["metadata"] for each in yaml.safe_load_all(found.tree.text("namespaces.yaml"))
    }
    assert spaces["cert-manager"] == {"name": "cert-manager"}
    assert spaces["data-platform"]["labels"] == {"pod-security.kubernetes.io/enforce": "restricted"}


@pytest.mark.parametrize("size", ["dev", "small", "ha"])
@pytest.mark.parametrize("chart", WRAPPERS)
def test_a_chart_of_others_has_no_finding_beside_those_who_need_it(chart: str, size: str, tmp_path: Path) -> None:
    nodes = {"count": 3 if size == "ha" else 1, "cpu": 16, "memory": "64Gi"}
    systems = {chart: {"namespace": chart}, "grafana": {"values": PUBLIC}, "postgresql": {}}
    found = prepared(tmp_path, systems=systems, size=size, cluster={"nodes": [nodes]}, monitoring=OPERATED)
    write(found.tree, tmp_path / "out")
    result = lint([tmp_path / "out"], profile="production")
    assert [f"{each.rule} {each.message}" for each in result.findings] == []
