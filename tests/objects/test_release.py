"""What refers to what among the objects of a release."""

from dataclasses import replace

import pytest

from hmco_charts import yamlio
from hmco_charts.configuration import Cluster
from hmco_charts.objects import KubernetesObject, Release
from hmco_charts.objects.replicas import Replicas

MANIFESTS = """
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  template:
    metadata: {labels: {app: web, tier: front}}
    spec: {containers: [{name: web, image: web}]}
---
kind: Deployment
metadata: {name: web, namespace: other}
spec:
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web}]}
---
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}}
---
kind: Service
metadata: {name: empty, namespace: shop}
spec: {selector: {}}
---
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: other}
spec: {scaleTargetRef: {kind: Deployment, name: web}, minReplicas: 3, maxReplicas: 7}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: shop}
spec: {secretName: web-tls}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec: {replicas: 2, volumeClaimTemplates: [{metadata: {name: data}}]}
"""


@pytest.fixture(scope="module")
def release() -> Release:
    found = yamlio.read(MANIFESTS)
    return Release(tuple(KubernetesObject(document.value, document) for document in found))


def test_a_service_means_the_pods_of_its_namespace(release: Release) -> None:
    service, empty = release.of_kind("Service")
    assert [pod.object.namespace for pod in release.behind(service)] == ["shop"]
    assert release.behind(empty) == []
    assert release.services(release.pods[0]) == (service,)
    assert release.services(release.pods[1]) == ()


@pytest.mark.parametrize(
    ("selector", "names"),
    [
        ({"matchLabels": {"app": "web"}}, ["web"]),
        ({"matchLabels": {"app": "web", "tier": "back"}}, []),
        ({"matchExpressions": [{"key": "tier", "operator": "In", "values": ["front", "back"]}]}, ["web"]),
        ({"matchExpressions": [{"key": "tier", "operator": "NotIn", "values": ["front"]}]}, []),
        ({"matchExpressions": [{"key": "tier", "operator": "Exists"}]}, ["web"]),
        ({"matchExpressions": [{"key": "tier", "operator": "DoesNotExist"}]}, []),
        ({"matchExpressions": [{"key": "tier", "operator": "Nonsense"}]}, []),
        ({}, ["web"]),
        (None, []),
        ("app=web", []),
    ],
)
def test_a_label_selector_chooses_as_kubernetes_does(release: Release, selector: object, names: list[str]) -> None:
    near = release.of_kind("Service")[0]
    assert [pod.object.name for pod in release.selected(selector, near)] == names


def test_an_autoscaler_decides_the_replicas(release: Release) -> None:
    assert [release.replicas(pod) for pod in release.pods] == [Replicas(2, 2), Replicas(3, 7)]


def test_what_operators_and_controllers_make_exists(release: Release) -> None:
    near = release.of_kind("Service")[0]
    assert release.exists("Secret", "web-tls", near)
    assert release.exists("PersistentVolumeClaim", "data-db-1", near)
    assert not release.exists("PersistentVolumeClaim", "data-db-2", near)
    assert not release.exists("Secret", "web", near)


def test_what_the_cluster_profile_declares_exists(release: Release) -> None:
    near = release.of_kind("Service")[0]
    told = replace(release, cluster=Cluster(objects=("Secret/shop/vault-*", "ConfigMap/any", "Secret/other/x")))
    assert told.exists("Secret", "vault-tls", near)
    assert told.exists("ConfigMap", "any", near)
    assert not told.exists("Secret", "x", near)
