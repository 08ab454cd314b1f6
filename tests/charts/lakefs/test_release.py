"""What the chart's values make of its objects, and what they refuse."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hmco_charts import helm
from hmco_charts.helm import SchemaViolationError
from hmco_charts.values.lakefs import Lakefs
from tests.charts import release
from tests.charts.release import containers, pod_templates


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release.chart(tmp_path_factory.mktemp("chart"), "lakefs", "ha")


def test_no_pod_sets_a_kernel_parameter_and_the_user_is_a_number(chart: Path) -> None:
    for name, pod in pod_templates(release.objects(chart, {"migration": {"enabled": True}})):
        assert "sysctls" not in pod["spec"]["securityContext"], name
        assert pod["spec"]["securityContext"]["runAsUser"] == 8000, name


def test_the_password_and_the_keys_come_from_secrets(chart: Path) -> None:
    (_, server) = containers(release.objects(chart)["Deployment/release-lakefs"]["spec"]["template"])
    secret = {one["name"]: one["valueFrom"]["secretKeyRef"] for one in server["env"] if "valueFrom" in one}
    assert secret == {
        "LAKEFS_AUTH_ENCRYPT_SECRET_KEY": {"name": "lakefs", "key": "encryption-key"},
        "LAKEFS_BLOCKSTORE_SIGNING_SECRET_KEY": {"name": "lakefs", "key": "signing-key"},
        "PGPASSWORD": {"name": "lakefs-postgresql", "key": "password"},
    }


def test_an_autoscaled_deployment_has_no_number_of_pods(chart: Path) -> None:
    found = release.objects(chart, {"autoscaling": {"enabled": True}})
    assert "replicas" not in found["Deployment/release-lakefs"]["spec"]
    assert found["HorizontalPodAutoscaler/release-lakefs"]["spec"]["minReplicas"] == 2
    assert "PodDisruptionBudget/release-lakefs" in found


def test_the_cache_fits_its_volume(chart: Path) -> None:
    found = release.objects(chart, {"cache": {"size": "2G"}})
    text = found["ConfigMap/release-lakefs-config"]["data"]["config.yaml"]
    assert release.values(text)["committed"]["local_cache"]["size_bytes"] == 1907 * 1024**2
    volumes = found["Deployment/release-lakefs"]["spec"]["template"]["spec"]["volumes"]
    assert {"name": "cache", "emptyDir": {"sizeLimit": "2383Mi"}} in volumes


def test_pods_reach_the_database_and_the_object_store_alone(chart: Path) -> None:
    peer = {"namespace": "storage", "labels": {"app": "minio"}}
    told = {
        "blockstore": {"s3": {"endpoint": "http://minio.storage:9000"}},
        "networkPolicy": {"servers": {"objectStore": peer}},
    }
    egress = release.objects(chart, told)["NetworkPolicy/release-lakefs"]["spec"]["egress"]
    assert egress[1] == {"ports": [{"port": 5432}]}
    assert egress[2] == {
        "ports": [{"port": 9000}],
        "to": [
            {
                "podSelector": {"matchLabels": {"app": "minio"}},
                "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "storage"}},
            }
        ],
    }


REFUSED: dict[str, Mapping[str, Any]] = {
    "two pods on a local database": {"database": {"type": "local"}},
    "a rolling update on a local store": {"replicaCount": 1, "blockstore": {"type": "local"}},
    "an account key, which lakeFS logs": {"blockstore": {"type": "azure", "azure": {"storageAccessKey": "x"}}},
    "Azure without an account": {"blockstore": {"type": "azure"}},
    "a first administrator without keys": {"setup": {"enabled": True}},
    "no database": {"database": {"postgres": {"host": ""}}},
    "no encryption key": {"encryptionKey": {"name": ""}},
    "a password in the connection string": {"database": {"postgres": {"connectionString": "postgres://a:b@c/d"}}},
    "a connection string by the environment": {
        "extraEnvVars": [{"name": "LAKEFS_DATABASE_POSTGRES_CONNECTION_STRING", "value": "postgres://a/b"}]
    },
    "no issuer": {"tls": {"type": "certManager"}},
}


@pytest.mark.parametrize("told", REFUSED.values(), ids=REFUSED)
def test_plain_helm_and_the_types_refuse(chart: Path, told: dict[str, Any]) -> None:
    with pytest.raises(SchemaViolationError):
        helm.engine().validate(chart, told)
    with pytest.raises(ValidationError):
        Lakefs.model_validate(told)
