"""What the chart's values make of its objects, and what they refuse."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hmco_charts.formats import hocon
from hmco_charts.helm import SchemaViolationError
from hmco_charts.values.seatunnel import Seatunnel
from tests.charts import release
from tests.services.install import need

SOURCE = {
    "url": "jdbc:postgresql://db:5432/sales",
    "username": "reader",
    "password": {"name": "sales"},
    "query": "SELECT id FROM customers WHERE name = 'a'",
}
COPY = {"pipeline": {"source": {"type": "jdbc", "jdbc": SOURCE}}}
PASSWORD = 'p"a$s\\w${x}rd # with every sign'


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release.chart(tmp_path_factory.mktemp("chart"), "seatunnel", "ha")


def job(found: Mapping[str, release.Manifest]) -> release.Manifest:
    (one,) = (one for one in found.values() if one["kind"] == "Job")
    return one


def written(found: Mapping[str, release.Manifest], folder: Path) -> dict[str, Any]:
    """The settings of a job that copies, as its pod writes them when it starts."""
    need(lambda: shutil.which("envsubst"), "gettext-base")
    (folder / "copy.conf").write_text(found["ConfigMap/release-seatunnel-jobs"]["data"]["copy.conf"])
    writer = release.containers(job(found)["spec"]["template"])[1]
    words = [word.replace("/run/jobs/", f"{folder}/").replace("/jobs/", f"{folder}/") for word in writer["command"]]
    subprocess.run(words, env={"PATH": "/usr/bin:/bin", "SOURCE_PASSWORD": PASSWORD}, check=True)
    return {entry.key: entry.value for entry in hocon.read((folder / "job.conf").read_text()).entries}


def test_a_password_comes_into_the_file_of_a_job_when_its_pod_starts(chart: Path, tmp_path: Path) -> None:
    found = release.objects(chart, {"jobs": {"copy": COPY}})
    told = written(found, tmp_path)
    writer = release.containers(job(found)["spec"]["template"])[1]
    assert writer["env"][0]["valueFrom"] == {"secretKeyRef": {"name": "sales", "key": "password"}}
    assert told["password"] == PASSWORD
    assert (told["user"], told["query"]) == (SOURCE["username"], SOURCE["query"])
    assert (tmp_path / "job.conf").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("told", "url"),
    [
        ({}, "jdbc:postgresql://db:5432/sales?sslmode=verify-full&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory"),
        ({"tls": False, "port": 6432}, "jdbc:postgresql://db:6432/sales?sslmode=disable"),
        ({"driver": "com.mysql.cj.jdbc.Driver"}, "jdbc:mysql://db:3306/sales?sslMode=VERIFY_IDENTITY"),
        (
            {"driver": "com.mysql.cj.jdbc.Driver", "tls": False},
            "jdbc:mysql://db:3306/sales?sslMode=DISABLED&allowPublicKeyRetrieval=true",
        ),
        (
            {"url": "jdbc:clickhouse://db:8123/a", "driver": "com.clickhouse.Driver", "host": ""},
            "jdbc:clickhouse://db:8123/a",
        ),
    ],
)
def test_the_url_follows_from_the_host_where_none_is_told(chart: Path, told: dict[str, Any], url: str) -> None:
    source = {"host": "db", "database": "sales", "username": "s", "password": {"name": "p"}, "query": "SELECT 1"}
    jobs = {"copy": {"pipeline": {"source": {"type": "jdbc", "jdbc": {**source, **told}}}}}
    text = release.objects(chart, {"jobs": jobs})["ConfigMap/release-seatunnel-jobs"]["data"]["copy.conf"]
    assert {entry.key: entry.value for entry in hocon.read(text).entries}["url"] == url


def test_a_user_of_kafka_logs_in_with_the_password_of_the_secret(chart: Path) -> None:
    kafka = {"servers": ["kafka:9092"], "topic": "t", "securityProtocol": "SASL_SSL", "username": "me"}
    source = {**kafka, "fields": {"id": "bigint"}, "password": {"name": "me-kafka"}}
    found = release.objects(chart, {"jobs": {"read": {"pipeline": {"source": {"type": "kafka", "kafka": source}}}}})
    text = found["ConfigMap/release-seatunnel-jobs"]["data"]["read.conf"]
    told = {entry.key: entry.value for entry in hocon.read(text).entries}
    module = "org.apache.kafka.common.security.scram.ScramLoginModule"
    assert f'{module} required username="me" password="${{SOURCE_PASSWORD}}";' in told.values()
    writer = release.containers(job(found)["spec"]["template"])[1]
    assert writer["env"][0]["valueFrom"] == {"secretKeyRef": {"name": "me-kafka", "key": "password"}}


def test_a_password_of_kafka_stands_in_quotes_as_jaas_reads_them(chart: Path, tmp_path: Path) -> None:
    kafka = {"servers": ["kafka:9092"], "topic": "t", "securityProtocol": "SASL_SSL", "username": "me"}
    source = {**kafka, "fields": {"id": "bigint"}, "password": {"name": "me-kafka"}}
    found = release.objects(chart, {"jobs": {"copy": {"pipeline": {"source": {"type": "kafka", "kafka": source}}}}})
    (line,) = (each for each in written(found, tmp_path).values() if "ScramLoginModule" in str(each))
    (quoted,) = re.findall(r' password="((?:[^"\\]|\\.)*)";$', line)
    assert re.sub(r"\\(.)", r"\1", quoted) == PASSWORD


def test_all_jvms_trust_the_authority_of_the_servers(chart: Path) -> None:
    found = release.objects(chart, {"authority": {"name": "ca"}, "jobs": {"copy": COPY}})
    pods = dict(release.pod_templates(found))
    trusting = {"Deployment/release-seatunnel-jobmanager", "Deployment/release-seatunnel-taskmanager"}
    trusting |= {name for name in pods if name.startswith("Job/")}
    for name in trusting:
        pod = pods[name]["spec"]
        assert "trust" in [one["name"] for one in pod["initContainers"]], name
        variables = {one["name"]: one.get("value") for one in pod["containers"][0]["env"]}
        assert variables["JAVA_TOOL_OPTIONS"] == "-Djavax.net.ssl.trustStore=/java-trust/cacerts", name


def test_a_job_that_did_not_change_is_not_submitted_again(chart: Path) -> None:
    first = job(release.objects(chart, {"jobs": {"copy": COPY}}))
    again = job(release.objects(chart, {"jobs": {"copy": COPY}, "taskManager": {"replicaCount": 5}}))
    changed = job(release.objects(chart, {"jobs": {"copy": {**COPY, "parallelism": 2}}}))
    assert first["metadata"]["name"] == again["metadata"]["name"] != changed["metadata"]["name"]


def test_only_high_availability_reads_and_writes_config_maps(chart: Path) -> None:
    on = release.objects(chart)
    off = release.objects(chart, {"highAvailability": {"enabled": False}, "jobManager": {"replicaCount": 1}})
    for found, wanted in ((on, True), (off, False)):
        assert ("Role/release-seatunnel-ha" in found) is wanted
        pod = found["Deployment/release-seatunnel-jobmanager"]["spec"]["template"]["spec"]
        assert pod["automountServiceAccountToken"] is wanted


def test_keys_of_the_store_are_in_the_environment_and_not_in_the_configuration(chart: Path) -> None:
    found = release.objects(chart)
    assert "seatunnel-s3" not in found["ConfigMap/release-seatunnel-config"]["data"]["config.yaml"]
    pod = found["Deployment/release-seatunnel-taskmanager"]["spec"]["template"]["spec"]
    names = {one["name"] for one in pod["containers"][0]["env"]}
    assert {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} <= names


def test_the_operator_is_told_the_same_configuration_and_there_are_no_workloads(chart: Path) -> None:
    found = release.objects(chart, {"deployment": {"type": "flinkDeployment"}})
    assert [name for name in found if name.startswith("Deployment/")] == []
    spec = found["FlinkDeployment/release-seatunnel"]["spec"]
    assert spec["flinkConfiguration"]["high-availability.storageDir"] == "s3://seatunnel/state/ha"
    assert spec["taskManager"]["resource"] == {"cpu": 0.5, "memory": "2048m"}
    assert "replicas" not in spec["taskManager"]


REFUSED: dict[str, Mapping[str, Any]] = {
    "high availability without a place": {"highAvailability": {"enabled": True}, "storage": {"type": "none"}},
    "two job managers without it": {"highAvailability": {"enabled": False}, "jobManager": {"replicaCount": 2}},
    "state nowhere": {"storage": {"type": "s3", "s3": {"directory": ""}}},
    "a job without its file": {"jobs": {"a": {"type": "file"}}},
    "a query with quotes that end it": {
        "jobs": {"a": {"pipeline": {"source": {"type": "jdbc", "jdbc": {**SOURCE, "query": 'x""" }'}}}}}
    },
    "a URL with a password": {
        "jobs": {"a": {"pipeline": {"source": {"type": "jdbc", "jdbc": {**SOURCE, "url": "jdbc:x://u:pw@db/x"}}}}}
    },
    "a variable of the chart": {"taskManager": {"extraEnvVars": [{"name": "FLINK_PROPERTIES", "value": "a: b"}]}},
    "Flink 2 for the operator": {"deployment": {"flinkDeployment": {"flinkVersion": "v2_0"}}},
}


@pytest.mark.parametrize("told", REFUSED.values(), ids=REFUSED)
def test_what_would_not_work_is_refused(chart: Path, told: Mapping[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Seatunnel.model_validate(told)
    with pytest.raises(SchemaViolationError):
        release.objects(chart, told)
