"""What Loki is told; Loki itself is in no package."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hmco_charts.values.loki import Loki
from tests.charts import release
from tests.charts.release import Manifest, containers

Render = Callable[..., dict[str, Manifest]]


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> Render:
    folder: Path = tmp_path_factory.mktemp("chart")
    charts = {profile: release.chart(folder, "loki", profile) for profile in ("dev", "ha")}
    return lambda profile, **more: release.objects(charts[profile], more, namespace="monitoring")


def configuration(found: dict[str, Manifest]) -> dict[str, Any]:
    return release.values(found["ConfigMap/release-loki-config"]["data"]["loki.yaml"])


def test_several_pods_on_a_volume_are_refused() -> None:
    with pytest.raises(ValidationError, match=r"replicaCount must be 0 or 1 where storage.type is filesystem"):
        Loki.model_validate({"replicaCount": 3})


@pytest.mark.parametrize(("profile", "store"), [("dev", "filesystem"), ("ha", "s3")])
def test_what_is_too_old_is_deleted_from_the_store_that_has_it(objects: Render, profile: str, store: str) -> None:
    told = configuration(objects(profile))
    assert told["compactor"] == {"retention_enabled": True, "delete_request_store": store}
    assert [one["object_store"] for one in told["schema_config"]["configs"]] == [store]
    assert list(told["common"]["storage"]) == [store]


@pytest.mark.parametrize(
    ("replicas", "copies", "ring"), [(1, 1, "inmemory"), (2, 1, "memberlist"), (3, 3, "memberlist")]
)
def test_pods_find_each_other_and_three_keep_each_line(objects: Render, replicas: int, copies: int, ring: str) -> None:
    told = configuration(objects("ha", replicaCount=replicas))
    assert told["common"]["replication_factor"] == copies
    assert told["common"]["ring"]["kvstore"]["store"] == ring
    assert ("memberlist" in told) == (ring == "memberlist")


def test_keys_of_the_store_come_from_a_secret_alone(objects: Render) -> None:
    found = objects("ha")
    (server,) = containers(found["StatefulSet/release-loki"]["spec"]["template"])
    references = {one["name"]: one["valueFrom"]["secretKeyRef"] for one in server["env"]}
    assert references == {
        "AWS_ACCESS_KEY_ID": {"name": "loki-s3", "key": "access-key-id"},
        "AWS_SECRET_ACCESS_KEY": {"name": "loki-s3", "key": "secret-access-key"},
    }
    assert not {"access_key_id", "secret_access_key"} & set(configuration(found)["common"]["storage"]["s3"])
