"""Both ends of every connection say the same, in values and in what Helm makes of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from hmco_charts.values import charts
from hmco_charts.values.provision import Offer
from hmco_charts.wiring import Prepared
from hmco_charts.wiring.joining import Link, links
from hmco_charts.wiring.plan import members
from tests.wiring.platforms import ON_POSTGRESQL, prepared, values

Manifest = dict[str, Any]

JOBS = {
    "copy": {
        "pipeline": {
            "source": {"type": "jdbc", "jdbc": {"database": "lakefs", "query": "SELECT 1"}},
            "sink": {"type": "kafka", "kafka": {"topic": "orders"}},
        }
    },
    "keep": {
        "pipeline": {
            "source": {"type": "kafka", "kafka": {"topic": "orders", "fields": {"id": "bigint"}}},
            "sink": {
                "type": "jdbc",
                "jdbc": {"driver": "com.mysql.cj.jdbc.Driver", "database": "datahub", "table": "orders"},
            },
        }
    },
    "load": {
        "pipeline": {
            "sink": {
                "type": "jdbc",
                "jdbc": {"driver": "com.mysql.cj.jdbc.Driver", "port": 9030, "database": "olap", "table": "orders"},
            },
        }
    },
}
CATALOGS = {
    "lake": {"type": "postgresql", "postgresql": {"database": "lakefs"}},
    "tables": {"type": "icebergJdbc", "icebergJdbc": {"database": "iceberg", "warehouse": "s3://platform/tables"}},
    "shop": {"type": "mysql"},
    "olap": {"type": "mysql", "mysql": {"port": 9030}},
    "events": {"type": "kafka", "kafka": {"tableNames": ["default.orders"]}},
    "search": {"type": "elasticsearch"},
}
DATAHUB = {"database": {"type": "mysql"}, "graph": {"type": "neo4j"}, "schemaRegistry": {"type": "confluent"}}
SYSTEMS: Mapping[str, Any] = {
    "datahub": {"values": DATAHUB},
    "dolphinscheduler": {},
    "doris": {},
    "elasticsearch": {},
    "grafana": {"values": {"database": {"type": "postgres"}}},
    "kafka": {},
    "lakefs": {},
    "loki": {},
    "mysql": {},
    "neo4j": {},
    "postgresql": {},
    "prometheus": {},
    "promtail": {},
    "redis": {},
    "schema-registry": {},
    "seatunnel": {"values": {"jobs": JOBS}},
    "trino": {"values": {"catalogs": CATALOGS}},
    "vault": {"namespace": "vault-prod", "values": ON_POSTGRESQL},
    "zookeeper": {},
}
PAIRS = {
    ("datahub", "elasticsearch"),
    ("datahub", "kafka"),
    ("datahub", "mysql"),
    ("datahub", "neo4j"),
    ("datahub", "schema-registry"),
    ("dolphinscheduler", "postgresql"),
    ("dolphinscheduler", "zookeeper"),
    ("grafana", "loki"),
    ("grafana", "postgresql"),
    ("grafana", "prometheus"),
    ("lakefs", "postgresql"),
    ("promtail", "loki"),
    ("schema-registry", "kafka"),
    ("seatunnel", "doris"),
    ("seatunnel", "kafka"),
    ("seatunnel", "mysql"),
    ("seatunnel", "postgresql"),
    ("trino", "doris"),
    ("trino", "elasticsearch"),
    ("trino", "kafka"),
    ("trino", "mysql"),
    ("trino", "postgresql"),
    ("vault", "postgresql"),
}
CLUSTER = {"nodes": [{"cpu": 64, "memory": "256Gi"}]}


@dataclass(frozen=True)
class Wired:
    """A platform in which everybody uses whom he can."""

    found: Prepared
    links: list[Link]

    def objects(self, system: str, kind: str) -> Iterator[Manifest]:
        for each in self.found.survey.release.objects:
            if each.kind == kind and each.metadata.get("labels", {}).get("app.kubernetes.io/instance") == system:
                yield each.manifest

    def between(self, consumer: str, provider: str) -> list[Link]:
        return [
            each for each in self.links if (each.consumer.place.name, each.provider.place.name) == (consumer, provider)
        ]


@pytest.fixture(scope="module")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Wired:
    found = prepared(tmp_path_factory.mktemp("platform"), systems=SYSTEMS, cluster=CLUSTER)
    return Wired(found, links(members(found.plan.platform)))


def test_every_pair_is_tried(wired: Wired) -> None:
    found = {
        is_of_all: {
            (each.consumer.place.name, each.provider.place.name)
            for each in wired.links
            if each.need.is_of_all == is_of_all
        }
        for is_of_all in (False, True)
    }
    scraped = SYSTEMS.keys() - {"kafka", "neo4j", "prometheus", "schema-registry"}  # which serve no metrics as they are
    assert found == {False: PAIRS, True: {("prometheus", name) for name in scraped}}


def test_every_kind_of_offer_is_taken_but_redis_which_no_chart_asks_for(wired: Wired) -> None:
    offered = {
        type(offer)
        for kind in charts().values()
        for offer in kind.wiring.offers(kind.model())
        if isinstance(offer, Offer)
    }
    taken = {type(each.offer) for each in wired.links}
    assert {each.__name__ for each in offered - taken} == {"RedisServer"}


def texts(value: Any) -> Iterator[str]:
    """Every text in values."""
    if isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, str | int):
        yield str(value)


@pytest.mark.parametrize(("consumer", "provider"), sorted(PAIRS), ids="-".join)
def test_the_host_is_a_service_that_has_the_port(wired: Wired, consumer: str, provider: str) -> None:
    told = " ".join(texts(values(wired.found, consumer)))
    for link in wired.between(consumer, provider):
        host = link.provider.place.host(link.offer.service)
        assert host in told
        (service,) = (
            one for one in wired.objects(provider, "Service") if one["metadata"]["name"] == host.split(".")[0]
        )
        assert service["metadata"]["namespace"] == host.split(".")[1]
        assert link.offer.port in {port["port"] for port in service["spec"]["ports"]}


@pytest.mark.parametrize(("consumer", "provider"), sorted(PAIRS), ids="-".join)
def test_both_name_the_same_secret_and_somebody_makes_it(wired: Wired, consumer: str, provider: str) -> None:
    for link in wired.between(consumer, provider):
        if not link.need.keys:
            assert link.secret == ""
            continue
        asked = {name: list(references(values(wired.found, name), link.secret)) for name in (consumer, provider)}
        assert asked[consumer], consumer
        assert asked[provider], provider
        assert {key for keys in asked.values() for key in keys} == set(link.need.keys)
        made = values(wired.found, provider)["generatedSecrets"][link.secret]
        assert list(made["keys"]) == list(link.need.keys)
        assert made["namespaces"] == ([link.consumer.place.namespace] if link.crosses else [])


def references(value: Any, secret: str) -> Iterator[str]:
    """Keys by which values refer to a Secret."""
    if isinstance(value, dict):
        if value.get("name") == secret and "key" in value:
            yield value["key"]
        for each in value.values():
            yield from references(each, secret)
    if isinstance(value, list):
        for each in value:
            yield from references(each, secret)


@pytest.mark.parametrize(("consumer", "provider"), sorted(PAIRS), ids="-".join)
def test_the_servers_policy_admits_the_consumer_on_the_port(wired: Wired, consumer: str, provider: str) -> None:
    labels = {"app.kubernetes.io/name": consumer, "app.kubernetes.io/instance": consumer}
    for link in wired.between(consumer, provider):
        peer = {"podSelector": {"matchLabels": labels}}
        space = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": link.consumer.place.namespace}}}
        admitted = [
            port["port"]
            for policy in wired.objects(provider, "NetworkPolicy")
            for rule in policy["spec"].get("ingress", [])
            if {**peer, **space} in rule.get("from", [])
            for port in rule["ports"]
        ]
        assert link.offer.port in admitted, (link.offer.port, admitted)


@pytest.mark.parametrize(("consumer", "provider"), sorted(PAIRS), ids="-".join)
def test_the_consumers_policy_lets_it_out_to_the_server(wired: Wired, consumer: str, provider: str) -> None:
    labels = {"app.kubernetes.io/name": provider, "app.kubernetes.io/instance": provider}
    for link in wired.between(consumer, provider):
        policies = list(wired.objects(consumer, "NetworkPolicy"))
        assert any(lets_out(policy, link.offer.port, labels) for policy in policies)


def lets_out(policy: Manifest, port: int, labels: Mapping[str, str]) -> bool:
    for rule in policy["spec"].get("egress", []):
        ports = {each["port"] for each in rule.get("ports", [])}
        peers = [each.get("podSelector", {}).get("matchLabels", {}) for each in rule.get("to", [{}])]
        if (not ports or port in ports) and any(each.items() <= labels.items() for each in peers):
            return True
    return False


@pytest.mark.parametrize(("consumer", "provider"), sorted(PAIRS), ids="-".join)
def test_the_certificate_is_for_the_host_and_its_authority_is_the_consumers_own(
    wired: Wired, consumer: str, provider: str
) -> None:
    for link in wired.between(consumer, provider):
        certificates = {
            one["spec"]["secretName"]: one["spec"]
            for name in (consumer, provider)
            for one in wired.objects(name, "Certificate")
        }
        if not link.authority.name:
            assert provider in {"doris", "loki", "prometheus", "schema-registry"}
            continue
        host = link.provider.place.host(link.offer.service)
        assert host in certificates[f"{provider}-tls"]["dnsNames"]
        assert link.authority.name == f"{consumer}-tls"
        assert certificates[f"{consumer}-tls"]["issuerRef"] == certificates[f"{provider}-tls"]["issuerRef"]
        mounted = {
            secret
            for pod in wired.found.survey.release.pods
            if pod.object.metadata["labels"]["app.kubernetes.io/instance"] == consumer
            for volume in pod.volumes
            if (secret := volume.get("secret", {}).get("secretName"))
        }
        assert link.authority.name in mounted


def test_databases_and_users_are_those_that_consumers_name(wired: Wired) -> None:
    def of(system: str) -> Any:
        return values(wired.found, system)

    postgresql, mysql = of("postgresql")["databases"], of("mysql")["databases"]
    owners = {name: told["owner"]["name"] for name, told in postgresql.items()}
    assert owners == {
        "dolphinscheduler": of("dolphinscheduler")["database"]["username"],
        "grafana": of("grafana")["database"]["postgres"]["username"],
        "iceberg": of("trino")["catalogs"]["tables"]["icebergJdbc"]["username"],
        "lakefs": of("lakefs")["database"]["postgres"]["username"],
        "vault": of("vault")["storage"]["postgresql"]["username"],
    }
    assert {name: told["privileges"] for name, told in postgresql["lakefs"]["grants"].items()} == {
        "seatunnel": "read",
        "trino": "read",
    }
    assert mysql["datahub"]["owner"]["name"] == of("datahub")["database"]["mysql"]["username"]
    assert {name: told["privileges"] for name, told in mysql["datahub"]["grants"].items()} == {
        "seatunnel": "write",
        "trino": "read",
    }
    doris = {name: told["databases"] for name, told in of("doris")["users"].items()}
    assert doris == {"seatunnel": {"olap": "write"}, "trino": {"*": "read"}}
    assert set(of("kafka")["users"]) == {"datahub", "schema-registry", "seatunnel", "trino"}
    assert of("kafka")["users"].keys() >= {of("datahub")["kafka"]["sasl"]["username"]}
    search = of("elasticsearch")["users"]
    assert search["datahub"]["indices"] == [{"names": ["datahub*"], "privileges": ["all"]}]
    assert of("datahub")["elasticsearch"]["indexPrefix"] == "datahub"
    assert search["trino"]["indices"] == [{"names": ["*"], "privileges": ["read", "view_index_metadata"]}]


def test_topics_and_what_brokers_take_are_those_that_consumers_need(wired: Wired) -> None:
    kafka = values(wired.found, "kafka")
    assert set(kafka["topics"]) == {"DataHubUpgradeHistory_v1", "_schemas", "orders"}
    assert kafka["topics"]["_schemas"]["cleanupPolicy"] == "compact"
    assert kafka["topics"]["DataHubUpgradeHistory_v1"]["retentionMs"] == -1
    assert kafka["config"]["messageMaxBytes"] == 5_242_880
    assert kafka["backup"]["records"] == ["_schemas"]
    assert values(wired.found, "datahub")["kafka"]["topics"]["replicationFactor"] == kafka["replicaCount"]
    assert values(wired.found, "schema-registry")["kafka"]["replicationFactor"] == kafka["replicaCount"]


def test_each_server_promises_all_connections_that_consumers_open(wired: Wired) -> None:
    for system in ("postgresql", "mysql"):
        told = values(wired.found, system)
        limits = [each["owner"]["connectionLimit"] for each in told["databases"].values()]
        assert min(limits) > 0
        assert told["configuration"]["maxConnections"] > sum(limits)
    datahub = values(wired.found, "datahub")["database"]["maxConnections"]
    assert values(wired.found, "mysql")["databases"]["datahub"]["owner"]["connectionLimit"] > 3 * datahub


def test_each_is_installed_after_those_that_it_needs(wired: Wired) -> None:
    order = [each.place.name for each in wired.found.plan.releases]
    assert [pair for pair in PAIRS if order.index(pair[0]) < order.index(pair[1])] == []
    needs = {(each.place.name, name) for each in wired.found.plan.releases for name in each.needs}
    assert needs == PAIRS


_TRUSTING = ("lake", "events", "search")
APART: Mapping[str, Any] = {
    "datahub": {"namespace": "catalog", "values": {"graph": {"type": "neo4j"}}},
    "dolphinscheduler": {"namespace": "flows"},
    "elasticsearch": {},
    "grafana": {"namespace": "monitoring", "values": {"database": {"type": "postgres"}}},
    "kafka": {},
    "lakefs": {"namespace": "lake"},
    "mysql": {},
    "neo4j": {},
    "postgresql": {},
    "schema-registry": {"namespace": "streams"},
    "seatunnel": {"namespace": "flows", "values": {"jobs": {"copy": JOBS["copy"]}}},
    "trino": {
        "namespace": "query",
        "values": {"catalogs": {name: CATALOGS[name] for name in ("lake", "events", "search")}},
    },
    "vault": {"namespace": "vault-prod", "values": ON_POSTGRESQL},
    "zookeeper": {},
}
STORE = {"type": "externalSecrets", "externalSecrets": {"storeRef": {"name": "team"}, "path": "team"}}


@pytest.fixture(scope="module", params=["generated", "externalSecrets"])
def apart(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Wired:
    secrets = STORE if request.param == "externalSecrets" else {"type": "generated"}
    folder = tmp_path_factory.mktemp("apart")
    found = prepared(folder, systems=APART, cluster=CLUSTER, secrets=secrets)
    return Wired(found, links(members(found.plan.platform)))


def test_a_secret_reaches_both_namespaces(apart: Wired) -> None:
    crossing = [each for each in apart.links if each.crosses and each.secret]
    assert len(crossing) > 10
    for link in crossing:
        ends = [values(apart.found, member.place.name) for member in (link.provider, link.consumer)]
        stored = [each["externalSecrets"].get(link.secret) for each in ends]
        generated = [each["generatedSecrets"].get(link.secret) for each in ends]
        if apart.found.plan.platform.secrets.type == "externalSecrets":
            assert stored[0] == stored[1]
            assert stored[0]["data"]["password"]["key"] == f"team/{link.secret}"
            assert generated == [None, None]
        else:
            assert generated[0]["namespaces"] == [link.consumer.place.namespace]
            assert [generated[1], *stored] == [None, None, None]


def test_policies_name_the_other_namespace(apart: Wired) -> None:
    for link in (each for each in apart.links if each.crosses):
        clients = values(apart.found, link.provider.place.name)["networkPolicy"]["clients"]
        assert clients[link.consumer.place.name]["namespace"] == link.consumer.place.namespace
        servers = values(apart.found, link.consumer.place.name)["networkPolicy"].get("servers", {})
        told = {each["namespace"] for each in servers.values() if each["namespace"]}
        assert told <= {"data-platform"}
