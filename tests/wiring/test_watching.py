"""A platform's own Prometheus scrapes every release that has metrics, and evaluates the alerts of all."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from hmco_charts.generate import write
from hmco_charts.lint import lint
from hmco_charts.values import charts
from hmco_charts.wiring import Prepared
from tests.charts import release
from tests.services import promtool
from tests.wiring.platforms import ON_POSTGRESQL, prepared, refusal, values, wired
from tests.wiring.test_groundwork import needs

Manifest = dict[str, Any]

AGENT = {"metrics": {"enabled": True, "agent": {"path": "/opt/agent.jar"}}}
VALUES: Mapping[str, Any] = {
    "kafka": AGENT,
    "trino": {"authentication": {"type": "password", "password": {"file": {"name": "trino-users"}}}},
    "vault": ON_POSTGRESQL,
}
NAMESPACES = {
    **{name: name for name, kind in charts().items() if kind.upstream},
    "vault": "vault-prod",
    "prometheus": "monitoring",
    "grafana": "monitoring",
    "trino": "query",
}
SYSTEMS: Mapping[str, Any] = {
    name: {"values": VALUES.get(name, {}), **({"namespace": NAMESPACES[name]} if name in NAMESPACES else {})}
    for name in charts()
}
CLUSTER = {"nodes": [{"count": 3, "cpu": 64, "memory": "256Gi"}]}
STORE = {"type": "externalSecrets", "externalSecrets": {"storeRef": {"name": "team"}, "path": "team"}}


@pytest.fixture(scope="module", params=["dev", "ha"])
def own(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Every chart of the house beside a Prometheus of the platform, no operator, passwords from a store."""
    folder = tmp_path_factory.mktemp("own")
    return prepared(folder, systems=SYSTEMS, cluster=CLUSTER, secrets=STORE, size=request.param)


@pytest.fixture(scope="module", params=["dev", "ha"])
def operated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """The same with the operator."""
    told = {"systems": SYSTEMS, "cluster": CLUSTER, "secrets": STORE, "monitoring": {"type": "prometheusOperator"}}
    return prepared(tmp_path_factory.mktemp("operated"), size=request.param, **told)


def objects(found: Prepared, kind: str) -> Iterator[Manifest]:
    return (each.manifest for each in found.survey.release.objects if each.kind == kind)


def monitors(found: Prepared) -> dict[str, Any]:
    told: dict[str, Any] = values(found, "prometheus")["monitors"]
    return told


def services(found: Prepared, monitor: Mapping[str, Any]) -> list[Manifest]:
    """The Services that a monitor means."""
    wanted = monitor["labels"].items()
    return [
        one
        for one in objects(found, "Service")
        if one["metadata"]["namespace"] in monitor["namespaces"] and wanted <= one["metadata"]["labels"].items()
    ]


def ports(found: Prepared, monitor: Mapping[str, Any]) -> list[tuple[Manifest, int]]:
    """The Services that a monitor means, and where it asks; the pods' ports have the same numbers."""
    return [
        (one, port["port"])
        for one in services(found, monitor)
        for port in one["spec"]["ports"]
        if port["name"] == monitor["port"]
    ]


def configuration(found: Prepared) -> str:
    (data,) = (one["data"] for one in objects(found, "ConfigMap") if "prometheus.yaml" in (one["data"] or {}))
    text: str = data["prometheus.yaml"]
    return text


def test_every_chart_with_metrics_is_scraped(own: Prepared) -> None:
    without = {"neo4j", "node-tuning", "prometheus", "schema-registry"}
    providers = {each["labels"].get("app.kubernetes.io/instance", "cluster-core") for each in monitors(own).values()}
    assert providers == set(charts()) - without
    assert [one["kind"] for one in (*objects(own, "ServiceMonitor"), *objects(own, "PrometheusRule"))] == []


def test_every_target_is_a_service_of_the_platform_that_has_the_port(own: Prepared) -> None:
    nowhere = [name for name, each in monitors(own).items() if not ports(own, each)]
    assert nowhere == ["cluster-core"], "the resolver's Service alone is the cluster's"


def test_a_monitor_says_what_the_service_monitor_says(operated: Prepared) -> None:
    told = monitors(operated)
    found = set()
    for one in objects(operated, "ServiceMonitor"):
        if one["metadata"]["labels"]["app.kubernetes.io/instance"] == "prometheus":
            continue
        labels, space = one["spec"]["selector"]["matchLabels"], one["spec"]["namespaceSelector"]["matchNames"]
        (endpoint,) = one["spec"]["endpoints"]
        (name,) = (
            name
            for name, each in told.items()
            if each["labels"].items() <= labels.items()
            and (each["namespaces"], each["port"]) == (space, endpoint["port"])
        )
        each = told[name]
        found.add(name)
        assert each["path"] == endpoint.get("path", "/metrics")
        assert each["params"] == endpoint.get("params", {})
        assert each["scheme"] == endpoint.get("scheme", "http")
        assert each["tls"]["serverName"] == endpoint.get("tlsConfig", {}).get("serverName", "")
        assert bool(each["basicAuth"]["username"]) == ("basicAuth" in endpoint)
        password = endpoint.get("basicAuth", {}).get("password", {"name": "", "key": "password"})
        assert each["basicAuth"]["password"] == password
    assert found == set(told)


def test_policies_let_prometheus_in_where_it_asks(own: Prepared) -> None:
    labels = {"app.kubernetes.io/name": "prometheus", "app.kubernetes.io/instance": "prometheus"}
    space = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}
    policies = list(objects(own, "NetworkPolicy"))
    for name, monitor in monitors(own).items():
        for service, port in ports(own, monitor):
            admitted = [
                each["port"]
                for policy in policies
                if policy["metadata"]["namespace"] == service["metadata"]["namespace"]
                and policy["spec"]["podSelector"]["matchLabels"].items() <= service["spec"]["selector"].items()
                for rule in policy["spec"].get("ingress", [])
                if {"podSelector": {"matchLabels": labels}, **space} in rule.get("from", [])
                for each in rule["ports"]
            ]
            assert port in admitted, (name, port, admitted)


def test_where_tls_is_spoken_the_certificate_is_for_the_name_that_is_asked_for(own: Prepared) -> None:
    names = {
        (one["metadata"]["namespace"], name)
        for one in objects(own, "Certificate")
        for name in one["spec"].get("dnsNames", [])
    }
    asked = {
        (each["namespaces"][0], each["tls"]["serverName"])
        for each in monitors(own).values()
        if each["scheme"] == "https"
    }
    assert {name for _, name in asked} == {
        "lakefs.data-platform.svc",
        "trino-coordinator.query.svc",
        "vault.vault-prod.svc",
    }
    assert asked <= names


def test_prometheus_may_reach_every_namespace_and_waits_for_nobody_it_scrapes(own: Prepared) -> None:
    (policy,) = (
        one
        for one in objects(own, "NetworkPolicy")
        if (one["metadata"]["name"], one["metadata"]["namespace"]) == ("prometheus", "monitoring")
    )
    assert {"to": [{"namespaceSelector": {}}]} in policy["spec"]["egress"]
    assert needs(own.plan, "prometheus") == ("cert-manager",)


def test_promtool_takes_what_is_wired_and_the_alerts_of_all(own: Prepared, tmp_path: Path) -> None:
    promtool.configuration(configuration(own), tmp_path)
    files = {one["metadata"]["name"]: one for one in objects(own, "ConfigMap")}
    names = values(own, "prometheus")["ruleConfigMaps"]
    assert set(names) == {f"{name}-alerts" for name in charts() if name not in ("node-tuning", "prometheus")}
    assert {files[name]["metadata"]["namespace"] for name in names} == {"monitoring"}
    groups = [
        group for name in names for text in files[name]["data"].values() for group in release.values(text)["groups"]
    ]
    assert len({group["name"] for group in groups}) == len(names)
    promtool.check({"groups": groups}, tmp_path)


def test_what_prometheus_mounts_is_there(own: Prepared) -> None:
    (pod,) = (
        one["spec"]["template"]["spec"]
        for one in objects(own, "StatefulSet")
        if one["metadata"]["name"] == "prometheus"
    )
    mounted = {each["configMap"]["name"] for each in pod["volumes"] if "configMap" in each}
    assert mounted == {*values(own, "prometheus")["ruleConfigMaps"], "prometheus-config"}
    (secrets,) = (each["projected"]["sources"] for each in pod["volumes"] if each["name"] == "secrets")
    made = {
        one["spec"]["secretName"] for one in objects(own, "Certificate") if one["metadata"]["namespace"] == "monitoring"
    }
    stored = {
        one["metadata"]["name"]: one["spec"]["data"]
        for one in objects(own, "ExternalSecret")
        if one["metadata"]["namespace"] == "monitoring"
    }
    assert {each["secret"]["name"] for each in secrets} == {"prometheus-tls", "trino-metrics"}
    assert "prometheus-tls" in made
    assert {each["secretKey"] for each in stored["trino-metrics"]} == {"password", "username"}


def test_grafana_finds_a_dashboard_of_every_chart_that_has_one(own: Prepared) -> None:
    found = {
        one["metadata"]["labels"]["app.kubernetes.io/instance"]
        for one in objects(own, "ConfigMap")
        if one["metadata"]["labels"].get("grafana_dashboard") == "1"
    }
    assert found == set(charts()) - {"node-tuning"}


def test_with_the_operator_alerts_are_its_rules(operated: Prepared) -> None:
    assert values(operated, "prometheus")["ruleConfigMaps"] == []
    ruled = {one["metadata"]["labels"]["app.kubernetes.io/instance"] for one in objects(operated, "PrometheusRule")}
    assert ruled == set(charts()) - {"node-tuning"}


def test_without_a_prometheus_of_the_platform_nothing_is_made_for_one() -> None:
    told = values(wired(), "vault")
    assert told["networkPolicy"]["clients"] == {}
    assert not told["metrics"]["prometheusRule"]["enabled"]


def test_nobody_scrapes_where_the_platform_says_so() -> None:
    found = wired(systems={"prometheus": {}, "redis": {}}, monitoring={"type": "none"})
    assert values(found, "prometheus")["monitors"] == {}
    assert values(found, "redis")["networkPolicy"]["clients"] == {}
    assert not values(found, "redis")["metrics"]["dashboards"]["enabled"]


def test_where_nobody_watches_no_object_of_an_operator_is_made(tmp_path: Path) -> None:
    systems = {"cluster-core": {}, "neo4j": {}, "prometheus": {}, "schema-registry": {}, "kafka": {}}
    told = {"systems": systems, "cluster": CLUSTER, "size": "ha", "monitoring": {"type": "none"}}
    found = prepared(tmp_path, **told)
    assert [*objects(found, "ServiceMonitor"), *objects(found, "PrometheusRule")] == []


def test_who_serves_no_metrics_is_not_scraped_and_users_words_win() -> None:
    off = {"values": {"metrics": {"enabled": False}}}
    mine = {"values": {"metrics": {"prometheusRule": {"enabled": False}}}}
    found = values(wired(systems={"prometheus": {}, "redis": off, "mysql": mine}), "prometheus")
    assert (list(found["monitors"]), found["ruleConfigMaps"]) == (["mysql"], ["mysql-alerts"])


def test_monitors_of_ones_own_stand_beside_those_of_the_platform() -> None:
    own = {"kube-state-metrics": {"labels": {"app": "kube-state-metrics"}, "honorLabels": True}}
    systems = {"prometheus": {"values": {"monitors": own}}, "redis": {}}
    found = values(wired(systems=systems), "prometheus")["monitors"]
    assert sorted(found) == ["kube-state-metrics", "redis"]
    assert found["kube-state-metrics"]["honorLabels"]


def test_of_several_servers_those_beside_the_first_evaluate_the_alerts() -> None:
    systems = {
        "prometheus": {"namespace": "monitoring"},
        "second": {"chart": "prometheus", "namespace": "monitoring"},
        "team": {"chart": "prometheus", "namespace": "team"},
        "redis": {},
    }
    found = wired(systems=systems)
    assert sorted(values(found, "team")["monitors"]) == ["prometheus", "redis", "second"]
    told = {name: values(found, name)["ruleConfigMaps"] for name in systems if name != "redis"}
    assert told == {
        "prometheus": ["redis-alerts", "second-alerts", "team-alerts"],
        "second": ["redis-alerts", "team-alerts"],
        "team": [],
    }
    assert set(values(found, "redis")["networkPolicy"]["clients"]) == {"prometheus", "second", "team"}


def test_certificates_of_ones_own_need_an_authority_that_prometheus_knows(tmp_path: Path) -> None:
    tls = {"tls": {"type": "existingSecret", "existingSecret": {"name": "corp"}}}
    systems = {"prometheus": {}, "vault": {"values": tls}}
    (told,) = refusal(tmp_path, systems=systems, certificates={"type": "none"})
    assert "prometheus has no certificate, and so does not know who signed that of metrics" in told


def test_the_whole_has_no_finding(own: Prepared, tmp_path: Path) -> None:
    write(own.tree, tmp_path / "out")
    result = lint([tmp_path / "out"], profile="production")
    assert [f"{each.rule} {each.message}" for each in result.findings] == []
