"""The wrapper around upstream's chart, for which a stand-in from a registry of our own is taken."""

from pathlib import Path
from typing import Any

import pytest

from hmco_charts.helm import SchemaViolationError
from tests.charts import release
from tests.charts.wrapped import told, vendored

UPSTREAM = "ingress-nginx"
ISSUED = {"type": "certManager", "certManager": {"issuerRef": {"name": "hmco-ca"}, "extraDnsNames": ["*.example.org"]}}
GATEWAY = {"enabled": True, "className": "nginx"}


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return vendored("ingress-nginx", tmp_path_factory.mktemp("charts"))


def test_upstream_is_part_of_the_release_where_it_is_enabled(charts: dict[str, Path]) -> None:
    for chart in charts.values():
        assert f"ConfigMap/{UPSTREAM}" not in release.objects(chart)
        assert told(chart, UPSTREAM)["enabled"] is True


def test_the_last_image_is_pinned_by_its_digest(charts: dict[str, Path]) -> None:
    image = told(charts["ha"], UPSTREAM)["controller"]["image"]
    assert (image["tag"], image["chroot"]) == ("v1.15.1", False)
    assert image["digest"].startswith("sha256:594ceea7")


def test_no_snippet_is_allowed_and_annotations_are_checked(charts: dict[str, Path]) -> None:
    for chart in charts.values():
        controller = told(chart, UPSTREAM)["controller"]
        assert (controller["allowSnippetAnnotations"], controller["enableAnnotationValidations"]) == (False, True)


def test_the_default_certificate_is_where_the_controller_looks_for_it(charts: dict[str, Path]) -> None:
    found = release.objects(charts["ha"], {"defaultCertificate": ISSUED})
    certificate = found["Certificate/release-ingress-nginx-default-certificate"]
    argument = told(charts["ha"], UPSTREAM)["controller"]["extraArgs"]["default-ssl-certificate"]
    assert argument == f"$(POD_NAMESPACE)/{certificate['spec']['secretName']}"
    assert certificate["metadata"]["namespace"] == "apps"
    assert certificate["spec"]["dnsNames"] == [
        "release-ingress-nginx-controller.apps.svc",
        "release-ingress-nginx-controller.apps.svc.cluster.local",
        "*.example.org",
    ]


def test_a_default_certificate_elsewhere_is_made_there(charts: dict[str, Path]) -> None:
    elsewhere = {UPSTREAM: {"controller": {"extraArgs": {"default-ssl-certificate": "public/wildcard"}}}}
    found = release.objects(charts["ha"], {"defaultCertificate": ISSUED, **elsewhere})
    certificate = found["Certificate/release-ingress-nginx-default-certificate"]
    assert (certificate["metadata"]["namespace"], certificate["spec"]["secretName"]) == ("public", "wildcard")


def test_traffic_and_the_webhook_are_open_and_metrics_are_not(charts: dict[str, Path]) -> None:
    policy = release.objects(charts["ha"], {"networkPolicy": {"allowExternal": False}})[
        "NetworkPolicy/release-ingress-nginx"
    ]
    metrics, open_to_all = policy["spec"]["ingress"]
    assert ([port["port"] for port in metrics["ports"]], "from" in metrics) == ([10254], True)
    assert open_to_all == {"ports": [{"port": 80}, {"port": 443}, {"port": 8443}]}
    assert policy["spec"]["egress"] == [{}]


def test_upstream_makes_the_budget_and_this_chart_none(charts: dict[str, Path]) -> None:
    found = release.objects(charts["ha"])
    assert [name for name in found if name.startswith("PodDisruptionBudget/")] == []
    controller = told(charts["ha"], UPSTREAM)["controller"]
    assert (controller["replicaCount"], controller["minAvailable"]) == (3, 2)


def test_a_gateway_finds_its_certificate_in_another_namespace(charts: dict[str, Path]) -> None:
    def certificates(**more: str) -> Any:
        elsewhere = {UPSTREAM: {"controller": {"extraArgs": {"default-ssl-certificate": "certs/wildcard"}}}}
        told = {**elsewhere, "gateway": {**GATEWAY, **more}}
        gateway = release.objects(charts["ha"], told)["Gateway/release-ingress-nginx"]
        return gateway["spec"]["listeners"][1]["tls"]["certificateRefs"]

    assert certificates() == [{"name": "wildcard", "namespace": "certs"}]
    assert certificates(certificate="mine") == [{"name": "mine"}]


def test_a_gateway_serves_the_default_certificate_and_leads_to_it(charts: dict[str, Path]) -> None:
    found = release.objects(charts["ha"], {"gateway": GATEWAY})
    gateway, redirect = found["Gateway/release-ingress-nginx"], found["HTTPRoute/release-ingress-nginx-redirect"]
    http, https = gateway["spec"]["listeners"]
    assert (http["port"], https["port"], https["protocol"]) == (80, 443, "HTTPS")
    assert https["tls"] == {"mode": "Terminate", "certificateRefs": [{"name": "default-certificate"}]}
    assert https["allowedRoutes"] == {"namespaces": {"from": "All"}}
    assert redirect["spec"]["parentRefs"] == [{"name": "release-ingress-nginx", "sectionName": "http"}]
    silent = release.objects(charts["ha"], {"gateway": {**GATEWAY, "redirect": False}})
    assert "HTTPRoute/release-ingress-nginx-redirect" not in silent


@pytest.mark.parametrize(
    "wrong",
    [
        {"gateway": {"enabled": True}},
        {"defaultCertificate": {"type": "certManager"}},
        {UPSTREAM: {"controller": {"allowSnippetAnnotations": True}}},
        {UPSTREAM: {"controller": {"image": {"chroot": True}}}},
        {UPSTREAM: {"controller": {"hostPort": {"enabled": True}}}},
        {UPSTREAM: {"controller": {"kind": "DaemonSet", "updateStrategy": {"type": "Recreate"}}}},
        {UPSTREAM: {"controller": {"updateStrategy": {"type": "OnDelete"}}}},
        {UPSTREAM: {"controller": {"extraArgs": {"default-ssl-certificate": "no-namespace"}}}},
        {UPSTREAM: {"controller": {"metrics": {"port": 9113}}}},
    ],
    ids=[
        "no class",
        "no issuer",
        "snippets",
        "chroot",
        "port twice",
        "strategy",
        "other strategy",
        "no namespace",
        "deaf port",
    ],
)
def test_what_upstream_takes_and_should_not_is_refused(charts: dict[str, Path], wrong: dict[str, Any]) -> None:
    with pytest.raises(SchemaViolationError):
        release.objects(charts["ha"], wrong)
