"""What the chart's values make of its objects, and what they refuse."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hmco_charts import helm
from hmco_charts.helm import SchemaViolationError
from hmco_charts.values.datahub import CHART, Datahub
from tests.charts import release
from tests.charts.placed import Pod
from tests.charts.release import Manifest, containers, pod_templates
from tests.services.certificate import certificate
from tests.services.java import java

SCENARIO = CHART.templates / "ci/mysql-confluent-values.yaml"
PRIVATE = CHART.templates / "ci/private-authority-values.yaml"
SHARED = {
    "DATAHUB_SYSTEM_CLIENT_SECRET": {"gms", "frontend", "actions", "system-update", "later-update", "restore-indices"},
    "DATAHUB_TOKEN_SERVICE_SIGNING_KEY": {"gms", "system-update", "later-update", "restore-indices"},
    "DATAHUB_TOKEN_SERVICE_SALT": {"gms", "system-update", "later-update", "restore-indices"},
    "SECRET_SERVICE_ENCRYPTION_KEY": {"gms", "system-update", "later-update", "restore-indices"},
    "DATAHUB_SECRET": {"frontend"},
}
"""Who needs which of the shared values."""


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release.chart(tmp_path_factory.mktemp("chart"), "datahub", "ha")


def parts(found: dict[str, Manifest]) -> dict[str, Manifest]:
    """The containers with DataHub's images by name."""
    pods = (pod for _, pod in pod_templates(found))
    return {one["name"]: one for pod in pods for one in containers(pod) if "acryldata/" in one["image"]}


def variables(container: Manifest) -> dict[str, Any]:
    return {one["name"]: one.get("value", one.get("valueFrom")) for one in container["env"]}


def test_all_parts_have_one_tag_and_the_same_secrets(chart: Path) -> None:
    found = parts(release.objects(chart))
    assert {one["image"].rpartition(":")[2] for one in found.values()} == {"v1.7.0"}
    for name, wanted in SHARED.items():
        told = {part: variables(one)[name] for part, one in found.items() if name in variables(one)}
        assert set(told) == wanted, name
        assert len({str(one) for one in told.values()}) == 1, name
        assert all(one["secretKeyRef"]["name"] == "datahub" for one in told.values()), name
    assert {variables(one)["METADATA_SERVICE_AUTH_ENABLED"] for one in found.values()} == {"true"}


def test_the_jobs_and_gms_are_of_one_revision_and_wait_in_their_order(chart: Path) -> None:
    found = release.objects(chart)
    told = parts(found)
    assert {variables(told[part])["DATAHUB_REVISION"] for part in ("gms", "system-update", "later-update")} == {"1"}
    assert [told[part]["args"] for part in ("system-update", "later-update")] == [
        ["-u", "SystemUpdateBlocking"],
        ["-u", "SystemUpdateNonBlocking"],
    ]
    waits = {
        pod["metadata"]["labels"]["app.kubernetes.io/component"]: containers(pod)[0]["name"]
        for _, pod in pod_templates(found)
    }
    assert waits["system-update"] == waits["gms"] == "wait-for-database"
    assert waits["later-update"] == waits["actions"] == "wait-for-gms"
    assert [name for name, one in found.items() if "helm.sh/hook" in one["metadata"].get("annotations", {})] == [
        "Pod/release-datahub-test"
    ]


def test_kafka_s_properties_have_the_prefix_that_each_part_reads(chart: Path) -> None:
    found = parts(release.objects(chart, release.values(SCENARIO.read_text("utf-8"))))
    module = "org.apache.kafka.common.security.scram.ScramLoginModule"
    jaas = f'{module} required username="datahub" password="$(KAFKA_SASL_PASSWORD)";'
    for part, prefix in {"gms": "SPRING_KAFKA_PROPERTIES", "frontend": "KAFKA_PROPERTIES"}.items():
        told = variables(found[part])
        assert told[f"{prefix}_SASL_JAAS_CONFIG"] == jaas, part
        assert list(told).index("KAFKA_SASL_PASSWORD") < list(told).index(f"{prefix}_SASL_JAAS_CONFIG"), part
    actions = variables(found["actions"])
    assert actions["KAFKA_PROPERTIES_SASL_PASSWORD"] == {"secretKeyRef": {"name": "datahub-kafka", "key": "password"}}
    assert actions["SCHEMA_REGISTRY_URL"] == variables(found["gms"])["KAFKA_SCHEMAREGISTRY_URL"]


def test_driver_url_and_host_are_of_one_database(chart: Path) -> None:
    by_postgresql = variables(parts(release.objects(chart))["gms"])
    by_mysql = variables(parts(release.objects(chart, {"database": {"type": "mysql"}}))["gms"])
    keys = ("EBEAN_DATASOURCE_URL", "EBEAN_DATASOURCE_DRIVER", "EBEAN_DATASOURCE_HOST")
    assert [by_postgresql[key] for key in keys] == [
        (
            "jdbc:postgresql://postgresql.databases.svc:5432/datahub?sslmode=verify-full"
            "&sslrootcert=/etc/postgresql-ca/ca.crt"
        ),
        "org.postgresql.Driver",
        "postgresql.databases.svc:5432",
    ]
    assert [by_mysql[key] for key in keys] == [
        "jdbc:mysql://mysql:3306/datahub?sslMode=VERIFY_IDENTITY",
        "com.mysql.cj.jdbc.Driver",
        "mysql:3306",
    ]


def test_the_users_are_a_file_and_no_service_is_open_to_the_world(chart: Path) -> None:
    found = release.objects(chart)
    pod = found["Deployment/release-datahub-frontend"]["spec"]["template"]["spec"]
    mount = {
        "name": "users",
        "mountPath": "/datahub-frontend/conf/user.props",
        "subPath": "user.props",
        "readOnly": True,
    }
    assert mount in pod["containers"][0]["volumeMounts"]
    assert {one["spec"]["type"] for one in found.values() if one["kind"] == "Service"} == {"ClusterIP"}


def test_a_private_authority_is_told_to_each_part_as_it_reads_it(chart: Path) -> None:
    found = release.objects(chart, release.values(PRIVATE.read_text("utf-8")))
    told = {name: variables(one) for name, one in parts(found).items() if "env" in one}
    prefixes = {
        "gms": "SPRING_KAFKA_PROPERTIES",
        "frontend": "KAFKA_PROPERTIES",
        "system-update": "SPRING_KAFKA_PROPERTIES",
    }
    for part, prefix in prefixes.items():
        assert told[part][f"{prefix}_SSL_TRUSTSTORE_TYPE"] == "PEM", part
        assert told[part][f"{prefix}_SSL_TRUSTSTORE_LOCATION"] == "/etc/kafka-authority/ca.crt", part
        assert told[part]["JAVA_TOOL_OPTIONS"] == "-Djavax.net.ssl.trustStore=/java-trust/cacerts", part
    assert told["actions"]["KAFKA_PROPERTIES_SSL_CA_LOCATION"] == "/etc/kafka-authority/ca.crt"
    assert "JAVA_TOOL_OPTIONS" not in told["actions"]
    assert (told["gms"]["GRAPH_SERVICE_IMPL"], told["gms"]["NEO4J_URI"]) == ("neo4j", "bolt+s://neo4j:7687")


def trusting(chart: Path, folder: Path, authority: str) -> Pod:
    """The pod whose init container adds the authority to those that the JVM knows."""
    found = release.objects(chart, release.values(PRIVATE.read_text("utf-8")))
    template = found["Deployment/release-datahub-gms"]["spec"]["template"]
    secrets = {("datahub-tls", "ca.crt"): authority, ("postgresql-ca", "ca.crt"): authority}
    pod = Pod(found, template, folder, {}, Path(java()).parent, secrets)
    pod.place()
    return pod


def test_the_jvm_trusts_each_private_authority_and_all_that_it_knew(chart: Path, tmp_path: Path) -> None:
    made = [certificate(tmp_path).certificate.read_text() for _ in range(2)]
    pod = trusting(chart, tmp_path, "# The old one\n" + "# The new one\n".join(made))
    for _ in range(2):
        done = pod.run("trust")
        assert done.returncode == 0, done.stderr
    store = str(tmp_path / "java-trust" / "cacerts")
    words = [str(Path(java()).resolve().parent / "keytool"), "-list", "-rfc", "-keystore", store]
    listed = subprocess.run(words, input="\n", capture_output=True, text=True, check=True).stdout
    entries = {line.removeprefix("Alias name: ") for line in listed.splitlines() if line.startswith("Alias name: ")}
    ours = {f"{alias}-{number}" for alias in ("elasticsearch", "neo4j") for number in (1, 2)}
    assert ours < entries
    assert all("".join(one.split()) in "".join(listed.split()) for one in made)


def test_a_secret_without_an_authority_is_told(chart: Path, tmp_path: Path) -> None:
    done = trusting(chart, tmp_path, "no certificate\n").run("trust")
    assert done.returncode == 1
    assert "the Secret of the authority elasticsearch has no certificate in PEM" in done.stderr


def test_the_one_user_is_written_of_its_secret(chart: Path, tmp_path: Path) -> None:
    found = release.objects(chart, release.values(PRIVATE.read_text("utf-8")))
    template = found["Deployment/release-datahub-frontend"]["spec"]["template"]
    secrets = {
        ("datahub-admin", "password"): "a: b%s",
        ("datahub-users", "user.props"): "",
        ("datahub-tls", "ca.crt"): "",
    }
    pod = Pod(found, template, tmp_path, {}, Path("/bin"), secrets)
    pod.place()
    for _ in range(2):
        assert pod.run("users").returncode == 0
    assert (tmp_path / "users" / "user.props").read_text() == "datahub:a: b%s\n"


def test_the_indices_are_made_again_by_a_job_that_never_runs_by_itself(chart: Path) -> None:
    cron = release.objects(chart)["CronJob/release-datahub-restore-indices"]["spec"]
    (container,) = cron["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    assert (cron["suspend"], container["args"]) == (True, ["-u", "RestoreIndices", "-a", "batchSize=1000"])


REFUSED: dict[str, Mapping[str, Any]] = {
    "two GMS with consumers": {"gms": {"replicaCount": 2}},
    "Kafka's user without a password": {"kafka": {"securityProtocol": "SASL_SSL"}},
    "a secret of its own": {"frontend": {"extraEnvVars": [{"name": "DATAHUB_SECRET", "value": "YouKnowNothing"}]}},
    "no shared Secret": {"auth": {"existingSecret": ""}},
    "the users that everybody knows": {"auth": {"users": {"name": ""}}},
    "an Ingress without hosts": {"frontend": {"ingress": {"enabled": True}}},
    "a route without a Gateway": {"frontend": {"httpRoute": {"enabled": True}}},
    "a host with a scheme": {"elasticsearch": {"host": "http://elasticsearch"}},
}


@pytest.mark.parametrize("told", REFUSED.values(), ids=REFUSED)
def test_plain_helm_and_the_types_refuse(chart: Path, told: dict[str, Any]) -> None:
    with pytest.raises(SchemaViolationError):
        helm.engine().validate(chart, told)
    with pytest.raises(ValidationError):
        Datahub.model_validate(told)
