"""Objects that come to be on the cluster without a manifest of their own: an operator makes them.

Sources: the operators' API references (cert-manager Certificate, External Secrets, Sealed Secrets, CloudNativePG,
Strimzi, ECK), kubernetes `pkg/controller/statefulset` for the claims of a StatefulSet.
"""

from collections.abc import Callable, Iterator

from hmco_charts.objects.kubernetes import KubernetesObject, items, mapping, text
from hmco_charts.objects.replicas import count

_MOST_CLAIMS = 1000
Named = tuple[str, str]


def products(each: KubernetesObject) -> Iterator[Named]:
    """Kind and name of the objects that an operator makes from this one, in its namespace."""
    group = each.api_version.partition("/")[0]
    make = _PRODUCTS.get((group, each.kind))
    if make:
        yield from make(each)


def _certificate(each: KubernetesObject) -> Iterator[Named]:
    yield "Secret", text(each.at(("spec", "secretName")))


def _external_secret(each: KubernetesObject) -> Iterator[Named]:
    yield "Secret", text(each.at(("spec", "target", "name"))) or each.name


def _sealed_secret(each: KubernetesObject) -> Iterator[Named]:
    yield "Secret", text(each.at(("spec", "template", "metadata", "name"))) or each.name


def _cloud_native_pg(each: KubernetesObject) -> Iterator[Named]:
    for suffix in ("app", "superuser", "ca", "server", "replication"):
        yield "Secret", f"{each.name}-{suffix}"
    for suffix in ("rw", "ro", "r"):
        yield "Service", f"{each.name}-{suffix}"


def _kafka(each: KubernetesObject) -> Iterator[Named]:
    for suffix in ("cluster-ca-cert", "clients-ca-cert", "clients-ca"):
        yield "Secret", f"{each.name}-{suffix}"
    for suffix in ("kafka-bootstrap", "kafka-brokers"):
        yield "Service", f"{each.name}-{suffix}"


def _kafka_user(each: KubernetesObject) -> Iterator[Named]:
    yield "Secret", each.name


def _elasticsearch(each: KubernetesObject) -> Iterator[Named]:
    for suffix in ("es-elastic-user", "es-http-certs-public", "es-http-ca-internal", "es-internal-users"):
        yield "Secret", f"{each.name}-{suffix}"
    yield "Service", f"{each.name}-es-http"


def _stateful_set(each: KubernetesObject) -> Iterator[Named]:
    for template in items(each.at(("spec", "volumeClaimTemplates"))):
        claim = text(mapping(mapping(template).get("metadata")).get("name"))
        for ordinal in range(min(count(each.at(("spec", "replicas"))), _MOST_CLAIMS)):
            yield "PersistentVolumeClaim", f"{claim}-{each.name}-{ordinal}"


def _flink(each: KubernetesObject) -> Iterator[Named]:
    yield "Service", f"{each.name}-rest"


_PRODUCTS: dict[tuple[str, str], Callable[[KubernetesObject], Iterator[Named]]] = {
    ("cert-manager.io", "Certificate"): _certificate,
    ("external-secrets.io", "ExternalSecret"): _external_secret,
    ("bitnami.com", "SealedSecret"): _sealed_secret,
    ("postgresql.cnpg.io", "Cluster"): _cloud_native_pg,
    ("kafka.strimzi.io", "Kafka"): _kafka,
    ("kafka.strimzi.io", "KafkaUser"): _kafka_user,
    ("elasticsearch.k8s.elastic.co", "Elasticsearch"): _elasticsearch,
    ("flink.apache.org", "FlinkDeployment"): _flink,
    ("apps", "StatefulSet"): _stateful_set,
}
