"""What the chart's values make of its objects, and what they refuse."""

import json
import threading
from base64 import b64encode
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import ValidationError

from hmco_charts import helm
from hmco_charts.helm import SchemaViolationError
from hmco_charts.values.elasticsearch import Elasticsearch
from tests.charts import release


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release.chart(tmp_path_factory.mktemp("chart"), "elasticsearch", "ha")


def files(chart: Path, told: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = release.objects(chart, told)["ConfigMap/release-elasticsearch-config"]["data"]
    return found


def configuration(chart: Path, told: Mapping[str, Any]) -> dict[str, Any]:
    return release.values(files(chart, told)["elasticsearch.yml"])


@pytest.mark.parametrize(
    ("memory", "megabytes"), [("1536Mi", 768), ("4Gi", 2048), ("3G", 1430), ("128Gi", 31744), ("100Mi", 128)]
)
def test_the_heap_is_half_of_the_memory_limit_and_fixed(chart: Path, memory: str, megabytes: int) -> None:
    told = files(chart, {"resources": {"limits": {"memory": memory}}})["heap.options"]
    assert told.split() == [f"-Xms{megabytes}m", f"-Xmx{megabytes}m"]


@pytest.mark.parametrize(
    ("told", "masters"),
    [
        ({}, [0, 1, 2]),
        ({"replicaCount": 5, "roles": ["master", "data"]}, [0, 1, 2, 3, 4]),
        ({"discovery": {"bootstrap": False}}, None),
        ({"replicaCount": 4, "roles": ["data"], "discovery": {"seedHosts": ["masters"]}}, None),
    ],
)
def test_initial_masters_are_the_pods_that_may_be_masters(
    chart: Path, told: dict[str, Any], masters: list[int] | None
) -> None:
    found = configuration(chart, told)
    wanted = None if masters is None else [f"release-elasticsearch-{number}" for number in masters]
    assert found.get("cluster.initial_master_nodes") == wanted
    assert found["discovery.seed_hosts"][0] == "release-elasticsearch-headless"
    assert "discovery.type" not in found


def test_one_node_forms_a_cluster_alone_unless_it_seeks_others(chart: Path) -> None:
    alone = configuration(chart, {"replicaCount": 1})
    assert alone["discovery.type"] == "single-node"
    assert not {"discovery.seed_hosts", "cluster.initial_master_nodes"} & set(alone)
    joins = configuration(chart, {"replicaCount": 1, "roles": ["data"], "discovery": {"seedHosts": ["masters"]}})
    assert joins["discovery.seed_hosts"] == ["release-elasticsearch-headless", "masters"]
    assert "discovery.type" not in joins


def test_security_is_on_and_nodes_meet_by_certificates(chart: Path) -> None:
    found = configuration(chart, {})
    assert found["xpack.security.enabled"] is True
    for layer in ("http", "transport"):
        assert found[f"xpack.security.{layer}.ssl.enabled"] is True
        assert found[f"xpack.security.{layer}.ssl.certificate"] == "certs/tls.crt"


def test_passwords_reach_the_keystore_from_secrets_and_no_command_line(chart: Path) -> None:
    s3 = {"type": "s3", "s3": {"bucket": "b", "accessKey": {"name": "minio"}, "secretKey": {"name": "minio"}}}
    told = {"backup": {"enabled": True, "repository": s3}, "keystore": {"a.b_file": {"name": "mine", "key": "k"}}}
    template = release.objects(chart, told)["StatefulSet/release-elasticsearch"]["spec"]["template"]
    (init,) = template["spec"]["initContainers"]
    lines = init["args"][0].splitlines()
    assert [line.rpartition("elasticsearch-keystore ")[2] for line in lines[3:]] == [
        "create",
        "add-file a.b_file /run/secrets/keystore/a.b_file",
        "add --stdin bootstrap.password",
        "add --stdin s3.client.default.access_key",
        "add --stdin s3.client.default.secret_key",
    ]
    (volume,) = (one for one in template["spec"]["volumes"] if one["name"] == "keystore")
    sources = [one["secret"] for one in volume["projected"]["sources"]]
    assert [(one["name"], one["items"][0]["key"]) for one in sources] == [
        ("mine", "k"),
        ("elasticsearch-admin", "password"),
        ("minio", "access-key"),
        ("minio", "secret-key"),
    ]


class Recorder(BaseHTTPRequestHandler):
    """An HTTP server that takes what it is sent."""

    calls: ClassVar[dict[str, tuple[str, object]]] = {}

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.calls[self.path] = (self.headers["Authorization"], json.loads(body or b"null"))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    do_PUT = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


def test_users_get_a_role_of_their_own_and_any_password(chart: Path, tmp_path: Path) -> None:
    user = {"password": {"name": "a"}, "roles": ["viewer"], "indices": [{"names": ["a*"], "privileges": ["all"]}]}
    found = release.objects(chart, {"users": {"data.hub": user}})
    (job,) = (one for name, one in found.items() if name.startswith("Job/"))
    script = found["ConfigMap/release-elasticsearch-users"]["data"]["provision.sh"].replace("/tmp/", f"{tmp_path}/")
    (tmp_path / "provision.sh").write_text(script)
    secrets = {
        ("a", "password"): 'a"b\\c $d',
        ("elasticsearch-exporter", "password"): "of the exporter",
        ("elasticsearch-admin", "password"): 'of "the\\ admin',
    }
    with ThreadingHTTPServer(("127.0.0.1", 0), Recorder) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = release.run(
            release.containers(job["spec"]["template"])[0],
            secrets=secrets,
            folders={"/etc/provisioning": tmp_path},
            path=Path("/usr/bin"),
            instead={"ELASTICSEARCH_URL": f"http://127.0.0.1:{server.server_port}"},
        )
        server.shutdown()
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "users and roles are ready\n")
    admin = "Basic " + b64encode(b'elastic:of "the\\ admin').decode()
    assert Recorder.calls["/_security/role/data.hub"] == (admin, {"cluster": [], "indices": user["indices"]})
    assert Recorder.calls["/_security/user/data.hub"][1] == {"password": 'a"b\\c $d', "roles": ["data.hub", "viewer"]}
    watching = {"cluster": ["monitor"], "indices": [{"names": ["*"], "privileges": ["monitor"]}]}
    assert Recorder.calls["/_security/role/exporter"][1] == watching


def test_no_job_runs_where_there_is_nothing_to_make(chart: Path) -> None:
    found = release.objects(chart, {"metrics": {"enabled": False}})
    assert [name for name in found if name.startswith("Job/")] == []


REFUSED: dict[str, Mapping[str, Any]] = {
    "two nodes, of which neither may fail": {"replicaCount": 2},
    "several nodes without TLS": {"tls": {"type": "none"}},
    "a role that is none": {"roles": ["client"]},
    "a user without a password": {"users": {"a": {"roles": ["viewer"]}}},
    "a password in the values": {"users": {"a": {"password": "secret"}}},
    "a user with a path in its name": {"users": {"a/../b": {"password": {"name": "a"}}}},
    "a privilege with a quote": {"users": {"a": {"password": {"name": "a"}, "cluster": ["a'"]}}},
    "snapshots without a repository": {"backup": {"enabled": True}},
    "a repository without a bucket": {"backup": {"repository": {"type": "s3"}}},
    "a heap beside the derived one": {"extraEnvVars": [{"name": "ES_JAVA_OPTS", "value": "-Xmx1g"}]},
    "a secure setting with a blank": {"keystore": {"a b": {"name": "a", "key": "b"}}},
}


@pytest.mark.parametrize("told", REFUSED.values(), ids=REFUSED)
def test_plain_helm_and_the_types_refuse(chart: Path, told: dict[str, Any]) -> None:
    with pytest.raises(SchemaViolationError):
        helm.engine().validate(chart, told)
    with pytest.raises(ValidationError):
        Elasticsearch.model_validate(told)
