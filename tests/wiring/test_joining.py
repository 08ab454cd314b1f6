"""Needs are joined with offers: both sides say the same of host, role, password, certificate and network."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hmco_charts.values import charts
from hmco_charts.values.elasticsearch_client import ElasticsearchUser
from hmco_charts.values.kafka_client import KafkaTopic, KafkaTopics
from hmco_charts.values.provision import Given, Wiring
from hmco_charts.values.zookeeper_client import ZookeeperRoot
from tests.wiring.platforms import ON_POSTGRESQL, platform, prepared, refusal, values, wired
from tests.wiring.test_groundwork import needs


def test_a_database_is_provisioned_for_whoever_needs_it(tmp_path: Path) -> None:
    found = prepared(tmp_path)
    server, client = values(found, "postgresql"), values(found, "vault")
    (database,) = server["databases"].items()
    name, told = database
    storage = client["storage"]["postgresql"]
    assert (name, told["owner"]["name"]) == (storage["database"], storage["username"]) == ("vault", "vault")
    assert storage["host"] == "postgresql.data-platform.svc"
    assert told["owner"]["password"] == storage["password"] == {"name": "vault-postgresql", "key": "password"}
    assert told["owner"]["connectionLimit"] >= storage["maxParallel"] * client["replicaCount"]
    assert server["configuration"]["maxConnections"] > told["owner"]["connectionLimit"]


def test_the_consumers_own_certificate_holds_the_authority_of_the_servers(tmp_path: Path) -> None:
    found = prepared(tmp_path)
    storage = values(found, "vault")["storage"]["postgresql"]
    issuers = {str(values(found, name)["tls"]["certManager"]["issuerRef"]) for name in ("postgresql", "vault")}
    assert (storage["sslMode"], storage["sslRootCert"]) == ("verify-full", {"name": "vault-tls", "key": "ca.crt"})
    assert issuers == {str({"name": "platform", "kind": "ClusterIssuer", "group": "cert-manager.io"})}


def test_network_policies_know_both_ends(tmp_path: Path) -> None:
    found = prepared(tmp_path)
    server, client = values(found, "postgresql")["networkPolicy"], values(found, "vault")["networkPolicy"]
    labels = {"app.kubernetes.io/name": "vault", "app.kubernetes.io/instance": "vault"}
    assert server["clients"] == {"vault": {"namespace": "vault-prod", "labels": labels}}
    assert client["servers"]["postgresql"] == {
        "namespace": "data-platform",
        "labels": {"app.kubernetes.io/name": "postgresql", "app.kubernetes.io/instance": "postgresql"},
    }
    assert not server["allowExternal"]
    assert not client["allowExternal"]


def test_a_generated_password_reaches_the_consumers_namespace(tmp_path: Path) -> None:
    found = prepared(tmp_path)
    generated = values(found, "postgresql")["generatedSecrets"]
    assert generated["vault-postgresql"]["namespaces"] == ["vault-prod"]
    assert sorted(generated) == ["postgresql-admin", "postgresql-exporter", "vault-postgresql"]
    assert values(found, "vault")["generatedSecrets"] == {}


def test_in_one_namespace_the_provider_alone_makes_the_secret(tmp_path: Path) -> None:
    found = prepared(tmp_path, systems={"postgresql": {}, "vault": {"values": ON_POSTGRESQL}})
    assert values(found, "postgresql")["generatedSecrets"]["vault-postgresql"]["namespaces"] == []


def test_a_store_gives_both_sides_the_same_entry(tmp_path: Path) -> None:
    store = {"storeRef": {"name": "team"}, "path": "teams/data"}
    found = prepared(tmp_path, secrets={"type": "externalSecrets", "externalSecrets": store})
    server, client = values(found, "postgresql")["externalSecrets"], values(found, "vault")["externalSecrets"]
    assert server["vault-postgresql"] == client["vault-postgresql"]
    assert client["vault-postgresql"]["data"]["password"] == {
        "key": "teams/data/vault-postgresql",
        "property": "password",
    }
    assert client["vault-postgresql"]["storeRef"] == {"name": "team", "kind": "ClusterSecretStore"}
    assert values(found, "postgresql")["generatedSecrets"] == {}


def test_what_cannot_be_random_comes_from_a_store_or_from_people() -> None:
    storage = {"type": "s3", "s3": {"directory": "s3://flink/state", "accessKey": {"name": "given-by-hand"}}}
    systems = {"flink": {"chart": "seatunnel", "values": {"storage": storage}}}
    store = {"type": "externalSecrets", "externalSecrets": {"storeRef": {"name": "team"}}}
    told = values(wired(systems=systems, secrets=store), "flink")
    data = told["externalSecrets"]["flink-s3"]["data"]
    assert data["secret-key"] == {"key": "platform/flink-s3", "property": "secret-key"}
    assert told["storage"]["s3"]["secretKey"]["name"] == "flink-s3"
    assert told["storage"]["s3"]["accessKey"]["name"] == "given-by-hand"
    assert values(wired(systems=systems), "flink")["generatedSecrets"] == {}


def test_monitoring_reaches_every_release_that_has_metrics(tmp_path: Path) -> None:
    operator = {"prometheus": {"namespace": "obs", "labels": {"app": "prom"}}, "labels": {"team": "data"}}
    found = prepared(tmp_path, monitoring={"type": "prometheusOperator", "prometheusOperator": operator})
    for name in ("postgresql", "vault"):
        told = values(found, name)
        assert told["metrics"]["serviceMonitor"]["labels"] == {"team": "data"}
        assert told["metrics"]["prometheusRule"]["enabled"]
        assert told["metrics"]["dashboards"]["enabled"]
        assert told["networkPolicy"]["clients"]["prometheus-operator"] == {
            "namespace": "obs",
            "labels": {"app": "prom"},
        }


def test_releases_stand_in_order_of_installation(tmp_path: Path) -> None:
    systems = {"a-vault": {"chart": "vault", "values": ON_POSTGRESQL}, "zz": {"chart": "postgresql"}}
    found = prepared(tmp_path, systems=systems)
    assert [(each.place.name, each.needs) for each in found.plan.releases] == [("zz", ()), ("a-vault", ("zz",))]
    assert values(found, "a-vault")["storage"]["postgresql"]["host"] == "zz.data-platform.svc"


def test_users_words_win_and_decide_what_is_needed(tmp_path: Path) -> None:
    own = {"storage": {"type": "postgresql", "postgresql": {"database": "safe", "maxParallel": 5}}}
    found = prepared(tmp_path, systems={"postgresql": {}, "vault": {"values": own}})
    assert list(values(found, "postgresql")["databases"]) == ["safe"]
    elsewhere = {"host": "db.example.com", "password": {"name": "mine"}}
    outside = {"storage": {"type": "postgresql", "postgresql": elsewhere}}
    found = prepared(tmp_path, systems={"vault": {"values": outside}})
    assert values(found, "vault")["storage"]["postgresql"]["host"] == "db.example.com"
    assert found.plan.releases[0].needs == ()


def test_a_password_of_ones_own_needs_a_host_of_ones_own(tmp_path: Path) -> None:
    half = {"storage": {"type": "postgresql", "postgresql": {"password": {"name": "mine"}}}}
    (told,) = refusal(tmp_path, systems={"postgresql": {}, "vault": {"values": half}})
    assert "vault: storage.postgresql.host must be set where storage.type is postgresql" in told


@pytest.mark.parametrize(("nodes", "mode"), [(1, "ReadWriteOnce"), (2, "ReadWriteMany")])
def test_a_volume_of_many_pods_is_for_as_many_nodes_as_there_are(nodes: int, mode: str) -> None:
    systems = {"dolphinscheduler": {}, "postgresql": {}, "zookeeper": {}}
    found = wired(systems=systems, cluster={"nodes": [{"cpu": 8, "memory": "16Gi", "count": nodes}]})
    store = values(found, "dolphinscheduler")["resourceStore"]
    assert (store["type"], store["volume"]["accessModes"]) == ("volume", [mode])


def test_what_no_connection_gives_is_left_to_the_chart(tmp_path: Path) -> None:
    found = wired(systems={"vault": {}, "lakefs": {"values": {"database": {"type": "local"}}}})
    assert "given-by-the-platform" not in str([each.values for each in found.releases])


def test_a_certificate_of_ones_own_tells_the_authority(tmp_path: Path) -> None:
    own = {"tls": {"type": "existingSecret", "existingSecret": {"name": "corp", "caKey": "root.crt"}}, **ON_POSTGRESQL}
    found = wired(systems={"postgresql": {}, "vault": {"values": own}})
    assert values(found, "vault")["storage"]["postgresql"]["sslRootCert"] == {"name": "corp", "key": "root.crt"}
    bare = {"tls": {"type": "none"}, **ON_POSTGRESQL}
    (told,) = refusal(tmp_path, systems={"postgresql": {}, "vault": {"values": bare}})
    assert "vault has no certificate, and so does not know who signed that of postgresql" in told


def test_two_systems_never_make_the_same_object(tmp_path: Path) -> None:
    (told,) = refusal(tmp_path, systems={"vault": {}, "vault-internal": {"chart": "vault"}})
    assert "several systems make the same object: Service/data-platform/vault-internal: vault, vault-internal" in told


def test_a_need_that_nobody_meets_is_refused_with_its_place(tmp_path: Path) -> None:
    (told,) = refusal(tmp_path, systems={"vault": {"values": ON_POSTGRESQL}})
    assert told.splitlines() == [
        "platform.yaml:11:3: vault needs postgresql (vault), which no system offers",
        "  Add a system of the chart postgresql, or tell its values of one elsewhere.",
    ]


def test_of_several_offers_one_must_be_named(tmp_path: Path) -> None:
    systems = {"one": {"chart": "postgresql"}, "two": {"chart": "postgresql"}, "vault": {"values": ON_POSTGRESQL}}
    (told,) = refusal(tmp_path, systems=systems)
    assert (
        "vault needs postgresql (vault), which one and two offer\n  Name one of them under systems.vault.uses." in told
    )
    systems["vault"] |= {"uses": ["two"]}
    assert (
        values(prepared(tmp_path, systems=systems), "vault")["storage"]["postgresql"]["host"] == "two.data-platform.svc"
    )


def test_two_consumers_never_share_a_database(tmp_path: Path) -> None:
    systems = {name: {"chart": "vault", "values": ON_POSTGRESQL} for name in ("red", "blue")}
    (told,) = refusal(tmp_path, systems={"postgresql": {}, **systems})
    assert "blue and red both want postgresql vault of postgresql" in told


def test_a_password_never_leaves_its_namespace_without_tls(tmp_path: Path) -> None:
    (told,) = refusal(tmp_path, certificates={"type": "none"})
    assert "what vault says to postgresql would leave its namespace without TLS" in told
    same = {"postgresql": {}, "vault": {"values": ON_POSTGRESQL}}
    plain = prepared(tmp_path, certificates={"type": "none"}, systems=same)
    assert values(plain, "vault")["storage"]["postgresql"]["sslMode"] == "disable"


EVENTS = {"databases": {"events": {"owner": {"password": {"name": "events"}}}}}


def test_what_is_optional_is_left_where_it_would_leave_its_namespace_without_tls() -> None:
    apart = {"grafana": {"namespace": "views"}, "prometheus": {"namespace": "monitoring"}}
    assert needs(wired(systems=apart), "grafana") == ()
    assert needs(wired(systems={"grafana": {}, "prometheus": {}}), "grafana") == ("prometheus",)


def test_a_job_logs_in_as_who_it_says() -> None:
    source = {"type": "jdbc", "jdbc": {"driver": "com.mysql.cj.jdbc.Driver", "database": "events", "username": "etl"}}
    source["jdbc"]["query"] = "SELECT 1"
    sink = {"type": "kafka", "kafka": {"topic": "orders", "username": "writer"}}
    jobs = {"copy": {"pipeline": {"source": source, "sink": sink}}}
    plan = wired(systems={"seatunnel": {"values": {"jobs": jobs}}, "mysql": {"values": EVENTS}, "kafka": {}})
    assert values(plan, "mysql")["databases"]["events"]["grants"].keys() == {"etl"}
    assert values(plan, "kafka")["users"].keys() == {"writer"}
    ends = values(plan, "seatunnel")["jobs"]["copy"]["pipeline"]
    assert (ends["source"]["jdbc"]["username"], ends["sink"]["kafka"]["username"]) == ("etl", "writer")


def test_an_authority_is_not_lost_to_a_server_without_tls() -> None:
    source = {"type": "kafka", "kafka": {"topic": "t", "fields": {"id": "bigint"}}}
    table = {"driver": "com.mysql.cj.jdbc.Driver", "database": "events", "table": "t"}
    jobs = {"copy": {"pipeline": {"source": source, "sink": {"type": "jdbc", "jdbc": table}}}}
    server = {"values": {**EVENTS, "tls": {"type": "none"}}}
    plain = {"mysql": server, "kafka": {}, "seatunnel": {"values": {"jobs": jobs}}}
    assert values(wired(systems=plain), "seatunnel")["authority"]["name"]


def test_without_certificates_only_development_is_possible(tmp_path: Path) -> None:
    (told,) = refusal(tmp_path, certificates={"type": "none"}, size="small", systems={"postgresql": {}})
    assert "postgresql is of size small, which needs certificates\n  Let certificates.type be certManager" in told


def test_every_fault_is_told_at_once_where_it_stands(tmp_path: Path) -> None:
    systems = {
        "postgres": {},
        "vault": {"values": {"replicaCont": 3, "fullnameOverride": "x"}},
        "safe": {"chart": "vualt"},
        "big": {"chart": "vault", "size": "ha"},
        "odd": {"chart": "vault", "values": {"replicaCount": "many"}},
    }
    told = refusal(tmp_path, systems=systems)
    assert [line.split("\n")[0].split(": ", 1) for line in told] == [
        ["platform.yaml:11:3", "there is no chart postgres"],
        ["platform.yaml:15:7", "fullnameOverride is settled by the platform"],
        ["platform.yaml:17:12", "there is no chart vualt"],
        ["platform.yaml:18:3", "big is of size ha, which needs 3 nodes; the cluster has 1"],
        ["platform.yaml:24:21", "odd: replicaCount must be a whole number; given a text"],
    ]
    (unknown,) = refusal(tmp_path, systems={"vault": {"values": {"replicaCont": 3}}})
    assert unknown == "platform.yaml:13:7: vault: unknown value replicaCont\n  did you mean 'replicaCount'?"
    assert "did you mean 'postgresql'?" in told[0]
    assert platform()["systems"]["postgresql"] is None


def test_lakefs_gets_its_database_and_keys_of_its_own(tmp_path: Path) -> None:
    found = prepared(tmp_path, systems={"postgresql": {}, "lakefs": {"namespace": "lake"}})
    told, server = values(found, "lakefs"), values(found, "postgresql")
    assert told["database"]["postgres"]["host"] == "postgresql.data-platform.svc"
    assert server["databases"]["lakefs"]["owner"]["password"]["name"] == "lakefs-postgresql"
    keys = {told[key]["key"]: told[key]["name"] for key in ("encryptionKey", "signingKey")}
    assert keys == {"encryption-key": "lakefs-keys", "signing-key": "lakefs-keys"}
    assert told["generatedSecrets"]["lakefs-keys"]["keys"] == {key: {"length": 32} for key in keys}


def test_a_catalog_reads_the_database_of_another_as_a_role_of_its_own(tmp_path: Path) -> None:
    lake = {"type": "postgresql", "postgresql": {"database": "lakefs"}}
    outside = {"type": "postgresql", "postgresql": {"host": "db.example.com", "database": "d", "username": "u"}}
    outside["postgresql"] |= {"password": {"name": "mine"}}
    query = {"namespace": "query", "values": {"catalogs": {"lake": lake, "twice": lake, "outside": outside}}}
    found = wired(systems={"postgresql": {}, "lakefs": {}, "trino": query})
    database = values(found, "postgresql")["databases"]["lakefs"]
    catalogs = values(found, "trino")["catalogs"]
    assert database["owner"]["name"] == "lakefs"
    assert database["grants"]["trino"]["privileges"] == "read"
    for name in ("lake", "twice"):
        told = catalogs[name]["postgresql"]
        assert (told["host"], told["username"]) == ("postgresql.data-platform.svc", "trino")
        assert (
            told["password"]
            == database["grants"]["trino"]["password"]
            == {"name": "trino-postgresql", "key": "password"}
        )
    assert catalogs["outside"]["postgresql"]["host"] == "db.example.com"
    assert values(found, "trino")["generatedSecrets"]["trino-internal"]["keys"] == {"shared-secret": {"length": 64}}


def test_topics_and_users_are_made_for_whoever_needs_them(monkeypatch: pytest.MonkeyPatch) -> None:
    topics = (KafkaTopic(name="orders", partitions=6), KafkaTopic(name="state", cleanup_policy="compact"))
    wanted = Wiring(needs=lambda _: (KafkaTopics(name="shop", topics=topics),), values=_as_annotation)
    _known(monkeypatch, _shop("zookeeper", wanted))
    kafka = values(wired(systems={"kafka": {}, "shop": {"namespace": "web"}}), "kafka")
    assert kafka["users"] == {"shop": {"password": {"name": "shop-kafka", "key": "password"}}}
    assert kafka["topics"]["orders"]["partitions"] == 6
    assert kafka["topics"]["state"]["cleanupPolicy"] == "compact"
    assert kafka["listeners"]["client"]["protocol"] == "SASL_SSL"
    assert kafka["generatedSecrets"]["shop-kafka"]["namespaces"] == ["web"]
    assert kafka["networkPolicy"]["clients"]["shop"]["namespace"] == "web"
    plain = wired(systems={"kafka": {}, "shop": {}}, certificates={"type": "none"})
    assert values(plain, "kafka")["users"] == {}
    assert set(values(plain, "kafka")["topics"]) == {"orders", "state"}


def test_users_of_elasticsearch_may_do_what_they_need(monkeypatch: pytest.MonkeyPatch) -> None:
    need = ElasticsearchUser(name="shop", indices=("orders-*",), privileges=("read",), cluster=("monitor",))
    _known(monkeypatch, _shop("zookeeper", Wiring(needs=lambda _: (need,), values=_as_annotation)))
    found = wired(systems={"elasticsearch": {}, "shop": {}})
    assert values(found, "elasticsearch")["users"]["shop"] == {
        "password": {"name": "shop-elasticsearch", "key": "password"},
        "roles": [],
        "cluster": ["monitor"],
        "indices": [{"names": ["orders-*"], "privileges": ["read"]}],
    }


def test_where_nobody_logs_in_no_secret_is_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = Wiring(needs=lambda _: (ZookeeperRoot(name="shop"),), values=_as_annotation)
    _known(monkeypatch, _shop("lakefs", wanted))
    found = wired(systems={"zookeeper": {}, "shop": {"values": {"database": {"type": "local"}}}})
    assert values(found, "shop")["commonAnnotations"] == {"told": "zookeeper.data-platform.svc:2281 shop-tls "}
    assert values(found, "zookeeper")["generatedSecrets"] == {}


def _as_annotation(_: Any, given: Given) -> dict[str, Any]:
    (each,) = given.connections
    return {"commonAnnotations": {"told": f"{each.host}:{each.offer.port} {each.authority.name} {each.secret}"}}


def _shop(like: str, wiring: Wiring[Any]) -> Any:
    """A chart with the values of another, which takes part in a platform by itself."""
    other = charts()[like]
    return replace(other, name="shop", wiring=wiring, folder=other.templates)


def _known(monkeypatch: pytest.MonkeyPatch, kind: Any) -> None:
    known = {**charts(), kind.name: kind}
    monkeypatch.setattr("hmco_charts.wiring.system.charts", lambda: known)


def test_ports_of_nodes_are_given_in_the_order_of_the_file(tmp_path: Path) -> None:
    outside = {"chart": "kafka", "values": {"listeners": {"external": {"type": "nodePort"}}}}
    systems = {"zoo": outside, "ape": outside, "inner": {"chart": "kafka"}}
    cluster = {"nodes": [{"cpu": 9, "memory": "9Gi"}], "firstNodePort": 30500}
    found = prepared(tmp_path, systems=systems, cluster=cluster, certificates={"type": "none"})
    firsts = {name: values(found, name)["listeners"]["external"]["nodePort"]["first"] for name in systems}
    assert (firsts["zoo"], firsts["ape"]) == (30500, 30501)
    fixed = {"listeners": {"external": {"type": "nodePort", "nodePort": {"first": 30500}}}}
    systems["ape"] = {"chart": "kafka", "values": fixed}
    (told,) = refusal(tmp_path, systems=systems, cluster=cluster, certificates={"type": "none"})
    assert "node port 30500/TCP: Service/ape-external-0, Service/zoo-external-0" in told


APART = {"grafana": {"namespace": "graphs"}, "prometheus": {"namespace": "metrics"}}
UNSAFE = "what grafana says to prometheus would leave its namespace without TLS"


def test_what_is_left_out_because_it_would_be_overheard_is_told() -> None:
    found = wired(systems=APART)
    assert values(found, "grafana")["datasources"] == {}
    assert [note for note in found.notes if " prometheus of " in note] == [
        f"grafana does without prometheus of prometheus: {UNSAFE}. Put both into one namespace."
    ]
    assert wired(systems={"grafana": {}, "prometheus": {}}).notes == ()


def test_what_would_be_overheard_and_is_asked_for_by_name_is_refused(tmp_path: Path) -> None:
    asking = {**APART, "grafana": {"namespace": "graphs", "uses": ["prometheus"]}}
    assert refusal(tmp_path, systems=asking) == [f"platform.yaml:11:3: {UNSAFE}\n  Put both into one namespace."]
